import Testing

@testable import DesiredState

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
        let place = SourceLocation(file: "f.yaml", line: Int.random(in: 1...99, using: &generator))
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

    @Test func noValueStopsTheDecoder() throws {
        let example = try Example().text(Example.compose)
        let base = try #require(parsed(example))
        let keys = """
            image command entrypoint environment ports expose volumes networks network_mode restart ipc user \
            working_dir hostname container_name labels healthcheck depends_on stop_grace_period stop_signal mem_limit \
            memswap_limit cpus pids_limit shm_size ulimits cap_add cap_drop security_opt devices gpus deploy tmpfs \
            read_only init sysctls logging extra_hosts
            """.split(separator: " ").map(String.init)
        let inner = """
            name driver driver_opts ipam attachable internal labels external config subnet gateway ip_range target \
            published protocol host_ip mode type source bind create_host_path size aliases ipv4_address condition test \
            interval timeout retries start_period disable soft hard nofile resources limits reservations memory pids \
            count device_ids capabilities options fate-network mysql o device
            """.split(separator: " ").map(String.init)
        var generator = SeededGenerator(seed: 5)
        var reported = 0
        for round in 0..<3_000 {
            var service: [YAMLEntry] = []
            for key in keys.shuffled(using: &generator).prefix(6) {
                let value = node(&generator, depth: 4, from: inner)
                service.append(YAMLEntry(key: key, keyLocation: base.location, value: value))
            }
            let section = ["services", "networks", "volumes"][round % 3]
            let entries = ["mysql", "fate-network", "download_dir"].map { name in
                let value =
                    section == "services"
                    ? YAMLNode(location: base.location, content: .map(service))
                    : node(&generator, depth: 4, from: inner)
                return YAMLEntry(key: name, keyLocation: base.location, value: value)
            }
            let change = YAMLEntry(
                key: section, keyLocation: base.location,
                value: YAMLNode(location: base.location, content: .map(entries)))
            var diagnostics: [Diagnostic] = []
            let root = base.merging(YAMLNode(location: base.location, content: .map([change])))
            let project = ComposeProject.decode(root, defaultName: "party", into: &diagnostics)
            #expect(project != nil)
            reported += diagnostics.count
        }
        #expect(reported > 3_000)
    }
}
