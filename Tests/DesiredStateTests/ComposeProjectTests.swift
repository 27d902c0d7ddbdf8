import Testing

@testable import DesiredState

struct ComposeProjectTests {
    @Test func namesAreMadeAsComposeMakesThem() throws {
        let result = try project("services: {a: {image: 'f:1'}}\nnetworks: {n: }\nvolumes: {v: }")
        #expect(result.name == "party")
        #expect(result.services.map(\.containerName.value) == ["party-a-1"])
        #expect(result.networks.map(\.spec.name) == ["party_n", "party_default"])
        #expect(result.volumes.map(\.spec.name) == ["party_v"])
        let own = try project(
            "name: mine\nservices: {a: {image: 'f:1', container_name: the_a}}\n"
                + "networks: {default: {name: the_n}}\nvolumes: {v: {name: the_v}}")
        #expect(own.name == "mine" && own.nameLocation.column == 7)
        #expect(own.services.map(\.spec.container.name) == ["the_a"])
        #expect(own.networks.map(\.spec.name) == ["the_n"])
        #expect(own.volumes.map(\.spec.name) == ["the_v"])
    }

    @Test func everyKeyOfANetwork() throws {
        let result = try project(
            "services: {a: {image: 'f:1'}}\nnetworks: {default: {driver: macvlan, driver_opts: "
                + "{parent: eth0, x: 1}, "
                + "attachable: true, internal: true, labels: [k=v], ipam: {driver: default, config: "
                + "[{subnet: 10.1.0.0/16, gateway: 10.1.0.9, ip_range: 10.1.4.0/24}, {subnet: "
                + "10.2.0.0/16}]}}}"
        )
        let pools = [
            AddressPool(subnet: "10.1.0.0/16", gateway: "10.1.0.9", range: "10.1.4.0/24"),
            AddressPool(subnet: "10.2.0.0/16"),
        ]
        let expected = NetworkSpec(
            name: "party_default", driver: "macvlan", driverOptions: ["parent": "eth0", "x": "1"],
            pools: pools,
            attachable: true, isInternal: true, labels: ["k": "v"])
        #expect(result.networks.map(\.spec) == [expected])
        #expect(result.networks.first?.subnets.map(\.location.line) == [2, 2])
    }

    @Test func everyKeyOfAVolume() throws {
        let result = try project(
            "services: {a: {image: 'f:1', volumes: ['o:/o']}}\nvolumes:\n  v:\n    driver: local\n"
                + "    driver_opts: {type: none, o: 'bind,ro', device: /srv/x/}\n    labels: {k: v}\n"
                + "  o: {external: true}\n  p: {external: true, name: other}\n")
        let options = ["type": "none", "o": "bind,ro", "device": "/srv/x/"]
        #expect(
            result.volumes.map(\.spec) == [
                VolumeSpec(name: "party_v", driverOptions: options, labels: ["k": "v"]),
                VolumeSpec(name: "o"),
                VolumeSpec(name: "other"),
            ])
        #expect(result.volumes.map(\.isExternal) == [false, true, true])
        #expect(result.volumes.map(\.device?.value) == ["/srv/x", nil, nil])
        #expect(result.services.first?.spec.container.mounts == [Mount(.volume, from: "o", to: "/o")])
    }

    @Test func dependencies() throws {
        let result = try project(
            "services: {a: {image: 'f:1', depends_on: [b, c]}, b: {image: 'f:1', depends_on: "
                + "{c: {condition: service_started}}}, c: {image: 'f:1'}}")
        #expect(result.services.map(\.spec.dependsOn) == [["b", "c"], ["c"], []])
        #expect(result.services.map(\.spec.restartsWith) == [[], [], []])
        let restarting = try project(
            "services: {a: {image: 'f:1', depends_on: {b: {condition: service_started, restart: true}, "
                + "c: {condition: service_started, restart: false}}}, b: {image: 'f:1'}, c: {image: 'f:1'}}")
        #expect(restarting.services.first?.spec.dependsOn == ["b", "c"])
        #expect(restarting.services.first?.spec.restartsWith == ["b"])
        let healthy = try composed(
            "services: {a: {image: 'f:1', depends_on: {b: {condition: service_healthy}}}, b: {image: 'f:1'}}")
        #expect(healthy.project?.services.first?.spec.dependsOn == ["b"])
        #expect(
            healthy.lines == [
                "compose.yaml:1:58: warning W-DEPENDS: fatesync starts \"a\" after \"b\", but does "
                    + "not wait until "
                    + "that is healthy"
            ])
    }

    @Test func aPublicSubnetIsWarnedAbout() throws {
        let text = "services: {a: {image: 'f:1'}}\nnetworks: {n: {ipam: {config: [{subnet: 255.0.0.0/8}]}}}"
        #expect(
            try composed(text).lines == [
                "compose.yaml:2:41: warning W-SUBNET: 255.0.0.0/8 is public address space, so its "
                    + "real owner cannot be "
                    + "reached from the containers"
            ])
        let block = try #require(IPv4Block("255.0.0.0/8"))
        #expect(block.last.text == "255.255.255.255")
        #expect(block.contains(try #require(IPv4Number("255.255.255.255"))))
    }

    static let refusals = [
        YAMLCase("no map", "- a", "f:1:1: error E-TYPE: compose.yaml must be a map, found a list"),
        YAMLCase(
            "no services", "name: x", "f:1:1: error E-REQUIRED: compose.yaml needs the key \"services\""),
        YAMLCase(
            "empty services", "services: {}",
            "f:1:1: error E-REQUIRED: \"services\" needs at least one service"),
        YAMLCase(
            "old version key", "version: '3'\nservices: {a: {image: 'f:1'}}",
            "f:1:1: error E-KEY: unknown key \"version\" (allowed: name, networks, services, volumes)"),
        YAMLCase(
            "empty service", "services: {a: }",
            "f:1:15: error E-TYPE: service \"a\" must be a map, found nothing"),
        YAMLCase(
            "no image", "services: {a: {init: true}}",
            "f:1:15: error E-REQUIRED: service \"a\" needs the key \"image\""),
        YAMLCase(
            "name of a service", "services: {'a b': {image: 'f:1'}}",
            "f:1:12: error E-NAME: the name of a service must be letters, digits, \".\", \"_\" and "
                + "\"-\", found \"a b\""
        ),
        YAMLCase(
            "name of the project", "name: Mine\nservices: {a: {image: 'f:1'}}",
            "f:1:7: error E-NAME: \"name\" must be small letters, digits, \"-\" and \"_\", the "
                + "first a letter or digit, "
                + "found \"Mine\""),
        YAMLCase(
            "name of a container", "services: {a: {image: 'f:1', container_name: -x}}",
            "f:1:46: error E-NAME: \"container_name\" must be two or more letters, digits, \".\", "
                + "\"_\" and \"-\", the "
                + "first a letter or digit, found \"-x\""),
        YAMLCase(
            "host bits",
            "services: {a: {image: 'f:1'}}\nnetworks: {n: {ipam: {config: [{subnet: 10.0.0.1/8}]}}}",
            "f:2:41: error E-SUBNET: \"subnet\" has bits set behind its prefix, found \"10.0.0.1/8\""),
        YAMLCase(
            "prefix",
            "services: {a: {image: 'f:1'}}\nnetworks: {n: {ipam: {config: [{subnet: 10.0.0.0/31}]}}}",
            "f:2:41: error E-SUBNET: \"subnet\" needs a prefix from /8 to /30, found \"10.0.0.0/31\""),
        YAMLCase(
            "address in an unreadable subnet",
            "services: {a: {image: 'f:1', networks: {n: {ipv4_address: 10.0.0.2}}}}\n"
                + "networks: {n: {ipam: {config: [{subnet: 10.0.0/24}]}}}",
            "f:2:41: error E-SUBNET: \"subnet\" must be an IPv4 network such as 192.168.136.0/24, "
                + "found \"10.0.0/24\""
        ),
        YAMLCase(
            "no subnet",
            "services: {a: {image: 'f:1'}}\nnetworks: {n: {ipam: {config: [{subnet: 'fd00::/64'}]}}}",
            "f:2:41: error E-SUBNET: \"subnet\" must be an IPv4 network such as 192.168.136.0/24, "
                + "found \"fd00::/64\""
        ),
        YAMLCase(
            "gateway and range",
            "services: {a: {image: 'f:1'}}\nnetworks:\n  n:\n    ipam:\n      config:\n      - "
                + "subnet: 10.0.0.0/24\n"
                + "        gateway: 10.0.1.1\n        ip_range: 10.0.1.0/25\n        aux_addresses: {}\n",
            "f:7:18: error E-IP: \"gateway\" must be inside 10.0.0.0/24, found \"10.0.1.1\"",
            "f:8:19: error E-SUBNET: \"ip_range\" must be a part of 10.0.0.0/24, found \"10.0.1.0/25\"",
            "f:9:9: error E-KEY: unknown key \"aux_addresses\" (allowed: gateway, ip_range, subnet)"),
        YAMLCase(
            "address management by a plugin",
            "services: {a: {image: 'f:1'}}\nnetworks: {n: {ipam: {driver: x}}}",
            "f:2:31: error E-VALUE: only the \"driver\" default of \"ipam\" is supported, found \"x\""),
        YAMLCase(
            "two subnets",
            "services: {a: {image: 'f:1'}}\nnetworks: {n: {ipam: {config: [{subnet: 10.0.0.0/24}, "
                + "{subnet: 10.1.0.0/24}]}}}",
            "f:2:64: error E-SUBNET: a bridge network has only one subnet"),
        YAMLCase(
            "overlapping networks",
            "services: {a: {image: 'f:1'}}\nnetworks:\n  n: {ipam: {config: [{subnet: 10.0.0.0/16}]}}\n"
                + "  m: {ipam: {config: [{subnet: 10.0.9.0/24}]}}\n",
            "f:4:32: error E-OVERLAP: the subnet 10.0.9.0/24 overlaps 10.0.0.0/16 of network \"n\" "
                + "in line 3"),
        YAMLCase(
            "misspelt keys",
            "services: {a: {image: 'f:1'}}\nnetworks: {n: {intern: true}}\nvolumes: {v: {drivr: x}}\n",
            "f:2:16: error E-KEY: unknown key \"intern\" (did you mean \"internal\"?)",
            "f:3:15: error E-KEY: unknown key \"drivr\" (did you mean \"driver\"?)"),
        YAMLCase(
            "external volume with a driver",
            "services: {a: {image: 'f:1'}}\nvolumes: {v: {external: true, driver: local}}\n",
            "f:2:31: error E-EXCLUSIVE: \"driver\" has no effect on an external volume; remove it"),
        YAMLCase(
            "relative device",
            "services: {a: {image: 'f:1'}}\nvolumes: {v: {driver_opts: {o: bind, device: data}}}\n",
            "f:2:46: error E-PATH: \"device\" must be an absolute path on the host, because "
                + "compose.yaml has no "
                + "directory there, found \"data\""),
        YAMLCase(
            "same names",
            "services:\n  a: {image: 'f:1', container_name: xy}\n  b: {image: 'f:1', container_name: xy}\n"
                + "networks:\n  n: {name: nn}\n  m: {name: nn}\n",
            "f:3:37: error E-NAME-CLASH: the container name xy is also used in line 2",
            "f:6:13: error E-NAME-CLASH: the network name nn is also used in line 5"),
        YAMLCase(
            "same port",
            "services:\n  a: {image: 'f:1', ports: ['80:80', '127.0.0.1:81:81']}\n"
                + "  b: {image: 'f:1', ports: ['80:81', '127.0.0.2:81:81', '80:80/udp', "
                + "'127.0.0.1:80:82']}\n",
            "f:3:29: error E-PORT-CLASH: host port 80/tcp is also published by service \"a\" in line 2",
            "f:3:70: error E-PORT-CLASH: host port 80/tcp is also published by service \"a\" in line 2"),
        YAMLCase(
            "same address",
            "networks: {n: {ipam: {config: [{subnet: 10.0.0.0/16}]}}}\nservices:\n"
                + "  a: {image: 'f:1', networks: {n: {ipv4_address: 10.0.3.4}}}\n"
                + "  b: {image: 'f:1', networks: {n: {ipv4_address: 10.0.3.4}}}\n",
            "f:4:50: error E-IP-CLASH: the address 10.0.3.4 is also that of service \"a\" in line 3"),
        YAMLCase(
            "waits for itself", "services: {a: {image: 'f:1', depends_on: [a]}}",
            "f:1:43: error E-CYCLE: services wait for each other: a -> a"),
        YAMLCase(
            "ring",
            "services:\n  a: {image: 'f:1', depends_on: [b]}\n  b: {image: 'f:1', depends_on: [c]}\n"
                + "  c: {image: 'f:1', depends_on: [a]}\n  d: {image: 'f:1', depends_on: [a]}\n",
            "f:4:34: error E-CYCLE: services wait for each other: a -> b -> c -> a"),
        YAMLCase(
            "unknown dependency",
            "services: {a: {image: 'f:1', depends_on: [rollsit]}, rollsite: {image: 'f:1'}}",
            "f:1:43: error E-REF: \"depends_on\" refers to an unknown service \"rollsit\" (did you "
                + "mean \"rollsite\"?)"
        ),
        YAMLCase(
            "condition",
            "services: {a: {image: 'f:1', depends_on: {b: {condition: service_completed_successfully}}}, "
                + "b: {image: 'f:1'}}",
            "f:1:58: error E-VALUE: \"condition\" cannot be \"service_completed_successfully\" "
                + "(allowed: service_started, service_healthy)"),
    ]

    @Test(arguments: refusals)
    func isRefused(_ example: YAMLCase) throws {
        let lines = try composed(String(decoding: example.bytes, as: UTF8.self)).lines
        #expect(lines == example.lines.map { "compose.yaml" + $0.dropFirst() })
    }

    @Test(arguments: [
        "mysql:8", "foo:1", "a.example:5000/b/c_d:x", "localhost/foo:1", "federatedai/eggroll:1.5.1-release",
        "a/b-c--d/e.f:V1.0_x", "foo@sha256:" + String(repeating: "0f", count: 32),
        "foo:1@sha256:" + String(repeating: "0f", count: 32), "REGISTRY.example/foo:1",
    ])
    func isAnImage(_ text: String) throws {
        #expect(try project("services: {a: {image: '\(text)'}}").services.map(\.image.value) == [text])
    }

    @Test(arguments: [
        ("", "must be the name of an image such as registry.example.org/name:tag"),
        ("../x:1", "must be the name of an image such as registry.example.org/name:tag"),
        ("a//b:1", "must be the name of an image such as registry.example.org/name:tag"),
        ("a b:1", "must be the name of an image such as registry.example.org/name:tag"),
        ("https://a.example/b:1", "must be the name of an image such as registry.example.org/name:tag"),
        (
            String(repeating: "0f", count: 32),
            "must be the name of an image such as registry.example.org/name:tag"
        ),
        ("Foo:1", "must have a name in small letters"),
        ("foo:", "must have a tag of at most 128 letters, digits, \"_\", \".\" and \"-\" behind the colon"),
        ("foo:-x", "must have a tag of at most 128 letters, digits, \"_\", \".\" and \"-\" behind the colon"),
        (
            "foo@sha256:" + String(repeating: "0", count: 63),
            "must have sha256: and 64 hexadecimal digits behind the @"
        ),
    ])
    func isNoImage(_ text: String, _ expected: String) throws {
        let lines = try composed("services: {a: {image: '\(text)'}}").lines
        #expect(lines == ["compose.yaml:1:23: error E-IMAGE: \"image\" \(expected), found \"\(text)\""])
    }

    @Test func anImageThatIsNotPinnedIsWarnedAbout() throws {
        #expect(
            try composed("services: {a: {image: foo}, b: {image: 'foo:latest'}}").lines == [
                "compose.yaml:1:23: warning W-IMAGE: the image foo has no tag, so it is whatever "
                    + "\"latest\" is on the "
                    + "day; write a tag",
                "compose.yaml:1:40: warning W-IMAGE: the image foo:latest is a different one on "
                    + "another day; write "
                    + "the tag of a version",
            ])
        #expect(
            try fullyComposed(
                "services: {b: {image: 'redis:5'}, c: {image: 'redis:5'}, d: {image: 'a.example:5000/b'}}"
            ).lines == [
                "compose.yaml:1:23: warning W-IMAGE: the tag of the image redis:5 is no full version, so it is "
                    + "a different image on another day; write one such as 8.0.28, or a digest",
                "compose.yaml:1:69: warning W-IMAGE: the image a.example:5000/b has no tag, so it is whatever "
                    + "\"latest\" is on the day; write a tag",
            ])
        for tag in ["8.0", "stable", "v1", "lts", "1.x.3", "dead"] {
            #expect(try fullyComposed("services: {a: {image: 'foo:\(tag)'}}").lines.count == 1, "\(tag)")
        }
        for tag in ["8.0.28", "1.5.1-release", "v2.0.0", "4f2c1a9be001", "2026-01-31", "20260131"] {
            #expect(try fullyComposed("services: {a: {image: 'foo:\(tag)'}}").lines == [], "\(tag)")
        }
        let long = "foo:" + String(repeating: "x", count: 129)
        #expect(try composed("services: {a: {image: '\(long)'}}").lines.count == 1)
    }
}
