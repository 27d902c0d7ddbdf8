"""Three equal pairs of parties, one for each contestant, so that all can run beside each other."""
import json
import os
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
GIT = ["git", "-c", "user.name=Benchmark", "-c", "user.email=bench@example.org"]


class State:
    """A state repository with two parties of the example's blueprint; `rank` keeps the pairs apart."""

    def __init__(self, folder, rank):
        self.folder, self.rank = folder, rank
        self.parties = [str(10000 * rank), str(10000 * rank - 1)]
        self.projects = [f"user_confs{party}" for party in self.parties]
        self.overrides, self.external_port = {}, 9370
        shutil.copytree(f"{ROOT}/state", f"{folder}/state")
        shutil.rmtree(f"{folder}/state/parties")
        self.git("init", "-q", "-b", "main")
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", f"{folder}/state.git"], check=True)
        self.git("remote", "add", "origin", f"{folder}/state.git")
        self.push()

    def git(self, *words):
        subprocess.run([*GIT, "-C", f"{self.folder}/state", *words], check=True, stdout=subprocess.DEVNULL)

    def push(self):
        """Writes the parties, and pushes what changed."""
        for index, party in enumerate(self.parties):
            port = 10000 * self.rank + 80 + 10 * index
            subnet = f"192.168.{120 + 10 * self.rank + index}"
            ports = ("ROLLSITE", "FATEBOARD", "GRPC", "HTTP", "CLIENT")
            self._party(party, {
                "blueprint": "fate-1.5.1", "host": f"bench{self.rank}", "endpoint": {"address": "10.10.0.1"},
                "variables": {"SUBNET": f"{subnet}.0/24", "FLOW_IP": f"{subnet}.100",
                              **{f"PORT_{name}": port + offset for offset, name in enumerate(ports)}},
                **({"overrides": {"services": self.overrides}} if index == 0 and self.overrides else {})})
        self._party("8888", {"external": True, "endpoint": {"address": "10.10.0.8", "port": self.external_port}})
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "Benchmark")
        self.git("push", "-q", "origin", "HEAD:main")

    def _party(self, party, content):
        folder = f"{self.folder}/state/parties/{party}"
        os.makedirs(folder, exist_ok=True)
        number = int(party)
        with open(f"{folder}/party.yaml", "w") as file:
            # JSON is YAML.
            json.dump({"apiVersion": "fatesync/v1", "kind": "Party", "id": number, **content}, file, indent=2)
            file.write("\n")

    def route_table(self):
        """Where the first party's routes are on the host."""
        return f"{self.folder}/parties/confs-{self.parties[0]}/confs/eggroll/conf/route_table.json"
