"""An independent look at an engine: by its own API, without fatesync."""
import http.client
import json
import os
import socket


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("docker", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Engine:
    def __init__(self, path):
        self.path = path

    def call(self, method, path, *allowed):
        connection = Connection(self.path)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status >= 400 and answer.status not in allowed:
            raise RuntimeError(f"{method} {path}: {answer.status} {body.decode(errors='replace')}")
        return json.loads(body) if body.strip() and answer.status < 400 else None

    def get(self, path):
        return self.call("GET", path)

    def containers(self, prefix):
        """Every container whose name begins with `prefix`, inspected, by name."""
        found = {}
        for container in self.get("/containers/json?all=1"):
            names = [name[1:] for name in container["Names"] if name.count("/") == 1]
            if any(name.startswith(prefix) for name in names):
                inspected = self.call("GET", f"/containers/{container['Id']}/json", 404)
                if inspected:
                    found[inspected["Name"][1:]] = inspected
        return found

    def networks(self, prefix):
        return {network["Name"]: network for network in self.get("/networks") if network["Name"].startswith(prefix)}

    def volumes(self, prefix):
        volumes = self.get("/volumes")["Volumes"] or []
        return {volume["Name"]: volume for volume in volumes if volume["Name"].startswith(prefix)}

    def wipe(self, prefix):
        """Removes everything whose name begins with `prefix`."""
        for name, container in self.containers(prefix).items():
            self.remove(container["Id"])
        for network in self.networks(prefix).values():
            self.call("DELETE", f"/networks/{network['Id']}", 404)
        for name in self.volumes(prefix):
            self.call("DELETE", f"/volumes/{name}?force=1", 404)

    def remove(self, container):
        self.call("DELETE", f"/containers/{container}?force=1&v=1", 404, 409)


class Look:
    """What stands on a host: what must be equal in the end, and what tells whether something was touched."""

    def __init__(self, engine, prefix, folder):
        inspected = engine.containers(prefix)
        self.containers = {name: settled(container) for name, container in inspected.items()}
        self.standing = {name: (container["Id"], container["State"]["StartedAt"])
                         for name, container in inspected.items()}
        networks = engine.networks(prefix)
        self.networks = {
            name: {"IPAM": [pool["Subnet"] for pool in network["IPAM"]["Config"]]}
            | {key: network[key] for key in ("Driver", "Labels", "Options", "Internal")}
            for name, network in networks.items()}
        self.volumes = {name: marker(volume) for name, volume in engine.volumes(prefix).items()}
        self.files = {}
        for parent, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(parent, name)
                with open(path, "rb") as file:
                    self.files[os.path.relpath(path, folder)] = (oct(os.stat(path).st_mode), file.read())

    @property
    def texts(self):
        return [content.decode(errors="replace") for _, content in self.files.values()]

    def differences(self, wanted):
        """How this differs from the look that is wanted; volumes may be more."""
        lines = []
        for kind in ("containers", "networks", "files"):
            mine, theirs = getattr(self, kind), getattr(wanted, kind)
            for name in sorted(set(mine) | set(theirs)):
                if name not in theirs:
                    lines.append(f"{kind}: {name} is there and should not be")
                elif name not in mine:
                    lines.append(f"{kind}: {name} is missing")
                elif mine[name] != theirs[name]:
                    lines.append(f"{kind}: {name} is {difference(mine[name], theirs[name])}")
        for name in sorted(set(wanted.volumes) - set(self.volumes)):
            lines.append(f"volumes: {name} is missing")
        return lines


def settled(container):
    """What two containers of the same spec have in common."""
    own = container["Id"][:12]
    networks = {}
    for name, endpoint in (container["NetworkSettings"]["Networks"] or {}).items():
        networks[name] = {
            "IPAMConfig": endpoint.get("IPAMConfig") or {},
            "Aliases": sorted(alias for alias in endpoint.get("Aliases") or [] if alias != own),
            "HasAddress": bool(endpoint.get("IPAddress")),
        }
    config = dict(container["Config"])
    if config.get("Hostname") == own:
        config["Hostname"] = "(own)"
    state = container["State"]
    return {"Image": config["Image"], "Env": config["Env"], "Config": said(config),
            "HostConfig": said(container["HostConfig"]), "Networks": networks, "Ports": container["NetworkSettings"]["Ports"], "Status": state["Status"],
            "Mounts": sorted(mount["Destination"] for mount in container["Mounts"])}


def said(fields):
    """The fields that say something: an engine that was started anew shows an empty list as none."""
    return {key: value for key, value in fields.items() if value}


def marker(volume):
    """What somebody wrote into the volume, as far as the sweep put it there."""
    try:
        with open(os.path.join(volume["Mountpoint"], "marker")) as file:
            return file.read()
    except FileNotFoundError:
        return None


def difference(mine, theirs):
    if not isinstance(mine, dict):
        return f"{mine!r} instead of {theirs!r}"
    parts = [f"{key} {mine.get(key)!r} instead of {theirs.get(key)!r}"
             for key in sorted(set(mine) | set(theirs)) if mine.get(key) != theirs.get(key)]
    return "; ".join(parts)
