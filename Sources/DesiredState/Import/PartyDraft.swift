/// A party as it was read, in the form of a blueprint of its own.
struct PartyDraft {
    struct Variable: Equatable {
        var name: String
        var type: VariableType
        var value: String
        var summary: String?
        /// Whether parties with the same value leave it to the blueprint.
        var isDefault = false
    }

    var id: String
    /// The directory below which its files were read, for messages: `confs-10000`.
    var origin: String
    /// compose.yaml with the variables of a blueprint.
    var compose: YAMLNode
    /// The Compose project, with variables.
    var project: String
    /// The directory of config files on the host, with variables.
    var confsDirectory: String
    /// Config files by their path below `confs/`.
    var confs: [String: [UInt8]]
    var variables: [Variable] = []
    /// The secrets among the variables, where each was found.
    var secrets: [String: SourceLocation] = [:]
    /// The part of a name that tells the version, such as `1.5.1`.
    var version: String?
    /// What others dial, as far as somebody knows.
    var address: String?

    /// The place of a config file, for messages.
    func location(_ path: String, line: Int = 1) -> SourceLocation {
        SourceLocation(file: "\(origin)/confs/\(path)", line: line)
    }

    /// Forgets the empty file that the engine leaves in a mounted directory as a mount point for another file.
    mutating func dropMountPoint(into findings: inout [ImportFinding]) {
        let path = "fate_flow/conf/pipeline_conf.yaml"
        guard confs[path]?.isEmpty == true else { return }
        confs[path] = nil
        findings.removeAll { $0.location.file == location(path).file }
        let message = "the engine made this empty file as a mount point; it is not imported"
        findings.append(ImportFinding(.note, at: location(path), message))
    }

    var services: [YAMLEntry] { compose["services"]?.entries ?? [] }

    func has(_ service: String) -> Bool { compose["services"]?[service] != nil }

    func value(of variable: String) -> String? {
        variable == "PARTY_ID" ? id : variables.first { $0.name == variable }?.value
    }

    /// The values that its templates are filled in from.
    func values(dataDirectory: String) -> Variables {
        var values: [String: VariableValue] = [
            "PARTY_ID": Int64(id).map(VariableValue.integer) ?? .string(id),
            "BASE_DIR": .string(dataDirectory),
        ]
        for variable in variables {
            switch variable.type {
            case .secret: values[variable.name] = .secret(variable.value)
            case .port, .integer: values[variable.name] = Int64(variable.value).map(VariableValue.integer)
            default: values[variable.name] = .string(variable.value)
            }
        }
        return Variables(values)
    }

    /// Adds a variable, or finds the one that says the same; its name.
    mutating func declare(_ variable: Variable) -> String {
        if let same = variables.first(where: { $0.name == variable.name }) {
            if same.value == variable.value { return same.name }
            var other = variable
            var number = 2
            while let taken = variables.first(where: { $0.name == other.name }), taken.value != other.value {
                other.name = "\(variable.name)_\(number)"
                number += 1
            }
            if variables.contains(where: { $0.name == other.name }) { return other.name }
            variables.append(other)
            return other.name
        }
        variables.append(variable)
        return variable.name
    }
}
