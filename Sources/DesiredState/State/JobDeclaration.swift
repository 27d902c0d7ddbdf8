/// `jobs` and `stopTimeouts` of a blueprint: what keeps the work of running jobs safe.
struct JobDeclaration: Sendable {
    var service: String
    var port: Int
    var api: JobGuard.API
    var guards: Set<String>

    /// Reads `jobs`; answers also where services are named.
    static func read(
        _ reader: inout MapReader
    ) -> (declaration: JobDeclaration?, places: [(service: String, location: SourceLocation)]) {
        let serviceNode = reader.node("service", .required)
        let service = serviceNode.flatMap { node in
            reader.collect { node.string("\"service\"", into: &$0) }
        }
        let port = reader.integer("port", .required, in: 1...65535)
        var api: JobGuard.API?
        if let node = reader.node("api", .required),
            let text = reader.collect({ node.string("\"api\"", into: &$0) })
        {
            api = JobGuard.API(rawValue: text)
            if api == nil {
                reader.reportChoice("api", text, of: JobGuard.API.allCases.map(\.rawValue), at: node.location)
            }
        }
        let guards = reader.values("guards") { node throws(ComposeMistake) in try node.openWord() }
        if guards.isEmpty {
            reader.report("E-REQUIRED", at: reader.location(of: "guards"), "\"guards\" needs a service")
        }
        var places = guards.map { (service: $0.value, location: $0.location) }
        if let service, let serviceNode { places.append((service, serviceNode.location)) }
        guard let service, let port, let api else { return (nil, places) }
        let declaration = JobDeclaration(
            service: service, port: Int(port), api: api, guards: Set(guards.map(\.value)))
        return (declaration, places)
    }

    /// The declaration with the patience of a party.
    func resolved(maxHold: Int?) -> JobGuard {
        JobGuard(
            service: service, port: port, api: api, guards: guards,
            maxHold: maxHold ?? JobGuard.defaultMaxHold)
    }
}

extension PartyFile {
    /// The longest time that jobs may hold a change: a month.
    private static let holdLimit = 30 * 86_400

    /// Reads `maxHold`: seconds; `nil` when it is absent, or after a report.
    static func maxHold(_ reader: inout MapReader) -> Int? {
        guard let seconds = reader.value("maxHold", YAMLNode.wholeSeconds) else { return nil }
        if seconds <= holdLimit { return seconds }
        reader.report("E-RANGE", at: reader.location(of: "maxHold"), "\"maxHold\" must be from 0s to 720h")
        return nil
    }
}
