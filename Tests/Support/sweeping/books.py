"""The journal against what the proxy saw: every request has one intent, and every intent one end."""
import glob
import json
import os
from collections import defaultdict

# Actions that need no engine.
ON_HOST = ("directory.create", "file.write", "container.signal")
DONE = ("ok", "noop")


class Request:
    def __init__(self, number, method, path, digest):
        self.number, self.method, self.path, self.digest = int(number), method, path, digest
        self.status = self.replied = self.fault = None

    @property
    def is_mutating(self):
        return self.method not in ("GET", "HEAD")

    @property
    def has_effect(self):
        """Whether the engine did it; `None` when nobody heard its answer."""
        if self.fault in ("status-500", "reset-before", "kill-before"):
            return False
        return None if self.status is None else self.status < 400

    def __str__(self):
        return f"{self.method} {self.path} (request {self.number}, status {self.status}, fault {self.fault})"


def read_requests(path, offset):
    """The requests that the proxy logged from `offset` on."""
    requests = {}
    with open(path) as file:
        file.seek(offset)
        for line in file:
            word, number, time, *rest = line.split()
            if word == "request":
                requests[number] = Request(number, *rest)
            elif number in requests and word == "reply":
                requests[number].status, requests[number].replied = int(rest[0]), float(time)
            elif number in requests and word == "fault":
                requests[number].fault = rest[0]
    return list(requests.values())


def read_journal(folder):
    records = []
    for path in sorted(glob.glob(os.path.join(folder, "*.jsonl"))):
        with open(path, errors="replace") as file:
            for line in file:
                try:
                    records.append(json.loads(line))
                except ValueError:
                    pass  # A torn line; `audit verify` judges it.
    return records


class Step:
    """An intent and what the journal says came of it."""

    def __init__(self, intent):
        self.intent = intent
        self.result = self.recovered = None

    @property
    def end(self):
        if self.recovered:
            return "ok" if self.recovered["out"] == "ok" else self.recovered["out"]
        return self.result and self.result["out"]

    def __str__(self):
        intent = self.intent
        return f"record {intent['seq']} {intent['act']} {intent['obj']['name']}"


def read_steps(records):
    steps, latest = [], {}
    for record in records:
        key = (record.get("plan"), record.get("party"), record.get("step"))
        if record["kind"] == "step.intent":
            latest[key] = Step(record)
            steps.append(latest[key])
        elif record["kind"] == "step.result" and key in latest:
            latest[key].result = record
        elif record["kind"] == "recover" and "act" in record and key in latest:
            latest[key].recovered = record
    return steps


def errors(journal, log, offset):
    """What does not agree; empty when the books are closed."""
    found = []
    steps = read_steps(read_journal(journal))
    for step in steps:
        if step.end in (None, "unknown"):
            found.append(f"{step}: nobody knows what came of it ({step.end})")
    groups = defaultdict(lambda: ([], []))
    for step in steps:
        if step.intent["act"] not in ON_HOST:
            groups[step.intent.get("req")][0].append(step)
    for request in read_requests(log, offset):
        if request.is_mutating:
            groups[request.digest][1].append(request)
    for intents, requests in groups.values():
        found += compare(intents, requests)
    return found


def compare(steps, requests):
    """Intents and requests with the same digest."""
    unsent = len(steps) - len(requests)
    if unsent < 0:
        return [f"{requests[0]}: {len(requests)} requests, {len(steps)} intents"]
    # A kill can come between an intent and its request, and then the next start has to find that nothing was done.
    excused = [step for step in steps if step.result is None and step.end == "not-done"]
    if unsent > len(excused):
        return [f"{steps[0]}: {len(steps)} intents, {len(requests)} requests, {len(excused)} found not done"]
    done = sum(step.end in DONE for step in steps)
    sure = sum(request.has_effect is True for request in requests)
    possible = sure + sum(request.has_effect is None for request in requests)
    if not sure <= done <= possible:
        ends = ", ".join(str(step.end) for step in steps)
        return [f"{steps[0]}: the journal says {ends}, the engine saw {'; '.join(map(str, requests)) or 'nothing'}"]
    return []
