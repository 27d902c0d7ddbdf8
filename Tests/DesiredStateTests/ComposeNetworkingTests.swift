import Testing

@testable import DesiredState

struct ComposeNetworkingTests {
    private static let networks = """
        networks:
          front:
            ipam:
              config: [{subnet: 10.9.0.0/24}]
          back:
            name: shared_back
            ipam:
              config: [{subnet: 10.8.0.0/24, gateway: 10.8.0.254, ip_range: 10.8.0.128/25}]
          plain:

        """

    @Test func aServiceIsFoundByItsNameOnEveryNetwork() throws {
        let list = try container("networks: [front, back]", after: Self.networks)
        #expect(
            list.networks == [
                "party_front": EndpointSpec(aliases: ["a"]), "shared_back": EndpointSpec(aliases: ["a"]),
            ])
        let map = try service(
            "networks: {front: , back: {aliases: [x, a], ipv4_address: 10.8.0.7}}", after: Self.networks)
        #expect(
            map.spec.container.networks == [
                "party_front": EndpointSpec(aliases: ["a"]),
                "shared_back": EndpointSpec(aliases: ["a", "x"], ipv4Address: "10.8.0.7"),
            ])
        #expect(map.addresses.map(\.network) == ["shared_back"])
        #expect(map.addresses.map(\.address.value) == ["10.8.0.7"])
        #expect(map.addresses.map(\.address.location.line) == [4])
    }

    @Test func aServiceThatNamesNoNetworkIsOnTheDefaultOne() throws {
        for keys in ["hostname: h", "networks: []", "networks: {}"] {
            let result = try project("services: {a: {image: 'foo:1', \(keys)}}")
            #expect(result.networks.map(\.spec) == [NetworkSpec(name: "party_default")])
            #expect(result.networks.map(\.key) == ["default"])
            let endpoints = try #require(result.services.first).spec.container.networks
            #expect(endpoints == ["party_default": EndpointSpec(aliases: ["a"])])
        }
        let named = try project(
            "services: {a: {image: 'foo:1'}}\nnetworks: {default: {name: mine, internal: true}}")
        #expect(named.networks.map(\.spec) == [NetworkSpec(name: "mine", isInternal: true)])
        let unused = try project("services: {a: {image: 'foo:1', network_mode: host}}")
        #expect(unused.networks == [])
    }

    @Test func networkModes() throws {
        for mode in ["bridge", "none", "host", "container:other_one"] {
            let spec = try container("network_mode: \(mode)")
            #expect(spec.networkMode == mode && spec.networks.isEmpty)
        }
        let shared = try project(
            "services: {a: {image: 'f:1', network_mode: 'service:b', ipc: 'service:b'}, "
                + "b: {image: 'f:1', container_name: the_b, ipc: shareable}}")
        let first = try #require(shared.services.first)
        #expect(first.spec.container.networkMode == "container:the_b")
        #expect(first.spec.container.ipcMode == "container:the_b")
        #expect(first.spec.dependsOn == ["b"])
        let byName = try project(
            "services: {a: {image: 'f:1', network_mode: 'container:party-b-1'}, b: {image: 'f:1'}}")
        #expect(byName.services.map(\.spec.dependsOn) == [["b"], []])
    }

    @Test(arguments: [
        ("8080:80", [PortBinding(containerPort: 80, hostPort: 8080)]),
        ("80", [PortBinding(containerPort: 80, hostPort: 0)]),
        ("53:53/udp", [PortBinding(containerPort: 53, proto: "udp", hostPort: 53)]),
        ("127.0.0.1:8080:80", [PortBinding(containerPort: 80, hostAddress: "127.0.0.1", hostPort: 8080)]),
        ("127.0.0.1::80", [PortBinding(containerPort: 80, hostAddress: "127.0.0.1", hostPort: 0)]),
        ("[::1]:8080:80/TCP", [PortBinding(containerPort: 80, hostAddress: "::1", hostPort: 8080)]),
        (
            "3000-3001:4000-4001",
            [
                PortBinding(containerPort: 4000, hostPort: 3000),
                PortBinding(containerPort: 4001, hostPort: 3001),
            ]
        ),
        (
            "80-81",
            [PortBinding(containerPort: 80, hostPort: 0), PortBinding(containerPort: 81, hostPort: 0)]
        ),
    ])
    func portsInShortForm(_ text: String, _ expected: [PortBinding]) throws {
        let found = try service("ports: ['\(text)']")
        #expect(found.ports.map(\.value) == expected)
        #expect(found.spec.container.ports == Set(expected))
        if !text.contains("[") { #expect(try container("ports:\n  - \(text)").ports == Set(expected)) }
    }

    @Test func portsInLongForm() throws {
        let full = "{target: 80, published: '8080', protocol: udp, host_ip: 127.0.0.1, mode: host}"
        let expected = PortBinding(containerPort: 80, proto: "udp", hostAddress: "127.0.0.1", hostPort: 8080)
        #expect(try container("ports: [\(full)]").ports == [expected])
        let short = try container("ports: [{target: '81'}, {target: 82, published: 83}]").ports
        #expect(
            short == [
                PortBinding(containerPort: 81, hostPort: 0), PortBinding(containerPort: 82, hostPort: 83),
            ])
    }

    @Test func exposedPorts() throws {
        let spec = try container("expose: [80, '90/udp', '100-102']")
        #expect(spec.exposedPorts == ["80/tcp", "90/udp", "100/tcp", "101/tcp", "102/tcp"])
        #expect(spec.ports == [])
    }

    @Test(arguments: [
        "extra_hosts: ['a:10.0.0.1', 'b=::1', 'c:[fe80::1]', 'd=host-gateway']",
        "extra_hosts: {a: 10.0.0.1, b: '::1', c: '[fe80::1]', d: [host-gateway]}",
    ])
    func extraHosts(_ keys: String) throws {
        #expect(try container(keys).extraHosts == ["a:10.0.0.1", "b:::1", "c:fe80::1", "d:host-gateway"])
    }

    static let refusals = [
        ComposeCase(
            "networks: [frnt]",
            "4:16: error E-REF: an element of \"networks\" refers to an unknown network \"frnt\" "
                + "(did you mean \"front\"?)"),
        ComposeCase(
            "networks: {bck: }",
            "4:16: error E-REF: \"networks\" refers to an unknown network \"bck\" (did you mean \"back\"?)"),
        ComposeCase(
            "networks: {front: {alias: [x]}}",
            "4:24: error E-KEY: unknown key \"alias\" (did you mean \"aliases\"?)"),
        ComposeCase(
            "networks: {front: {aliases: ['a b']}}",
            "4:34: error E-NAME: an element of \"aliases\" must be letters, digits, \".\", \"_\" and \"-\", "
                + "found \"a b\""),
        ComposeCase(
            "networks: {front: {ipv4_address: 10.9.1.7}}",
            "4:38: error E-IP: \"ipv4_address\" must be inside 10.9.0.0/24, found \"10.9.1.7\""),
        ComposeCase(
            "networks: {front: {ipv4_address: 10.9.0.0}}",
            "4:38: error E-IP: \"ipv4_address\" cannot be the address of 10.9.0.0/24 itself, found "
                + "\"10.9.0.0\""
        ),
        ComposeCase(
            "networks: {front: {ipv4_address: 10.9.0.255}}",
            "4:38: error E-IP: \"ipv4_address\" cannot be the broadcast address of 10.9.0.0/24, "
                + "found \"10.9.0.255\""),
        ComposeCase(
            "networks: {front: {ipv4_address: 10.9.0.1}}",
            "4:38: error E-IP: \"ipv4_address\" cannot be the gateway of 10.9.0.0/24, found \"10.9.0.1\""),
        ComposeCase(
            "networks: {back: {ipv4_address: 10.8.0.254}}",
            "4:37: error E-IP: \"ipv4_address\" cannot be the gateway of 10.8.0.0/24, found \"10.8.0.254\""),
        ComposeCase(
            "networks: {plain: {ipv4_address: 10.8.0.4}}",
            "4:38: error E-IP: \"ipv4_address\" needs a network with a subnet; give \"plain\" one "
                + "under \"ipam\""
        ),
        ComposeCase(
            "network_mode: host\nnetworks: [front]",
            "4:5: error E-EXCLUSIVE: \"network_mode\" and \"networks\" exclude each other; remove one of them"
        ),
        ComposeCase(
            "network_mode: front",
            "4:19: error E-VALUE: \"network_mode\" cannot be the network \"front\"; list it under "
                + "\"networks\""
        ),
        ComposeCase(
            "network_mode: hots",
            "4:19: error E-VALUE: \"network_mode\" cannot be \"hots\" (did you mean \"host\"?)"),
        ComposeCase(
            "network_mode: service:b",
            "4:19: error E-REF: \"network_mode\" refers to an unknown service \"b\" (declared: a)"),
        ComposeCase("network_mode: service:a", "4:19: error E-CYCLE: services wait for each other: a -> a"),
        ComposeCase(
            "network_mode: host\nports: ['80:80']",
            "5:5: error E-EXCLUSIVE: \"ports\" cannot be given with this \"network_mode\": "
                + "the container has no network of its own"),
        ComposeCase(
            "network_mode: container:xy\nhostname: h",
            "5:5: error E-EXCLUSIVE: \"hostname\" cannot be given with this \"network_mode\": "
                + "the container has no network of its own"),
        ComposeCase(
            "hostname: a_b",
            "4:15: error E-HOST: \"hostname\" must be a host name: letters, digits and \"-\", in "
                + "parts of at most "
                + "63 with \".\" between them, found \"a_b\""),
        ComposeCase(
            "extra_hosts: ['a:10.0.0.256']",
            "4:19: error E-IP: an element of \"extra_hosts\" must have an IPv4 or IPv6 address or "
                + "host-gateway, "
                + "found \"a:10.0.0.256\""),
    ]

    @Test(arguments: refusals)
    func isRefused(_ example: ComposeCase) throws { try example.check(after: Self.networks) }

    @Test(arguments: [
        ("8080:8x", "E-PORT: an element of \"ports\" has \"8x\", which is no port, found \"8080:8x\""),
        ("0:80", "E-RANGE: an element of \"ports\" must have ports from 1 to 65535, found \"0:80\""),
        ("80:65536", "E-RANGE: an element of \"ports\" must have ports from 1 to 65535, found \"80:65536\""),
        ("-1:80", "E-PORT: an element of \"ports\" has \"-1\", which is no port, found \"-1:80\""),
        ("080:80", "E-PORT: an element of \"ports\" has \"080\", which is no port, found \"080:80\""),
        (":80", "E-PORT: an element of \"ports\" has \"\", which is no port, found \":80\""),
        (
            "8000-8010:80",
            "E-RANGE: an element of \"ports\" must have as many host ports as container ports, "
                + "found \"8000-8010:80\""
        ),
        (
            "1-65535:1-65535",
            "E-RANGE: an element of \"ports\" has a range of more than 256 ports, found \"1-65535:1-65535\""
        ),
        ("82-80", "E-RANGE: an element of \"ports\" has a range that ends before it begins, found \"82-80\""),
        (
            "80:80/icmp",
            "E-PORT: an element of \"ports\" must end with /tcp, /udp or /sctp, found \"80:80/icmp\""
        ),
        (
            "10.0.0.256:80:80",
            "E-IP: an element of \"ports\" must have an IPv4 address, or an IPv6 address in "
                + "brackets, before the "
                + "ports, found \"10.0.0.256:80:80\""
        ),
        (
            "::1:80:80",
            "E-PORT: an element of \"ports\" must be a port mapping such as \"8080:80\" or "
                + "\"127.0.0.1:8080:80/udp\", found \"::1:80:80\""
        ),
    ])
    func isNoPort(_ text: String, _ expected: String) throws {
        #expect(try complaints("ports: ['\(text)']") == ["compose.yaml:4:13: error \(expected)"])
    }

    @Test func mistakesInTheLongForm() throws {
        let lines = try complaints("ports: [{target: 0, published: 80-81, protcol: tcp, mode: swarm}]")
        let expected = [
            "4:22: error E-RANGE: \"target\" must have ports from 1 to 65535, found \"0\"",
            "4:36: error E-PORT: \"published\" must be one port, found \"80-81\"",
            "4:43: error E-KEY: unknown key \"protcol\" (did you mean \"protocol\"?)",
            "4:63: error E-VALUE: \"mode\" cannot be \"swarm\" (allowed: host, ingress)",
        ]
        #expect(lines == expected.map { "compose.yaml:\($0)" })
    }
}
