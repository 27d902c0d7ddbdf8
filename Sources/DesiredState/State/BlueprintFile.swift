/// What the parties of one kind have in common: a directory below `blueprints/`.
struct BlueprintFile: Sendable {
    var name: String
    /// Compose project name; like every `YAMLNode` here, its variables are not filled in.
    var project: YAMLNode?
    /// Directory on the host that config files are written to.
    var confsDirectory: YAMLNode?
    /// The published ports that other parties dial.
    var endpointPorts: [EndpointPort: YAMLNode] = [:]
    /// Whether TLS is expected at the first of them.
    var endpointSecure: YAMLNode?
    var variables: [VariableDeclaration]
    /// Variables whose declaration cannot be read.
    var unreadableVariables: Set<String> = []
    var directories: [DirectoryDeclaration]
    var files: [ConfigFileDeclaration]
    /// The files that are derived from the endpoints of all parties.
    var routeTables: [RouteTableDeclaration] = []
    /// The FATE that it is made for; `nil` when it does not say.
    var release: ReleaseDeclaration?
    var services = ServiceDeclarations()
    /// Keys of config files that must be the address of a container.
    var addresses: [AddressAgreement] = []
    /// Variables that count only while a data directory is empty.
    var firstStart: [FirstStartDeclaration] = []
    /// The service that a party may have more than one of.
    var nodes: NodeDeclaration?
    /// The whole of compose.yaml.
    var compose: YAMLNode?
    /// Config files by their path below `confs/`.
    var confs: [String: [UInt8]]

    static func directory(of name: String) -> String { "blueprints/\(name)" }

    /// Reads the directory of a blueprint; `nil` after reporting why not.
    static func decode(
        _ name: String, from tree: SourceTree, into diagnostics: inout [Diagnostic]
    ) -> BlueprintFile? {
        let directory = directory(of: name)
        let compose = read(directory + "/compose.yaml", from: tree, into: &diagnostics).flatMap {
            YAMLNode.parse($0, file: directory + "/compose.yaml", into: &diagnostics)
        }
        let file = directory + "/blueprint.yaml"
        guard let bytes = read(file, from: tree, into: &diagnostics) else { return nil }
        let confs = tree.files(below: directory + "/confs")
        return FileHeader.read(bytes, file: file, kind: "Blueprint", into: &diagnostics) { reader in
            var blueprint = BlueprintFile(
                name: name, variables: [], directories: [], files: [], compose: compose, confs: confs)
            blueprint.readKeys(&reader)
            reader.collect { diagnostics in
                blueprint.checkServices(into: &diagnostics)
                blueprint.checkNamedValues(into: &diagnostics)
            }
            return blueprint
        }
    }

    private static func read(
        _ file: String, from tree: SourceTree, into diagnostics: inout [Diagnostic]
    ) -> [UInt8]? {
        if let bytes = tree.files[file] { return bytes }
        let message = "a blueprint needs the file \(file)"
        diagnostics.append(Diagnostic(code: "E-MISSING-FILE", at: SourceLocation(file: file), message))
        return nil
    }

    private mutating func readKeys(_ reader: inout MapReader) {
        let nameNode = reader.node("name", .required)
        if let nameNode, let written = reader.collect({ nameNode.text("\"name\"", into: &$0) }),
            written != name
        {
            let message =
                "\"name\" must equal the name of the directory, \(name.inQuotes), found \(written.inQuotes)"
            reader.report("E-NAME", at: nameNode.location, message)
        }
        _ = reader.string("description")
        project = reader.node("project", .required)
        confsDirectory = reader.node("confs", .required)
        let endpoint = reader.map("endpoint") { reader in
            (ports: reader.endpointPorts(.required), isSecure: reader.node("secure"))
        }
        endpointPorts = endpoint?.ports ?? [:]
        endpointSecure = endpoint?.isSecure
        let declared = (
            reader.entries("variables") ?? [], reader.list("directories") ?? [], reader.list("files") ?? []
        )
        reader.collect { diagnostics in
            variables = declared.0.compactMap { VariableDeclaration.read($0, into: &diagnostics) }
            unreadableVariables = Set(declared.0.map(\.key)).subtracting(variables.map(\.name))
            directories = declared.1.compactMap { DirectoryDeclaration.read($0, into: &diagnostics) }
            files = declared.2.compactMap { ConfigFileDeclaration.read($0, into: &diagnostics) }
            checkFilePaths(into: &diagnostics)
        }
        services = ServiceDeclarations(&reader)
        release = reader.map("release") { ReleaseDeclaration.read(&$0) } ?? nil
        nodes = reader.map("nodes") { NodeDeclaration.read(&$0) } ?? nil
        let agreed = (reader.list("addresses") ?? [], reader.list("firstStart") ?? [])
        reader.collect { diagnostics in
            addresses = agreed.0.compactMap { AddressAgreement.read($0, into: &diagnostics) }
            firstStart = agreed.1.compactMap { FirstStartDeclaration.read($0, into: &diagnostics) }
        }
        if let node = reader.node("routeTable") {
            routeTables = reader.collect { RouteTableDeclaration.readAll(node, into: &$0) }
        }
        for table in routeTables where confs[table.path] != nil {
            let message =
                "\(table.path) is derived from the endpoints of all parties; remove the file of that name from confs/"
            reader.report("E-ROUTE", at: table.pathLocation, message)
        }
    }

    /// Whether a file is derived from the endpoints of all parties.
    func derives(_ path: String) -> Bool { routeTables.contains { $0.path == path } }

    private func checkFilePaths(into diagnostics: inout [Diagnostic]) {
        var lines: [String: Int] = [:]
        for file in files {
            if let line = lines[file.path] {
                let message = "\(file.path.inQuotes) is listed twice, first in line \(line)"
                diagnostics.append(Diagnostic(code: "E-DUP", at: file.location, message))
            } else {
                lines[file.path] = file.location.line
            }
        }
    }

    /// Checks that every service that is named exists.
    private func checkServices(into diagnostics: inout [Diagnostic]) {
        guard let known = compose?["services"]?.entries?.map(\.key) else { return }
        let named =
            files.flatMap(\.services).map { ($0.name, $0.location) } + services.places
            + addresses.map { ($0.service, $0.serviceLocation) }
            + [nodes].compactMap { $0 }.map { ($0.service.value, $0.service.location) }
        for (name, location) in named where !known.contains(name) {
            diagnostics.append(.unknownReference("service", name, in: known, at: location))
        }
    }
}

extension Diagnostic {
    /// A name that means nothing, with the nearest one that does.
    static func unknownReference(
        _ what: String, _ name: String, in known: some Collection<String>, at location: SourceLocation,
        code: String = "E-REF"
    ) -> Diagnostic {
        let hint =
            if let near = nearest(name, in: known) {
                "did you mean \(near.inQuotes)?"
            } else if known.isEmpty {
                "there is none"
            } else {
                "known: \(known.sorted().joined(separator: ", "))"
            }
        return Diagnostic(code: code, at: location, "unknown \(what) \(name.inQuotes) (\(hint))")
    }
}
