"""The table, what must hold, and the place of both in the manual."""
import os
import platform
import subprocess

from engine import SUPPORT

COLD, IDLE, PASS = "cold deploy of 14 containers", "nothing to do", "nothing to do, a pass of the daemon"
RECREATE = "one environment variable"
# How Compose deploys two parties when nobody runs it twice at the same time.
IN_TURN = "compose, in turn"
BOUNDED = (IDLE, RECREATE)
MANUAL = f"{SUPPORT}/../../Sources/fatesync/Documentation.docc/Benchmarks.md"
BEGIN, END = "<!-- begin of what make bench writes -->", "<!-- end of what make bench writes -->"


class Check:
    """A bound; `value` is None when the run did not measure it."""

    def __init__(self, what, value, limit):
        self.what, self.value, self.limit = what, value, limit

    @property
    def holds(self):
        return self.value is None or self.value <= self.limit

    def __str__(self):
        value = "not measured" if self.value is None else f"{self.value:.2f}"
        return f"- {'holds' if self.holds else 'FAILS'}: {self.what}: {value}, at most {self.limit}"


def ratio(value, base):
    return value / base if value is not None and base else None


def table(results):
    lines = [
        "| Work | by | Time | to the floor | Mutating calls | Restarted | Recreated | Needless | Outage | Done |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for title, row in results.items():
        floor = row["floor"]
        for name, one in row.items():
            if not one.rounds:
                continue
            times = [milliseconds(one.wall), factor(ratio(one.wall, floor.wall))]
            is_floor = name == "floor"
            counts = ["" if is_floor else str(n) for n in (one.restarted, one.recreated, one.needless)]
            done = "" if is_floor else "yes" if one.done == one.rounds else "no" if not one.done else "sometimes"
            down = "until repaired" if one.is_down else milliseconds(one.outage)
            lines.append("| " + " | ".join([title, name, *times, str(one.calls), *counts, down, done]) + " |")
    return lines


def milliseconds(seconds):
    return "" if seconds is None else f"{seconds * 1000:.0f} ms"


def factor(value):
    return "" if value is None else f"{value:.2f}"


def checks(results):
    """What must hold, as far as it was measured."""
    found = []

    def check(what, title, value, limit):
        if title in results:
            found.append(Check(what, value(results[title]), limit))

    own = {title: row["fatesync"] for title, row in results.items()}
    found.append(total("containers restarted or recreated without need", {t: o.needless for t, o in own.items()}))
    found.append(total("rounds that did not do the work", {t: o.rounds - o.done for t, o in own.items()}))
    check("outage of a recreate to the floor", RECREATE,
          lambda r: ratio(r["fatesync"].outage, r["floor"].outage), 1.05)
    check("outage of a recreate to Compose", RECREATE,
          lambda r: ratio(r["fatesync"].outage, r["compose"].outage), 1.0)
    check("a pass of the daemon to the floor", PASS, lambda r: ratio(r["fatesync"].wall, r["floor"].wall), 1.5)
    check("the command with nothing to do to Compose", IDLE,
          lambda r: ratio(r["fatesync"].wall, r["compose"].wall), 0.5)
    check("cold deploy, first to last call, to Compose, a party after the other", COLD,
          lambda r: ratio(r["fatesync"].span, r[IN_TURN].span), 0.9)
    check("cold deploy, first to last call, to two Composes at once", COLD,
          lambda r: ratio(r["fatesync"].span, r["compose"].span), 1.15)
    check("cold deploy, first to last call, to the floor", COLD,
          lambda r: ratio(r["fatesync"].span, r["floor"].span), 1.15)
    return found


def total(what, counts):
    """A count that must be 0 in every row; names those in which it is not."""
    rows = ", ".join(title for title, count in counts.items() if count)
    return Check(f"{what}{f' ({rows})' if rows else ''}", sum(counts.values()), 0)


def write(lines, found, engine, program):
    """Replaces what stands between the marks in the manual."""
    with open(MANUAL) as file:
        text = file.read()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    block = [BEGIN, "", machine(engine, program), "", *lines, "", *map(str, found), "", END]
    with open(MANUAL, "w") as file:
        file.write(before + "\n".join(block) + after)


def machine(engine, program):
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    version = engine.call("GET", "/version")["Version"]
    own = subprocess.run([program, "--version"], check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
    return (f"{os.cpu_count()} processors ({model}), {memory:.0f} GiB, Linux {platform.release()}; Docker {version}; "
            f"fatesync {own}; Docker Compose 2.26.1.")
