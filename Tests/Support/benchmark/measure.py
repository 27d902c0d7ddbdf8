"""How a row is measured."""
import statistics
import time

from engine import last_start, outage
from report import IN_TURN


class Measurement:
    """What the rounds of one row gave for one contestant; times in seconds."""

    def __init__(self):
        self.walls, self.outages, self.spans = [], [], []
        self.calls, self.restarted, self.recreated, self.needless = None, 0, 0, 0
        self.done, self.rounds, self.is_down = 0, 0, False

    wall = property(lambda self: statistics.median(self.walls) if self.walls else None)
    outage = property(lambda self: statistics.median(self.outages) if self.outages else None)
    span = property(lambda self: statistics.median(self.spans) if self.spans else None)

    def compare(self, before, after, row, contestant):
        """Counts what was disturbed, and what of that without need."""
        recreated = {key for key in before if key not in after or after[key]["Id"] != before[key]["Id"]}
        restarted = {key for key in set(before) - recreated
                     if after[key]["State"]["StartedAt"] != before[key]["State"]["StartedAt"]}
        self.recreated, self.restarted = max(self.recreated, len(recreated)), max(self.restarted, len(restarted))
        self.needless = max(self.needless, len((recreated | restarted) - row.needed))


def measure(row, field, count, results):
    """Round 0 goes through the proxies and is not timed; then the contestants take turns."""
    for number in range(count + 1):
        for contestant in turns(field, number):
            one_round(row, contestant, number, results[contestant.name])


def turns(field, number):
    return field[number % len(field):] + field[:number % len(field)]


def one_round(row, contestant, number, result):
    is_floor = contestant.name == "floor"
    before = contestant.engine.containers(contestant.projects)
    row.change(contestant, number + 1)
    contestant.is_recorded = number == 0
    calls, mark, started = contestant.mutating_calls(), contestant.engine.events.mark(), time.monotonic()
    if is_floor:
        is_possible = row.floor(contestant, number + 1) is not False
    else:
        contestant.apply()
        is_possible = True
    wall = time.monotonic() - started
    events = contestant.engine.events.since(mark)
    if is_possible:
        result.rounds += 1
        if number == 0:
            result.calls = contestant.mutating_calls() - calls
        else:
            result.walls.append(wall)
        after = contestant.engine.containers(contestant.projects)
        if not is_floor:
            result.compare(before, after, row, contestant)
            result.done += row.is_done(contestant, number + 1)
        service = getattr(row, "service", None)
        if service:
            note_outage(result, outage(events, contestant.projects[0], service), number)
    contestant.is_recorded = False
    row.restore(contestant)


def note_outage(result, nanoseconds, number):
    if nanoseconds is None:
        result.is_down = True
    elif number > 0 and nanoseconds > 0:
        result.outages.append(nanoseconds / 1e9)


def deploy(field, count, results):
    """14 containers from nothing; the span is from the first mutating call to the last start.

    All rounds go through the proxies, which tell when the first call came. The first round only warms up.
    """
    ways = [(contestant, contestant.deploy, contestant.name) for contestant in field]
    ways.append((field[1], field[1].deploy_in_turn, IN_TURN))
    results[IN_TURN] = Measurement()
    for number in range(count + 1):
        for contestant, way, name in turns(ways, number):
            one_deployment(contestant, way, results[name], is_timed=number > 0)


def one_deployment(contestant, way, result, is_timed):
    contestant.engine.remove(contestant.projects)
    contestant.prepare()
    contestant.is_recorded = True
    calls, mark, started = contestant.mutating_calls(), contestant.engine.events.mark(), time.monotonic()
    way()
    wall = time.monotonic() - started
    ended = last_start(contestant.engine.events.since(mark))
    running = [c for c in contestant.engine.containers(contestant.projects).values() if c["State"]["Running"]]
    if len(running) != 14:
        raise RuntimeError(f"{contestant.name} runs {len(running)} containers, not 14: see {contestant.folder}")
    result.rounds, result.done = result.rounds + 1, result.done + 1
    result.calls = contestant.mutating_calls() - calls
    if is_timed:
        result.walls.append(wall)
        result.spans.append((ended - contestant.first_call(calls)) / 1e9)
    contestant.is_recorded = False


def passes(field, count, results):
    """The daemon's pass beside the reads alone."""
    fatesync, _, floor = field
    for seconds in fatesync.passes(count):
        results["fatesync"].walls.append(seconds)
        started = time.monotonic()
        floor.apply()
        results["floor"].walls.append(time.monotonic() - started)
    for name in ("fatesync", "floor"):
        results[name].calls = 0
        results[name].rounds = results[name].done = count
