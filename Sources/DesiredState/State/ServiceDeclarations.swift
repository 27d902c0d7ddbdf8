/// What a blueprint says about its services beyond compose.yaml: `probes`, `data`, `stopTimeouts` and `jobs`.
///
/// Nothing is filled in here: ports, paths and commands are those inside the container, which belong to the image.
struct ServiceDeclarations: Sendable {
    /// How each service shows that it serves.
    private(set) var probes: [String: Probe] = [:]
    /// Directories in the writable layer of each service whose content a recreate would lose.
    private(set) var data: [String: [String]] = [:]
    /// Seconds that each service has between its stop signal and its end.
    private(set) var stopTimeouts: [String: Int] = [:]
    private(set) var jobs: JobDeclaration?
    /// Where services are named.
    private(set) var places: [(service: String, location: SourceLocation)] = []

    init() {}

    init(_ reader: inout MapReader) {
        for entry in reader.entries("probes") ?? [] {
            places.append((entry.key, entry.keyLocation))
            probes[entry.key] = reader.collect { Probe.read(entry.value, into: &$0) }
        }
        for entry in reader.entries("data") ?? [] {
            places.append((entry.key, entry.keyLocation))
            data[entry.key] = reader.collect { Self.paths(entry, into: &$0) }
        }
        for entry in reader.entries("stopTimeouts") ?? [] {
            places.append((entry.key, entry.keyLocation))
            stopTimeouts[entry.key] = reader.attempt(entry.key.inQuotes, entry.value, YAMLNode.stopTimeout)
        }
        let asked = reader.map("jobs") { JobDeclaration.read(&$0) }
        jobs = asked?.declaration
        places += asked?.places ?? []
    }

    /// Adds to a service what is said about the one of the blueprint that it is an instance of.
    func complete(_ service: inout ServiceSpec, as name: String) {
        service.probe = probes[name]
        service.data = data[name] ?? []
        service.stopTimeout = stopTimeouts[name]
    }

    private static func paths(_ entry: YAMLEntry, into diagnostics: inout [Diagnostic]) -> [String] {
        guard let elements = entry.value.list(entry.key.inQuotes, into: &diagnostics) else { return [] }
        return elements.compactMap { node in
            do throws(ComposeMistake) {
                return try node.containerPath()
            } catch {
                let message = "an element of \(entry.key.inQuotes) \(error.message)"
                diagnostics.append(Diagnostic(code: error.code, at: node.location, message))
                return nil
            }
        }
    }
}

extension YAMLNode {
    /// Seconds that a program may take to end.
    fileprivate func stopTimeout() throws(ComposeMistake) -> Int {
        let seconds = try wholeSeconds()
        if 1...3600 ~= seconds { return seconds }
        throw ComposeMistake("E-RANGE", "must be from 1s to 3600s")
    }
}

extension Probe {
    /// An entry of `probes`: exactly one of `tcp`, `http` and `exec`, and a `timeout`.
    fileprivate static func read(_ node: YAMLNode, into diagnostics: inout [Diagnostic]) -> Probe? {
        let read = MapReader.read(node, as: "the probe", into: &diagnostics) { reader -> Probe? in
            let tcp = reader.integer("tcp", in: 1...65535).map { Check.tcp(port: Int($0)) }
            let http = reader.node("http").flatMap { readHTTP($0, &reader) }
            let exec = readCommand(&reader)
            let seconds = readTimeout(&reader)
            let written = ["tcp", "http", "exec"].filter { reader.node($0) != nil }
            if written.count != 1 {
                let found = written.isEmpty ? "none" : written.joined(separator: " and ")
                reader.report(
                    "E-VALUE", at: node.location,
                    "the probe needs exactly one of \"tcp\", \"http\" and \"exec\", found \(found)")
            }
            return (tcp ?? http ?? exec).map { Probe($0, timeout: seconds) }
        }
        return read ?? nil
    }

    /// `8080/` or `8080/path`.
    private static func readHTTP(_ node: YAMLNode, _ reader: inout MapReader) -> Check? {
        guard let text = reader.collect({ node.text("\"http\"", into: &$0) }) else { return nil }
        let digits = text.prefix { $0 != "/" }
        let path = text[digits.endIndex...]
        let isPlain = path.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        if PlainScalar.isDecimalInteger(String(digits)), let port = Int(digits), 1...65535 ~= port, isPlain {
            return .http(port: port, path: path.isEmpty ? "/" : String(path))
        }
        reader.report(
            "E-VALUE", at: node.location,
            "\"http\" must be a port and a path such as \"8080/\", found \(text.inQuotes)")
        return nil
    }

    private static func readCommand(_ reader: inout MapReader) -> Check? {
        guard let command = reader.strings("exec") else { return nil }
        if !command.isEmpty { return .exec(command) }
        reader.report("E-VALUE", at: reader.location(of: "exec"), "\"exec\" needs a program")
        return nil
    }

    private static func readTimeout(_ reader: inout MapReader) -> Int {
        guard let seconds = reader.value("timeout", YAMLNode.wholeSeconds) else { return defaultTimeout }
        if 1...3600 ~= seconds { return seconds }
        reader.report("E-RANGE", at: reader.location(of: "timeout"), "\"timeout\" must be from 1s to 3600s")
        return defaultTimeout
    }
}
