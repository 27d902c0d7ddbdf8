/// Compose's ways to write ports.
enum PortMapping {
    /// The engine opens every port of a range by itself, with a process for each.
    private static let maximumRange = 256
    private static let protocols = ["tcp", "udp", "sctp"]
    private static let shortForm = "must be a port mapping such as \"8080:80\" or \"127.0.0.1:8080:80/udp\""

    /// The published ports that a text such as `3000-3002:4000-4002` describes.
    static func bindings(of node: YAMLNode) throws(ComposeMistake) -> [PortBinding] {
        guard node.isScalar, !node.isNull else { throw node.mistake("E-TYPE", "must be a port mapping") }
        try node.refuseSecret()
        let (text, proto) = try splitProtocol(node)
        var (address, ports) = try splitAddress(text, node)
        let container = try range(ports.removeLast(), node)
        guard let host = ports.last, !(host.isEmpty && !address.isEmpty) else {
            return container.map {
                PortBinding(containerPort: $0, proto: proto, hostAddress: address, hostPort: 0)
            }
        }
        let published = try range(host, node)
        guard published.count == container.count else {
            throw node.mistake("E-RANGE", "must have as many host ports as container ports")
        }
        return zip(published, container).map { host, container in
            PortBinding(containerPort: container, proto: proto, hostAddress: address, hostPort: host)
        }
    }

    /// The keys of the ports of an element of `expose`, such as `80/tcp`.
    static func exposed(_ node: YAMLNode) throws(ComposeMistake) -> [String] {
        guard node.isScalar, !node.isNull else { throw node.mistake("E-TYPE", "must be a port") }
        try node.refuseSecret()
        let (text, proto) = try splitProtocol(node)
        return try range(text, node).map { "\($0)/\(proto)" }
    }

    private static func splitProtocol(
        _ node: YAMLNode
    ) throws(ComposeMistake) -> (text: Substring, proto: String) {
        let halves = node.raw.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else { return (halves[0], "tcp") }
        let proto = halves[1].lowercased()
        guard protocols.contains(proto) else {
            throw node.mistake("E-PORT", "must end with /tcp, /udp or /sctp")
        }
        return (halves[0], proto)
    }

    /// The host's address, or nothing, and the one or two ports behind it.
    private static func splitAddress(
        _ text: Substring, _ node: YAMLNode
    ) throws(ComposeMistake) -> (address: String, ports: [Substring]) {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]"), text[end...].hasPrefix("]:") else {
                throw node.mistake("E-PORT", shortForm)
            }
            let address = try hostAddress(String(text[text.index(after: text.startIndex)..<end]), node)
            let ports = text[text.index(end, offsetBy: 2)...].split(
                separator: ":", omittingEmptySubsequences: false)
            guard ports.count == 2 else { throw node.mistake("E-PORT", shortForm) }
            return (address, ports)
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        switch parts.count {
        case 1, 2: return ("", parts)
        case 3: return (try hostAddress(String(parts[0]), node), Array(parts[1...]))
        default: throw node.mistake("E-PORT", shortForm)
        }
    }

    private static func hostAddress(_ text: String, _ node: YAMLNode) throws(ComposeMistake) -> String {
        if IPv4Number(text) != nil || IPv6Text.isAddress(text) { return text }
        throw node.mistake(
            "E-IP", "must have an IPv4 address, or an IPv6 address in brackets, before the ports")
    }

    /// One port or `FIRST-LAST`.
    private static func range(_ text: Substring, _ node: YAMLNode) throws(ComposeMistake) -> ClosedRange<Int>
    {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, ends.allSatisfy({ PlainScalar.isDecimalInteger(String($0)) }) else {
            throw node.mistake("E-PORT", "has \(String(text).inQuotes), which is no port")
        }
        let ports = ends.compactMap { Int($0) }.filter { (1...65535).contains($0) }
        guard ports.count == ends.count, let first = ports.first, let last = ports.last else {
            throw node.mistake("E-RANGE", "must have ports from 1 to 65535")
        }
        guard first <= last else { throw node.mistake("E-RANGE", "has a range that ends before it begins") }
        guard last - first < maximumRange else {
            throw node.mistake("E-RANGE", "has a range of more than \(maximumRange) ports")
        }
        return first...last
    }

    /// The published port that a map of `target`, `published` and so on describes.
    static func longForm(_ node: YAMLNode, into diagnostics: inout [Diagnostic]) -> PortBinding? {
        let read = MapReader.read(node, as: "an element of \"ports\"", into: &diagnostics) { reader in
            let target = reader.value("target", .required) { node throws(ComposeMistake) in try port(node) }
            let published = reader.value("published") { node throws(ComposeMistake) in try port(node) }
            let proto = reader.value("protocol") { node throws(ComposeMistake) in
                try node.choice(of: protocols)
            }
            let address = reader.value("host_ip") { node throws(ComposeMistake) in
                try hostAddress(try node.openWord(), node)
            }
            // Both are the same for a container that no swarm runs.
            _ = reader.value("mode") { node throws(ComposeMistake) in
                try node.choice(of: ["host", "ingress"])
            }
            return target.map {
                PortBinding(
                    containerPort: $0, proto: proto ?? "tcp", hostAddress: address ?? "",
                    hostPort: published ?? 0)
            }
        }
        return read ?? nil
    }

    private static func port(_ node: YAMLNode) throws(ComposeMistake) -> Int {
        try node.refuseSecret()
        guard node.isScalar, PlainScalar.isDecimalInteger(node.raw) else {
            throw node.mistake("E-PORT", "must be one port")
        }
        return try range(node.raw[...], node).lowerBound
    }
}
