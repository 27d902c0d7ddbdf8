"""The three who do the same work: fatesync, Docker Compose, and the bare calls."""
import copy
import json
import os
import signal
import subprocess
import time

import engine as engines
from engine import Connection
from recorder import Recorder
from state import State


class Contestant:
    """Works on parties of its own. `apply` brings live state to the desired one and answers its exit code."""

    def __init__(self, name, engine, folder, rank, program):
        self.name, self.engine, self.program = name, engine, program
        self.folder = f"{folder}/{name}"
        os.makedirs(self.folder)
        self.state = State(self.folder, rank)
        self.projects = self.state.projects
        self.recorder = Recorder(f"{self.folder}/proxy.sock", engine.socket)
        self.is_recorded = False

    @property
    def endpoint(self):
        return f"unix://{self.folder}/proxy.sock" if self.is_recorded else self.engine.endpoint

    def mutating_calls(self):
        """How many mutating calls went through the proxy so far."""
        return self.recorder.mutating()

    def first_call(self, before):
        """When the first mutating call came after as many, in nanoseconds since 1970."""
        return self.recorder.times()[before]

    def prepare(self):
        """Takes a changed desired state in, before the clock runs."""
        self.state.push()

    def apply(self):
        raise NotImplementedError

    def deploy(self):
        if self.apply() != 0:
            raise RuntimeError(f"{self.name} cannot deploy; see {self.folder}/log")

    def restore(self, service):
        """Makes the first party's service what the desired state says, also where `apply` does not look."""
        self.apply()

    def close(self):
        self.recorder.close()


class Fatesync(Contestant):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.configuration = f"{self.folder}/fatesync.yaml"
        with open(self.configuration, "w") as file:
            file.write(f"repository: {self.folder}/state.git\nhost: bench{self.state.rank}\nstate-dir: {self.folder}/var\n"
                       f"data-dir: {self.folder}/parties\ninterval: 1h\n")

    def apply(self):
        command = [self.program, "sync", "-q", "--config", self.configuration, "--docker", self.endpoint]
        with open(f"{self.folder}/log", "a") as log:
            return subprocess.run(command, stdout=log, stderr=log).returncode

    def passes(self, count):
        """Milliseconds of passes of the daemon that find nothing to do."""
        with open(f"{self.folder}/log", "a") as log:
            watcher = subprocess.Popen([self.program, "run", "--config", self.configuration, "--docker", self.endpoint],
                                       stdout=log, stderr=log)
        try:
            seen, times = self._next(watcher.pid, 0), []
            for _ in range(count):
                watcher.send_signal(signal.SIGHUP)
                seen = self._next(watcher.pid, seen["pass"])
                times.append(seen["milliseconds"] / 1000)
                yield times[-1]
        finally:
            watcher.terminate()
            watcher.wait()

    def _next(self, pid, number):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            time.sleep(0.02)
            try:
                with open(f"{self.folder}/var/status.json") as file:
                    status = json.load(file)
            except OSError:
                continue
            if status.get("watcher") == pid and status["pass"] > number:
                return status
        raise RuntimeError("the watcher makes no pass")


class Compose(Contestant):
    """One `docker compose up -d` per party, both at once; a cold deploy also one after the other."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        root = subprocess.run([f"{engines.SUPPORT}/next-release", "docker-compose"], check=True, text=True,
                              stdout=subprocess.PIPE).stdout.strip()
        # Without the wrapper script, whose own start would count.
        self.plugin = f"{root}/usr/libexec/docker/cli-plugins/docker-compose"

    def prepare(self):
        super().prepare()
        for party in self.state.parties:
            output = f"{self.folder}/{party}"
            subprocess.run([self.program, "render", party, "--state", f"{self.folder}/state", "--output", output, "-q",
                            "--data-dir", f"{self.folder}/parties"], check=True)
            with open(f"{output}/resources.json") as file:
                resources = json.load(file)
            for directory in resources["directories"]:
                os.makedirs(directory["path"], exist_ok=True)
            for file in resources["files"]:
                os.makedirs(os.path.dirname(file["path"]), exist_ok=True)
                with open(file["path"], "w") as target:
                    target.write(file["content"])
            with open(f"{output}/override.yaml", "w") as file:
                services = self.state.overrides if party == self.state.parties[0] else {}
                json.dump({"services": services}, file)

    def apply(self):
        commands = [self.up(party) for party in self.state.parties]
        return max(command.wait() for command in commands)

    def deploy_in_turn(self):
        """As somebody types it: the second party when the first is up."""
        for party in self.state.parties:
            if self.up(party).wait() != 0:
                raise RuntimeError(f"{self.name} cannot deploy; see {self.folder}/log")

    def up(self, party, *words):
        blueprint = f"{self.folder}/state/blueprints/fate-1.5.1/compose.yaml"
        command = [self.plugin, "--progress", "quiet", "--env-file", f"{self.folder}/{party}/.env", "-f", blueprint,
                   "-f", f"{self.folder}/{party}/override.yaml", "up", "-d", *words]
        with open(f"{self.folder}/log", "a") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "DOCKER_HOST": self.endpoint})

    def restore(self, service):
        self.prepare()
        self.up(self.state.parties[0], "--force-recreate", service).wait()


class Floor(Fatesync):
    """The calls that the work cannot do without, sent by a client that does nothing else.

    fatesync deploys its parties once, through the proxy, so that the floor sends the very same bodies.
    """

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.count = 0
        self.networks, self.volumes, self.creates = [], [], {}

    def learn(self):
        """Deploys by fatesync and takes over what it sent."""
        self.is_recorded = True
        if super().apply() != 0:
            raise RuntimeError(f"fatesync cannot deploy; see {self.folder}/log")
        for _, path, body, _ in self.recorder.requests:
            _, _, route = path.removeprefix("/v").partition("/")
            if route == "networks/create":
                self.networks.append(body)
            elif route == "volumes/create":
                self.volumes.append(body)
            elif route.startswith("containers/create?name="):
                self.creates[route.partition("=")[2]] = body
        if len(self.creates) != 14:
            raise RuntimeError(f"{len(self.creates)} containers were created, not 14")

    def mutating_calls(self):
        return self.count

    def first_call(self, before):
        return self.began

    def apply(self):
        """Reads, and does nothing."""
        connection = Connection(self.engine.socket)
        _, content = connection.call("GET", "/v1.41/containers/json?all=1")
        for container in json.loads(content):
            if container["Labels"].get("com.docker.compose.project") in self.projects:
                connection.call("GET", f"/v1.41/containers/{container['Id']}/json")
        connection.close()
        return 0

    def mutate(self, method, path, body=None):
        self.count += 1
        return self.engine.call(method, f"/v1.41/{path}", body)

    def together(self, calls):
        self.count += len(calls)
        return self.engine.together([(method, f"/v1.41/{path}", body) for method, path, body in calls])

    def deploy(self):
        self.began = time.time_ns()
        self.together([("POST", "networks/create", body) for body in self.networks]
                      + [("POST", "volumes/create", body) for body in self.volumes])
        created = self.together([("POST", f"containers/create?name={name}", body)
                                 for name, body in self.creates.items()])
        self.together([("POST", f"containers/{answer['Id']}/start", None) for answer in created])

    def restore(self, service):
        """The floor has done all there is."""

    def container(self, service):
        return self.engine.containers(self.projects)[0, service]

    def create(self, name, temporary, change):
        body = copy.deepcopy(self.creates[name])
        change(body)
        return self.mutate("POST", f"containers/create?name={temporary}", body)["Id"]

    def recreate(self, old, change):
        """Everything that takes time comes before the stop."""
        name = old["Name"].lstrip("/")
        new = self.create(name, f"{name}_new", change)
        self.mutate("POST", f"containers/{old['Id']}/rename?name={name}_old")
        self.mutate("POST", f"containers/{new}/rename?name={name}")
        self.mutate("POST", f"containers/{old['Id']}/stop")
        self.mutate("POST", f"containers/{new}/start")
        self.mutate("DELETE", f"containers/{old['Id']}")

    def connect(self, container, endpoint, disconnects):
        network = f"{self.projects[0]}_fate-network"
        if disconnects:
            self.mutate("POST", f"networks/{network}/disconnect", {"Container": container, "Force": True})
        self.mutate("POST", f"networks/{network}/connect", {"Container": container, "EndpointConfig": endpoint})
