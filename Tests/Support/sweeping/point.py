"""One point of the sweep: the way from one state to the next with one fault, and what must hold afterwards."""
import json
import os
import shutil

from . import books
from .host import Failed

PASSES = 2
# An engine that is killed during a start can hold on to the port until it is restarted in an orderly way.
LEAK = "port is already allocated"


class Way:
    """The way of one shape on one host, to be gone again and again."""

    def __init__(self, host, shape, restart_engine):
        self.host, self.shape, self.restart_engine = host, shape, restart_engine
        self.commits = host.commit((shape.before, shape.after))
        self.touched = {host.name + suffix for suffix in shape.touched}
        self.start = self.wanted = None

    def prepare(self):
        """Goes the way once without a fault: where that leads is what every other way has to reach."""
        self.host.wipe()
        self.begin()
        count = len(self.host.requests())
        self.host.push(self.commits[1])
        outcome = self.host.run("sync", "-q")
        requests = self.host.requests()[count:]
        self.wanted = self.host.look()
        if outcome.code != self.shape.exit_code or not self.shape.verify(self.wanted):
            raise RuntimeError(f"{self.shape.name} does not do what its name says ({outcome.code}): {outcome.text}")
        self.check()
        return requests

    def begin(self):
        """Brings the host into the state before."""
        host = self.host
        host.arm("off")
        if self.start:
            self.clear()
        host.forget()
        host.push(self.commits[0])
        if self.shape.is_from_nothing:
            return self.mark()
        outcome = host.run("sync", "-q")
        if outcome.code != 0:
            raise RuntimeError(f"the state before {self.shape.name} is not reached: {outcome.text}")
        self.mark()

    def clear(self):
        """Removes what the state before does not have, and what a sync would take long to change back."""
        host = self.host
        for name, container in host.engine.containers(host.prefix).items():
            if name not in self.start.containers or name in self.touched:
                host.engine.remove(container["Id"])
        for name, network in host.engine.networks(host.prefix).items():
            if name not in self.start.networks:
                host.engine.call("DELETE", f"/networks/{network['Id']}", 404)
        for name in host.engine.volumes(host.prefix):
            if name not in self.start.volumes:
                host.engine.call("DELETE", f"/volumes/{name}?force=1", 404)
        kept = {path.split("/")[0] for path in self.start.files}
        for name in os.listdir(host.data) if os.path.exists(host.data) else []:
            if name not in kept:
                shutil.rmtree(f"{host.data}/{name}")

    def mark(self):
        """Notes where the way begins; each volume gets a content that must not be lost."""
        host = self.host
        for name, volume in host.engine.volumes(host.prefix).items():
            with open(os.path.join(volume["Mountpoint"], "marker"), "w") as file:
                file.write(name)
        look = host.look()
        if self.start and (found := look.differences(self.start)):
            self.start = None
            raise RuntimeError(f"the state before {self.shape.name} is not reached again: {found}")
        self.start = look

    def go(self, kind, number, scope, seconds=()):
        """Goes the way with a fault at request `number`; answers that request, or `None` when there was no fault."""
        host = self.host
        host.push(self.commits[1])
        host.arm(kind, number, scope, *seconds)
        outcome = host.run("sync", "-q")
        host.arm("off")
        hit = self.hit()
        if kind == "kill-engine" and hit:
            self.restart_engine()
        self.judge(outcome, hit, kind)
        if hit:
            outcome = self.converge()
            if kind == "kill-engine" and LEAK in outcome.text:
                self.restart_engine("restart")
                outcome = self.converge()
        if outcome.code != self.shape.exit_code:
            raise Failed(f"I1: not converged after {PASSES} passes, which ended with {outcome.code}: {outcome.text}")
        self.check(keeps_starts=kind != "kill-engine")
        return hit

    def converge(self):
        for _ in range(PASSES):
            outcome = self.host.run("sync", "-q")
            if outcome.code == self.shape.exit_code:
                break
        return outcome

    def hit(self):
        """The request that went wrong, if one did."""
        return next((request for request in self.host.requests() if request.fault), None)

    def judge(self, outcome, hit, kind):
        """A pass with a fault may fail, but says so."""
        if hit and kind.startswith("kill-") and kind != "kill-engine":
            if outcome.code != -9:
                raise Failed(f"the kill came too late: it ended with {outcome.code}")
            return
        if outcome.code < 0:
            raise Failed(f"I10: it ended with signal {-outcome.code}: {outcome.text}")
        with open(f"{self.host.var}/status.json") as file:
            word = json.load(file)["result"]
        is_content = outcome.code == self.shape.exit_code
        if is_content != (word in ("in sync", "applied", "invalid")):
            raise Failed(f"I10: exit code {outcome.code}, but the status says {word}")
        if is_content and (found := self.host.look().differences(self.wanted)):
            raise Failed(f"I10: it ended with {outcome.code}, but {found}")

    def check(self, keeps_starts=True):
        host = self.host
        look = host.look()
        found = [f"I1-I3, I6: {line}" for line in look.differences(self.wanted)]
        for name in self.start.volumes:
            if look.volumes.get(name) != name:
                found.append(f"I4: volume {name} has lost its content")
        for name, (identity, started) in self.start.standing.items():
            now = look.standing.get(name)
            if name not in self.touched and (now is None or now[0] != identity or keeps_starts and now[1] != started):
                found.append(f"I5: {name} was not to be touched: {(identity, started)} became {now}")
        plan = host.run("plan", "--exit-code")
        if plan.code != self.shape.exit_code:
            found.append(f"I1: plan ends with {plan.code}: {plan.text}")
        verification = host.run("audit", "verify")
        if verification.code != 0 or "unfinished-step" in verification.text:
            found.append(f"I7: audit verify ends with {verification.code}: {verification.text}")
        found += [f"I7: {line}" for line in books.errors(f"{host.var}/audit", host.log, host.offset)]
        if found:
            raise Failed("\n    ".join(found))
