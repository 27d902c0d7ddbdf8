"""What is compared: each row changes the desired state or live state, and knows what that must disturb."""
import json
import os

from report import IDLE, RECREATE


class Row:
    """One kind of work on the first party.

    needed: the services of the first party that cannot but be restarted or recreated.
    """

    def __init__(self, title, needed=()):
        self.title, self.needed = title, {(0, service) for service in needed}

    def change(self, contestant, number):
        """Makes the difference; `number` differs from round to round."""

    def floor(self, floor, number):
        """The least that does the work; False if there is no such thing."""
        return False

    def is_done(self, contestant, number):
        """Whether live state is as desired."""
        return all(c["State"]["Running"] for c in contestant.engine.containers(contestant.projects).values())

    def restore(self, contestant):
        """Takes away what the next round must not find."""


class NothingToDo(Row):
    def floor(self, floor, number):
        floor.apply()


class Override(Row):
    """A change of one service's keys, in git; one that can be made only once is undone after each round."""

    def __init__(self, title, service, keys, field, recreates=None, floor=None, is_undone=False):
        super().__init__(title, [service] if recreates else [])
        self.service, self.keys, self.field = service, keys, field
        self.recreates, self.floor_action, self.is_undone = recreates, floor, is_undone

    def change(self, contestant, number):
        contestant.state.overrides.setdefault(self.service, {}).update(self.keys(number))
        contestant.prepare()

    def floor(self, floor, number):
        floor.apply()
        old = floor.container(self.service)
        if self.recreates:
            floor.recreate(old, lambda body: self.recreates(body, number))
        else:
            self.floor_action(floor, old, number)

    def is_done(self, contestant, number):
        container = contestant.engine.containers(contestant.projects).get((0, self.service))
        return container is not None and container["State"]["Running"] and self.field(container, number)

    def restore(self, contestant):
        if self.is_undone:
            del contestant.state.overrides[self.service]
            contestant.prepare()
            contestant.restore(self.service)


class Route(Row):
    """The address of a party that runs elsewhere: only files change, which the rollsites read by themselves."""

    def change(self, contestant, number):
        contestant.state.external_port = 9400 + number
        contestant.prepare()

    def floor(self, floor, number):
        floor.apply()
        rewrite(floor.state.route_table(), lambda text: text + " ")

    def is_done(self, contestant, number):
        with open(contestant.state.route_table()) as file:
            return str(9400 + number) in file.read()


class Drift(Row):
    """A change that somebody made by hand, to be repaired."""

    def __init__(self, title, service, damage, is_repaired, repair, needed=False):
        super().__init__(title, [service] if needed else [])
        self.service, self.damage, self.repair, self.is_repaired = service, damage, repair, is_repaired

    def change(self, contestant, number):
        self.damage(contestant, contestant.engine.containers(contestant.projects)[0, self.service])

    def floor(self, floor, number):
        floor.apply()
        self.repair(floor, floor.engine.containers(floor.projects).get((0, self.service)))

    def is_done(self, contestant, number):
        container = contestant.engine.containers(contestant.projects).get((0, self.service))
        return container is not None and self.is_repaired(contestant, container)

    def restore(self, contestant):
        contestant.restore(self.service)


class Failing(Row):
    """A commit that cannot work. Done is what keeps the service running on what it ran before."""

    def __init__(self, title, service, keys, may_disturb):
        super().__init__(title, [service] if may_disturb else [])
        self.service, self.keys = service, keys

    def change(self, contestant, number):
        contestant.state.overrides[self.service] = self.keys
        contestant.prepare()

    def is_done(self, contestant, number):
        container = contestant.engine.containers(contestant.projects).get((0, self.service))
        return container is not None and container["State"]["Running"] and container["RestartCount"] == 0

    def restore(self, contestant):
        del contestant.state.overrides[self.service]
        contestant.prepare()
        contestant.restore(self.service)


def rewrite(path, change):
    """Replaces a file as fatesync does: whole, and on the disk."""
    with open(path) as file:
        text = change(file.read())
    with open(path + ".new", "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.rename(path + ".new", path)


def network(contestant):
    return f"{contestant.projects[0]}_fate-network"


def aliases(container):
    return [alias for n in container["NetworkSettings"]["Networks"].values() for alias in n["Aliases"] or []]


def edit_routes(contestant, container):
    """Leaves a table that rollsite can read: an unreadable one needs a restart, because it ends the rereading."""
    with open(contestant.state.route_table()) as file:
        contestant.routes = file.read()
    edited = json.loads(contestant.routes)
    edited["route_table"]["8888"]["default"][0]["port"] += 1
    with open(contestant.state.route_table(), "w") as file:
        json.dump(edited, file)


def unedited(contestant, container):
    with open(contestant.state.route_table()) as file:
        return json.load(file) == json.loads(contestant.routes)


def rows(has_gpu):
    update = {"restart": lambda n: {"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": n}},
              "memory": lambda n: {"Memory": (100 + n) << 20, "MemorySwap": (200 + 2 * n) << 20}}

    def updating(key):
        return lambda floor, old, n: floor.mutate("POST", f"containers/{old['Id']}/update", update[key](n))

    found = [
        NothingToDo(IDLE),
        Override(RECREATE, "clustermanager", lambda n: {"environment": {"BENCH": str(n)}},
                 lambda c, n: f"BENCH={n}" in c["Config"]["Env"],
                 recreates=lambda body, n: body["Env"].append(f"BENCH={n}")),
        Route("address of a party elsewhere"),
        Override("restart policy", "nodemanager", lambda n: {"restart": f"on-failure:{n}"},
                 lambda c, n: c["HostConfig"]["RestartPolicy"]["MaximumRetryCount"] == n, floor=updating("restart")),
        Override("memory limit", "nodemanager",
                 lambda n: {"mem_limit": f"{100 + n}m", "memswap_limit": f"{200 + 2 * n}m"},
                 lambda c, n: c["HostConfig"]["Memory"] == (100 + n) << 20, floor=updating("memory")),
        Override("network alias", "nodemanager",
                 lambda n: {"networks": {"fate-network": {"aliases": ["nodemanager", f"bench{n}"]}}},
                 lambda c, n: f"bench{n}" in aliases(c),
                 floor=lambda floor, old, n: floor.connect(old["Id"], {"Aliases": ["nodemanager", f"bench{n}"]}, True)),
        Drift("drift: `docker update --restart`", "clustermanager",
              lambda who, c: who.engine.docker("update", "--restart", "on-failure:7", c["Id"]),
              lambda who, c: c["HostConfig"]["RestartPolicy"]["Name"] in ("", "no"),
              lambda floor, c: floor.mutate("POST", f"containers/{c['Id']}/update", {"RestartPolicy": {"Name": "no"}})),
        Drift("drift: `docker network disconnect`", "clustermanager",
              lambda who, c: who.engine.docker("network", "disconnect", network(who), c["Id"]),
              lambda who, c: "clustermanager" in aliases(c),
              lambda floor, c: floor.connect(c["Id"], {"Aliases": ["clustermanager"]}, False)),
        Drift("drift: `docker rm -f`", "fateboard",
              lambda who, c: who.engine.docker("rm", "-f", c["Id"]),
              lambda who, c: c["State"]["Running"],
              lambda floor, c: floor.mutate("POST", "containers/" + floor.create(
                  f"{floor.projects[0]}_fateboard", f"{floor.projects[0]}_fateboard", lambda body: None) + "/start"),
              needed=True),
        Drift("drift: edited route_table.json", "rollsite", edit_routes, unedited,
              lambda floor, c: rewrite(floor.state.route_table(), lambda text: floor.routes)),
        Drift("drift: `docker stop`", "clustermanager",
              lambda who, c: who.engine.docker("stop", c["Id"]), lambda who, c: c["State"]["Running"],
              lambda floor, c: floor.mutate("POST", f"containers/{c['Id']}/start"), needed=True),
        Failing("an image that does not exist", "fateboard", {"image": "127.0.0.1:1/fateboard:none"}, False),
        Failing("a command that fails", "fateboard", {"command": ["sh", "-c", "exit 3"]}, True),
    ]
    if has_gpu:
        request = {"Driver": "", "Count": 1, "DeviceIDs": None, "Capabilities": [["gpu"]], "Options": None}
        found.append(Override(
            "adding a GPU", "python",
            lambda n: {"deploy": {"resources": {"reservations": {"devices": [
                {"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}]}}}},
            lambda c, n: bool(c["HostConfig"]["DeviceRequests"]),
            recreates=lambda body, n: body["HostConfig"].update(DeviceRequests=[request]), is_undone=True))
    return found
