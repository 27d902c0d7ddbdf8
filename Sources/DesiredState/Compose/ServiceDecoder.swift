/// Reads one service of compose.yaml, a group of keys at a time.
struct ServiceDecoder {
    let name: String
    let scope: ComposeScope
    var service: ComposeService
    var container: ContainerSpec
    /// What is mounted where, to find places that are taken twice.
    var targets: [String: SourceLocation] = [:]

    static func decode(
        _ entry: YAMLEntry, in scope: ComposeScope, into diagnostics: inout [Diagnostic]
    ) -> ComposeService? {
        guard entry.isResourceKey("service", into: &diagnostics) else { return nil }
        let what = "service \(entry.key.inQuotes)"
        return MapReader.read(entry.value, as: what, into: &diagnostics) { reader in
            var decoder = ServiceDecoder(entry, in: scope)
            decoder.readIdentity(&reader)
            decoder.readProcess(&reader)
            decoder.readNetworking(&reader)
            decoder.readStorage(&reader)
            decoder.readResources(&reader)
            decoder.readIsolation(&reader)
            decoder.readDependencies(&reader)
            return decoder.result
        }
    }

    private init(_ entry: YAMLEntry, in scope: ComposeScope) {
        name = entry.key
        self.scope = scope
        let place = entry.keyLocation
        let containerName = ComposeScope.containerName(of: entry.key, in: scope.project)
        container = ContainerSpec(name: containerName, image: "")
        service = ComposeService(
            spec: ServiceSpec(name: entry.key, container: container), location: place,
            containerName: Located(containerName, at: place), image: Located("", at: place))
    }

    private var result: ComposeService {
        var result = service
        result.spec.container = container
        for dependency in service.dependencies where !result.spec.dependsOn.contains(dependency.value) {
            result.spec.dependsOn.append(dependency.value)
        }
        return result
    }

    private mutating func readIdentity(_ reader: inout MapReader) {
        if let node = reader.node("image", .required),
            let image = reader.attempt("\"image\"", node, ImageName.init)
        {
            container.image = image.text
            service.image = Located(image.text, at: node.location)
            service.imageWarning = image.warning
        }
        if let node = reader.node("container_name"),
            let name = reader.attempt("\"container_name\"", node, YAMLNode.dockerName)
        {
            container.name = name
            service.containerName = Located(name, at: node.location)
        }
        container.labels = reader.labels()
    }

    /// Refers to another service, which then has to exist first; `nil` after a report.
    mutating func reference(_ node: YAMLNode, to other: String) throws(ComposeMistake) -> String {
        guard let containerName = scope.containerName(of: other) else { throw scope.unknownService(other) }
        service.dependencies.append(Located(other, at: node.location))
        return containerName
    }

    private mutating func readDependencies(_ reader: inout MapReader) {
        guard let node = reader.node("depends_on") else { return }
        switch node.content {
        case .list(let elements):
            for element in elements {
                let what = "an element of \"depends_on\""
                guard let other = reader.attempt(what, element, YAMLNode.openWord) else { continue }
                depend(on: other, at: element, &reader)
            }
        case .map(let entries):
            for entry in entries {
                var place = entry.value
                place.location = entry.keyLocation
                depend(on: entry.key, at: place, &reader)
                var diagnostics: [Diagnostic] = []
                readDependency(entry, into: &diagnostics)
                reader.collect { $0 += diagnostics }
            }
        default:
            reader.report(
                "E-TYPE", at: node.location, "\"depends_on\" must be a list or a map, found \(node.typeName)")
        }
    }

    private mutating func depend(on other: String, at node: YAMLNode, _ reader: inout MapReader) {
        do {
            _ = try reference(node, to: other)
        } catch {
            reader.report(error.code, at: node.location, "\"depends_on\" \(error.message)")
        }
    }

    private mutating func readDependency(_ entry: YAMLEntry, into diagnostics: inout [Diagnostic]) {
        let restarts = MapReader.read(entry.value, as: entry.key.inQuotes, into: &diagnostics) { reader in
            let restarts = reader.boolean("restart") ?? false
            let condition = reader.value("condition", .required) { node throws(ComposeMistake) in
                try node.choice(of: ["service_started", "service_healthy"])
            }
            guard condition == "service_healthy" else { return restarts }
            let message =
                "fatesync starts \(name.inQuotes) after \(entry.key.inQuotes), but does not wait "
                + "until that is healthy"
            let place = reader.node("condition")?.location ?? entry.keyLocation
            reader.collect { $0.append(Diagnostic(.warning, code: "W-DEPENDS", at: place, message)) }
            return restarts
        }
        if restarts == true { service.spec.restartsWith.append(entry.key) }
    }
}

extension YAMLNode {
    /// One of a few words.
    func choice(of words: [String]) throws(ComposeMistake) -> String {
        let text = try openWord()
        if words.contains(text) { return text }
        let hint =
            nearest(text, in: words).map { "did you mean \($0.inQuotes)?" }
            ?? "allowed: \(words.joined(separator: ", "))"
        throw ComposeMistake("cannot be \(text.inQuotes) (\(hint))")
    }
}
