import Testing

@testable import DesiredState

extension YAMLNode {
    fileprivate static let null = YAMLNode(location: .init(file: "f.yaml"), content: .null)
}

/// compose.yaml comes from whoever can push, so no text may stop the decoder.
struct ComposeFuzzTests {
    private static let pieces = [
        "", "/", ":", "-", "=", ",", ".", "..", "0", "1", "80", "65535", "65536", "99999999999999999999",
        "-1", "a",
        "A", "[", "]", "::1", "10.0.0.1", "255.255.255.255", "/8", "/30", "m", "g", "p", "kib", "s", "ms",
        "h", "udp",
        "on-failure", "container", "service", "b", "data", "front", "CMD", "all", "@sha256", "'", "\"", "\\",
        " ", "é",
        "SIGRTMIN+", "rwm", "true", "1.5", "size", "ro", "~", "null",
    ]

    private func node(_ generator: inout SeededGenerator, depth: Int, from keys: [String]) -> YAMLNode {
        let place = YAMLNode.null.location
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &generator) {
        case 4:
            let elements = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                node(&generator, depth: depth - 1, from: keys)
            }
            return YAMLNode(location: place, content: .list(elements))
        case 5:
            var entries: [YAMLEntry] = []
            for key in keys.shuffled(using: &generator).prefix(Int.random(in: 0...5, using: &generator)) {
                let value = node(&generator, depth: depth - 1, from: keys)
                entries.append(YAMLEntry(key: key, keyLocation: place, value: value))
            }
            return YAMLNode(location: place, content: .map(entries))
        default:
            let count = Int.random(in: 0...5, using: &generator)
            let text = (0..<count).compactMap { _ in Self.pieces.randomElement(using: &generator) }.joined()
            return Bool.random(using: &generator) ? .plain(text, at: place) : .quoted(text, at: place)
        }
    }

    private static let serviceKeys = """
        image command entrypoint environment ports expose volumes networks network_mode restart ipc user \
        working_dir hostname container_name labels healthcheck depends_on stop_grace_period stop_signal \
        mem_limit memswap_limit cpus pids_limit shm_size ulimits cap_add cap_drop security_opt devices \
        gpus deploy tmpfs read_only init sysctls logging extra_hosts
        """.split(separator: " ").map(String.init)
    private static let innerKeys = """
        name driver driver_opts ipam attachable internal labels external config subnet gateway ip_range \
        target published protocol host_ip mode type source bind create_host_path size aliases \
        ipv4_address condition test interval timeout retries start_period disable soft hard nofile \
        resources limits reservations memory pids count device_ids capabilities options fate-network \
        mysql o device
        """.split(separator: " ").map(String.init)

    /// A map of one of the three sections, with names that the example has.
    private func section(_ name: String, _ generator: inout SeededGenerator, in base: YAMLNode) -> YAMLEntry {
        let place = base.location
        var keys: [YAMLEntry] = []
        for key in Self.serviceKeys.shuffled(using: &generator).prefix(6) {
            let value = node(&generator, depth: 4, from: Self.innerKeys)
            keys.append(YAMLEntry(key: key, keyLocation: place, value: value))
        }
        let service = YAMLNode(location: place, content: .map(keys))
        let entries = ["mysql", "fate-network", "download_dir"].map { key in
            let value = name == "services" ? service : node(&generator, depth: 4, from: Self.innerKeys)
            return YAMLEntry(key: key, keyLocation: place, value: value)
        }
        let value = YAMLNode(location: place, content: .map(entries))
        return YAMLEntry(key: name, keyLocation: place, value: value)
    }

    @Test func noValueStopsTheDecoder() throws {
        let base = try parsed(try Example().text(Example.compose))
        var generator = SeededGenerator(seed: 5)
        var reported = 0
        for round in 0..<400 {
            let name = ["services", "networks", "volumes"][round % 3]
            let change = section(name, &generator, in: base)
            var diagnostics: [Diagnostic] = []
            let root = base.merging(YAMLNode(location: base.location, content: .map([change])))
            let project = ComposeProject.decode(root, defaultName: "party", into: &diagnostics)
            #expect(project != nil)
            reported += diagnostics.count
        }
        #expect(reported > 400)
    }
}
