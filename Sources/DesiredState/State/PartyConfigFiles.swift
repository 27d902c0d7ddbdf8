/// The config files of one party as they go to its host.
struct RenderedFiles {
    var specs: [FileSpec] = []
    /// Keys and values with the places where each is written, by path below `confs/`; of formats that have keys.
    var trees: [String: YAMLNode] = [:]
}

/// The config files of one party: the blueprint's, with those that the party replaces or adds.
struct PartyConfigFiles {
    let party: PartyFile
    let blueprint: BlueprintFile
    let variables: Variables
    /// Directory on the host that they are written to.
    let directory: String

    private struct Source {
        var file: String
        var bytes: [UInt8]
    }

    /// Renders every file but the derived ones, in the order of their names.
    func render(into diagnostics: inout [Diagnostic]) -> RenderedFiles {
        let sources = sources(into: &diagnostics)
        let declarations = Dictionary(blueprint.files.map { ($0.path, $0) }) { first, _ in first }
        checkDeclared(in: sources, into: &diagnostics)
        let overrides = overrides(declarations, sources, into: &diagnostics)
        var files = RenderedFiles()
        for (path, source) in sources.sorted(by: { $0.key < $1.key }) {
            let declaration = declarations[path]
            if declaration?.hasUnknownFormat == true { continue }
            var file = FileSpec(
                path: "\(directory)/\(path)", name: path, content: source.bytes,
                format: declaration?.format, onChange: .nothing)
            declaration?.complete(&file)
            if let format = declaration?.format {
                let template = ConfigTemplate(source.bytes, format: format, file: source.file)
                guard
                    let rendered = template.render(variables, overrides: overrides[path], into: &diagnostics)
                else { continue }
                file.content = rendered.bytes
                file.isSecret = rendered.isSecret
                files.trees[path] = rendered.tree
            }
            files.specs.append(file)
        }
        return files
    }

    private func sources(into diagnostics: inout [Diagnostic]) -> [String: Source] {
        var sources: [String: Source] = [:]
        for (path, bytes) in blueprint.confs {
            let file = "\(BlueprintFile.directory(of: blueprint.name))/confs/\(path)"
            sources[path] = Source(file: file, bytes: bytes)
        }
        for (path, bytes) in party.confs {
            let file = "\(PartyFile.directory(of: party.id))/confs/\(path)"
            if blueprint.derives(path) {
                let message = "\(path) is derived from the endpoints of all parties; remove this file"
                diagnostics.append(Diagnostic(code: "E-ROUTE", at: SourceLocation(file: file), message))
            }
            sources[path] = Source(file: file, bytes: bytes)
        }
        for table in blueprint.routeTables { sources[table.path] = nil }
        for (path, source) in sources {
            for parent in Self.parents(of: path) where sources[parent] != nil {
                let message = "\(parent) is a file, so it cannot hold this one"
                diagnostics.append(
                    Diagnostic(code: "E-LAYOUT", at: SourceLocation(file: source.file), message))
            }
        }
        return sources
    }

    private static func parents(of path: String) -> [String] {
        let parts = path.split(separator: "/")
        return parts.indices.dropFirst().map { parts[..<$0].joined(separator: "/") }
    }

    private func checkDeclared(in sources: [String: Source], into diagnostics: inout [Diagnostic]) {
        for declaration in blueprint.files
        where sources[declaration.path] == nil && !blueprint.derives(declaration.path) {
            let near = nearest(declaration.path, in: sources.keys)
            let hint = near.map { "did you mean \($0.inQuotes)?" } ?? "add it, or remove this entry"
            let message = "there is no confs/\(declaration.path) (\(hint))"
            diagnostics.append(Diagnostic(code: "E-MISSING-FILE", at: declaration.location, message))
        }
    }

    /// The party's changes to single keys, by file.
    private func overrides(
        _ declarations: [String: ConfigFileDeclaration], _ sources: [String: Source],
        into diagnostics: inout [Diagnostic]
    ) -> [String: YAMLNode] {
        var overrides: [String: YAMLNode] = [:]
        for entry in party.confOverrides where !entry.value.isNull {
            let format = declarations[entry.key]?.format
            if blueprint.derives(entry.key) {
                let message =
                    "\(entry.key) is derived from the endpoints of all parties; it cannot be overridden"
                diagnostics.append(Diagnostic(code: "E-ROUTE", at: entry.keyLocation, message))
            } else if sources[entry.key] == nil {
                diagnostics.append(
                    .unknownReference("config file", entry.key, in: sources.keys, at: entry.keyLocation))
            } else if format == nil || format == .sql || format == .text {
                let now = format.map { "is of format \($0)" } ?? "is copied verbatim"
                let message =
                    "\(entry.key) \(now), so it has no keys to override; put a whole file into "
                    + "\(PartyFile.directory(of: party.id))/confs"
                diagnostics.append(Diagnostic(code: "E-FORMAT", at: entry.keyLocation, message))
            } else {
                overrides[entry.key] = entry.value
            }
        }
        return overrides
    }
}
