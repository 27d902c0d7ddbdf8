"""The shapes of plans: each is two states of a repository, and what the way from the first to the second may touch.

All states are of one small blueprint with two services, which start and stop at once: `db` has a volume and config
files, `web` has a fixed address, an alias and a published port, and starts after `db`.
"""

BLUEPRINT = """\
apiVersion: fatesync/v1
kind: Blueprint
name: small
project: ${PREFIX}
confs: ${BASE_DIR}/${PREFIX}/confs
endpoint:
  port: ${PORT}
variables:
  PREFIX: {type: string}
  SUBNET: {type: subnet}
  WEB_IP: {type: address}
  PORT: {type: port}
  IMAGE: {type: string, default: "federatedai/client:1.5.1-release"}
  ROUND: {type: string, default: "0"}
directories:
  - path: ${BASE_DIR}/${PREFIX}/confs/db
files:
  - path: db/db.properties
    format: properties
    onChange: restart
    services: [db]
  - path: db/route_table.json
    format: json
    onChange: reload
    within: 60s
routeTable:
  path: db/route_table.json
  format: rollsite
  self: {address: web, port: 9370}
  fateflow: {address: web, port: 9360}
"""

# SIGKILL, because a shell as first process ignores SIGTERM and would take ten seconds to stop.
COMPOSE = """\
name: ${PREFIX}
networks:
  net:
    name: ${PREFIX}_net
    ipam:
      config:
        - subnet: ${SUBNET}
volumes:
  data:
    name: ${PREFIX}_data
services:
  db:
    container_name: ${PREFIX}_db
    image: federatedai/client:1.5.1-release
    command: [sh, "-c", "sleep 100000"]
    stop_signal: SIGKILL
    volumes:
      - data:/data
      - ${BASE_DIR}/${PREFIX}/confs/db:/conf:ro
    networks: [net]
  @WEB@:
    container_name: ${PREFIX}_@WEB@
    image: ${IMAGE}
    command: [sh, "-c", "sleep 100000"]
    environment: {ROUND: "${ROUND}"}
    stop_signal: SIGKILL
    depends_on: [db]
    ports: ["${PORT}:9370"]
    networks:
      net:
        ipv4_address: ${WEB_IP}
        aliases: [www]
"""


class State:
    """The files of a state repository for one host."""

    def __init__(self, host, number):
        self.host = host
        self.number = number
        self.files = {
            "federation.yaml": "apiVersion: fatesync/v1\nkind: Federation\nname: small\n",
            "blueprints/small/blueprint.yaml": BLUEPRINT,
            "blueprints/small/compose.yaml": COMPOSE.replace("@WEB@", "web"),
            "blueprints/small/confs/db/db.properties": "name=${PREFIX}\n",
        }

    def prefix(self, party):
        return f"{self.host}p{party}"

    def party(self, party, subnet=None, port=None, extra="", **variables):
        subnet = f"10.{100 + self.number}.{subnet or party}"
        lines = [
            "apiVersion: fatesync/v1", "kind: Party", f"id: {party}", "blueprint: small", f"host: {self.host}",
            "endpoint:", "  address: 10.10.0.1", "variables:", f"  PREFIX: {self.prefix(party)}",
            f"  SUBNET: {subnet}.0/24", f"  WEB_IP: {subnet}.10", f"  PORT: {port or self.port(party)}",
        ] + [f'  {name}: "{value}"' for name, value in variables.items()]
        self.files[f"parties/{party}/party.yaml"] = "\n".join(lines) + "\n" + extra
        return self

    def external(self, party, address):
        self.files[f"parties/{party}/party.yaml"] = (
            f"apiVersion: fatesync/v1\nkind: Party\nid: {party}\nexternal: true\n"
            f"endpoint:\n  address: {address}\n  port: 9370\n")
        return self

    def rename_web(self):
        self.files["blueprints/small/compose.yaml"] = COMPOSE.replace("@WEB@", "portal")
        return self

    def port(self, party):
        return 21000 + self.number * 20 + party


class Shape:
    """One shape for one host.

    touched: what follows the host's name in the names of the containers whose id or start may change.
    verify: tells from a look whether the change is there.
    """

    def __init__(self, name, before, after, touched=(), exit_code=0, verify=None):
        self.name = name
        self.before = before
        self.after = after
        self.touched = touched
        self.exit_code = exit_code
        self.verify = verify

    @property
    def is_from_nothing(self):
        return not any(path.startswith("parties/") for path in self.before.files)


GPU = "overrides:\n  services:\n    web:\n      gpus: [{count: 1}]\n"
IMAGE = "federatedai/python:1.5.1-release"


def shapes(host, number):
    """All shapes, by name, as host number `number` of the engine sees them."""
    def state():
        return State(host, number)

    def web(look, party=1):
        return look.containers.get(f"{host}p{party}_web", {})

    def has_round(look, party, value):
        return f"ROUND={value}" in web(look, party)["Env"]

    def has_gpu(look):
        return "DeviceRequests" in web(look)["HostConfig"]

    one = state().party(1)
    two = state().party(1).party(2)
    all_shapes = [
        Shape("first-party", state(), one, verify=lambda look: len(look.containers) == 2),
        Shape("second-party", one, two, verify=lambda look: len(look.containers) == 4),
        Shape("image", one, state().party(1, IMAGE=IMAGE), ["p1_web"],
              verify=lambda look: web(look)["Image"] == IMAGE),
        Shape("env", one, state().party(1, ROUND=1), ["p1_web"], verify=lambda look: has_round(look, 1, 1)),
        Shape("port", one, state().party(1, port=one.port(11)), ["p1_web"],
              verify=lambda look: str(one.port(11)) in str(web(look)["HostConfig"]["PortBindings"])),
        Shape("route", state().party(1).external(9, "192.0.2.1"), state().party(1).external(9, "192.0.2.2"),
              verify=lambda look: any("192.0.2.2" in text for text in look.texts)),
        Shape("add-gpu", one, state().party(1, extra=GPU), ["p1_web"], verify=has_gpu),
        Shape("remove-gpu", state().party(1, extra=GPU), one, ["p1_web"], verify=lambda look: not has_gpu(look)),
        Shape("remove-party", two, one, ["p2_web", "p2_db"], verify=lambda look: len(look.containers) == 2),
        Shape("rename-service", one, state().party(1).rename_web(), ["p1_web", "p1_portal"],
              verify=lambda look: f"{host}p1_portal" in look.containers and not web(look)),
        Shape("network", one, state().party(1, subnet=7),
              verify=lambda look: f"10.{100 + number}.7.10" in str(web(look)["Networks"])),
        Shape("three-parties", state().party(1).party(2).party(3),
              state().party(1, ROUND=1).party(2, ROUND=1).party(3, ROUND=1, extra="nonsense: true\n"),
              ["p1_web", "p2_web"], exit_code=3,
              verify=lambda look: has_round(look, 1, 1) and has_round(look, 2, 1) and has_round(look, 3, 0)),
    ]
    return {shape.name: shape for shape in all_shapes}
