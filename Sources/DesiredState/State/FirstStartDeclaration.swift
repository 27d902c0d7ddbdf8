/// An entry of `firstStart`: a variable that a program takes only while its data directory is empty.
struct FirstStartDeclaration: Sendable {
    var variable: String
    var location: SourceLocation
    /// Like `instead`, its variables are not filled in.
    var directory: YAMLNode
    /// Path below `confs/` of what the first start reads.
    var script: String
    /// Path below `confs/` of a client's file that has the value.
    var file: String
    var key: String
    var instead: YAMLNode

    static func read(_ node: YAMLNode, into diagnostics: inout [Diagnostic]) -> FirstStartDeclaration? {
        let read = MapReader.read(node, as: "the element of \"firstStart\"", into: &diagnostics) { reader in
            let variableNode = reader.node("variable", .required)
            let variable = variableNode.flatMap { node in
                reader.collect { node.string("\"variable\"", into: &$0) }
            }
            let directory = reader.node("directory", .required)
            let script = reader.relativePath(reader.node("script", .required))
            let file = reader.relativePath(reader.node("file", .required))
            let key = reader.string("key", .required)
            let instead = reader.node("instead", .required)
            guard let variable, let variableNode, let directory, let script, let file, let key, let instead
            else { return FirstStartDeclaration?.none }
            return FirstStartDeclaration(
                variable: variable, location: variableNode.location, directory: directory, script: script,
                file: file, key: key, instead: instead)
        }
        return read ?? nil
    }
}

extension BlueprintFile {
    /// Checks that variables and files that `firstStart`, `nodes` and `addresses` name exist.
    func checkNamedValues(into diagnostics: inout [Diagnostic]) {
        let declared = variables.map(\.name) + unreadableVariables
        for entry in firstStart {
            if !declared.contains(entry.variable) {
                diagnostics.append(
                    .unknownReference("variable", entry.variable, in: declared, at: entry.location))
            }
            for path in [entry.script, entry.file] where confs[path] == nil {
                diagnostics.append(
                    .unknownReference("config file", path, in: confs.keys, at: entry.location))
            }
        }
        for (path, location) in nodes?.files ?? [] where confs[path] == nil {
            diagnostics.append(.unknownReference("config file", path, in: confs.keys, at: location))
        }
        for entry in addresses where confs[entry.file] == nil {
            diagnostics.append(
                .unknownReference("config file", entry.file, in: confs.keys, at: entry.location))
        }
    }
}

extension PartyScope {
    /// What the party's programs take at their first start only.
    func firstStart(in confs: String?, into diagnostics: inout [Diagnostic]) -> [FirstStartValue] {
        guard let confs else { return [] }
        return blueprint.firstStart.compactMap { entry in
            let directory = FilePath.onHost(
                fill(entry.directory, &diagnostics), "\"directory\"", below: context.dataDirectory,
                into: &diagnostics)
            let advice = entry.instead.substituting(variables.withoutSecrets, into: &diagnostics)
            guard let directory, let instead = advice.text("\"instead\"", into: &diagnostics) else {
                return nil
            }
            return FirstStartValue(
                variable: entry.variable, directory: directory, script: "\(confs)/\(entry.script)",
                file: "\(confs)/\(entry.file)", key: entry.key, instead: instead)
        }
    }
}

extension PartyVariables {
    /// The values with the name of each secret in its place, for texts that people read.
    var withoutSecrets: Variables {
        var result = variables
        for (name, value) in result.values where value.isSecret {
            result.values[name] = .string("<\(name)>")
        }
        return result
    }
}
