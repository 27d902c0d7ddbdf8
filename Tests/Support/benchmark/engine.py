"""The engine as the benchmark sees it: a raw HTTP client, its event stream, and what runs."""
import concurrent.futures
import http.client
import json
import os
import socket
import subprocess
import threading
import time

SUPPORT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Connection(http.client.HTTPConnection):
    """One kept connection to the engine's socket."""

    def __init__(self, path):
        super().__init__("docker")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)

    def call(self, method, path, body=None):
        """Sends one request and answers (status, body as bytes)."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        self.request(method, path, data, headers)
        answer = self.getresponse()
        return answer.status, answer.read()


class Engine:
    """A private engine of a version, started by `Tests/Support/engine`."""

    def __init__(self, name, version):
        self.name, self.version = name, version
        self._run("stop", name)  # An earlier run may have been kept.
        output = self._run("start", name, version)
        self.endpoint = output.strip().splitlines()[-1]
        self.socket = self.endpoint.removeprefix("unix://")
        self.events = Events(self.socket)

    def _run(self, *words):
        return subprocess.run([f"{SUPPORT}/engine", *words], check=True, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, env={**os.environ, "FATESYNC_GPU": "1"}).stdout

    def stop(self):
        self.events.stop()
        self._run("stop", self.name)

    def call(self, method, path, body=None, expected=(200, 201, 204, 304)):
        """One request on a connection of its own; answers its JSON, or None when there is none."""
        connection = Connection(self.socket)
        status, content = connection.call(method, path, body)
        connection.close()
        if status not in expected:
            raise RuntimeError(f"{method} {path}: {status} {content.decode(errors='replace')[:300]}")
        return json.loads(content) if content.strip().startswith((b"{", b"[")) else None

    def together(self, calls):
        """Sends (method, path, body) requests with 14 in flight; answers their JSON in order."""
        with concurrent.futures.ThreadPoolExecutor(14) as pool:
            return list(pool.map(lambda call: self.call(*call), calls))

    def docker(self, *words):
        return subprocess.run(["docker", "-H", self.endpoint, *words], check=True, text=True,
                              stdout=subprocess.PIPE).stdout.strip()

    def containers(self, projects):
        """Every container of the projects: (index of the project, service) -> its inspect answer."""
        found = {}
        for container in self.call("GET", "/v1.41/containers/json?all=1"):
            project = container["Labels"].get("com.docker.compose.project")
            if project in projects:
                service = container["Labels"]["com.docker.compose.service"]
                # A container that is removed meanwhile has no answer.
                answer = self.call("GET", f"/v1.41/containers/{container['Id']}/json", expected=(200, 404))
                if answer.get("Id"):
                    found[projects.index(project), service] = answer
        return found

    def remove(self, projects):
        """Removes every container, network and volume of the projects."""
        for project in projects:
            filters = ["-q", "--filter", f"label=com.docker.compose.project={project}"]
            for listing, removal in ((["ps", "-a"], ["rm", "-f", "-v"]), (["network", "ls"], ["network", "rm"]),
                                     (["volume", "ls"], ["volume", "rm", "-f"])):
                ids = self.docker(*listing, *filters).split()
                if ids:
                    self.docker(*removal, *ids)


class Events:
    """The engine's own account of what happened, with its nanoseconds."""

    def __init__(self, path):
        self.list, self.lock = [], threading.Lock()
        self.connection = Connection(path)
        self.connection.request("GET", "/v1.41/events")
        self.answer = self.connection.getresponse()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            for line in self.answer:
                with self.lock:
                    self.list.append(json.loads(line))
        except (OSError, ValueError, AttributeError):
            pass  # The stream ends with the engine.

    def stop(self):
        self.connection.sock.close()

    def mark(self):
        with self.lock:
            return len(self.list)

    def since(self, mark):
        """What happened since the mark, once nothing has come for a moment."""
        count = -1
        while count != self.mark():
            count = self.mark()
            time.sleep(0.15)
        with self.lock:
            return self.list[mark:]


def outage(events, project, service):
    """Nanoseconds without the service, each `die` to the next `start`; None if it did not come back."""
    total, died = 0, None
    for event in events:
        labels = event["Actor"]["Attributes"]
        if event["Type"] != "container" or labels.get("com.docker.compose.project") != project \
                or labels.get("com.docker.compose.service") != service:
            continue
        if event["Action"] == "die" and died is None:
            died = event["timeNano"]
        elif event["Action"] == "start" and died is not None:
            total, died = total + event["timeNano"] - died, None
    return total if died is None else None


def last_start(events):
    """When the last container started, in nanoseconds since 1970."""
    return max(e["timeNano"] for e in events if e["Type"] == "container" and e["Action"] == "start")
