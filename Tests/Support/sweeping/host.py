"""A host under test: its repository, its fatesync and its proxy."""
import os
import shutil
import subprocess
import time

from . import books
from .engine import Engine, Look

TIME_LIMIT = 90
MEMORY_LIMIT = 150 << 20


class Failed(Exception):
    """An invariant does not hold."""


class Outcome:
    def __init__(self, code, text):
        self.code, self.text = code, text


class Host:
    def __init__(self, name, number, folder, engine, fatesync, support):
        self.name, self.number, self.folder, self.fatesync = name, number, folder, fatesync
        self.prefix = name + "p"
        self.engine = Engine(engine)
        self.var, self.data = f"{folder}/var", f"{folder}/parties"
        self.repository, self.log, self.control = f"{folder}/state.git", f"{folder}/requests", f"{folder}/fault"
        self.offset = 0
        os.makedirs(folder)
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", self.repository], check=True)
        with open(f"{folder}/fatesync.yaml", "w") as file:
            file.write(f"repository: {self.repository}\nhost: {name}\ndocker: unix://{folder}/proxy.sock\n"
                       f"state-dir: {self.var}\ndata-dir: {self.data}\n")
        self.proxy = subprocess.Popen(
            [f"{support}/fault-proxy", f"{folder}/proxy.sock", engine, self.log, self.control],
            stdout=subprocess.PIPE, text=True)
        if self.proxy.stdout.readline() != "ready\n":
            raise RuntimeError("the proxy does not start")

    def close(self):
        self.proxy.terminate()
        self.proxy.wait()
        try:
            self.wipe()
        finally:
            shutil.rmtree(self.folder)

    def commit(self, states):
        """Makes one commit of each state, each on top of the one before; answers their ids."""
        stream = []
        for number, state in enumerate(states, 1):
            stream.append(f"commit refs/heads/sweep\nmark :{number}\n"
                          f"committer Olga Operator <olga@example.org> {1700000000 + number} +0000\n"
                          f"data 5\nstate\n" + (f"from :{number - 1}\n" if number > 1 else "") + "deleteall\n")
            for path, text in state.files.items():
                stream.append(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n")
        marks = f"{self.folder}/marks"
        subprocess.run(["git", "-C", self.repository, "fast-import", "--quiet", "--force", f"--export-marks={marks}"],
                       input="".join(stream).encode(), check=True)
        with open(marks) as file:
            return [line.split()[1] for line in sorted(file)]

    def push(self, commit):
        reference = f"{self.repository}/refs/heads/main"
        with open(f"{self.folder}/main", "w") as file:
            file.write(commit + "\n")
        os.rename(file.name, reference)

    def run(self, *words):
        """Runs a command of fatesync to its end."""
        with open(f"{self.folder}/output", "w+") as output:
            process = subprocess.Popen([self.fatesync, *words, "--config", f"{self.folder}/fatesync.yaml"],
                                       stdin=subprocess.DEVNULL, stdout=output, stderr=output)
            deadline = time.monotonic() + TIME_LIMIT
            pid = 0
            while not pid:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if not pid and time.monotonic() > deadline:
                    process.kill()
                    process.wait()
                    raise Failed(f"I9: {words[0]} took longer than {TIME_LIMIT} s")
                time.sleep(0.002)
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            outcome = Outcome(process.returncode, output.read())
        if usage.ru_maxrss << 10 > MEMORY_LIMIT:
            raise Failed(f"I9: {words[0]} took {usage.ru_maxrss >> 10} MiB of memory")
        return outcome

    def arm(self, *words):
        with open(self.control + ".new", "w") as file:
            file.write(" ".join(map(str, words)))
        os.rename(file.name, self.control)

    def requests(self):
        """What fatesync asked of the engine since `forget`."""
        return books.read_requests(self.log, self.offset)

    def look(self):
        return Look(self.engine, self.prefix, self.data)

    def wipe(self):
        self.engine.wipe(self.prefix)
        shutil.rmtree(self.data, ignore_errors=True)
        self.forget()

    def forget(self):
        """Begins a new state directory, so that neither history nor counts of an earlier point have a say."""
        shutil.rmtree(self.var, ignore_errors=True)
        self.offset = os.path.getsize(self.log) if os.path.exists(self.log) else 0
