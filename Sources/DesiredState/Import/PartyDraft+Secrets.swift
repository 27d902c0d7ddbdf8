extension PartyDraft {
    /// Makes variables of the secrets in config files and in the environments of services.
    mutating func nameSecrets() {
        for (path, bytes) in confs.sorted(by: { $0.key < $1.key }) {
            for (key, value, line) in Self.settings(path, bytes) where ImportSecrets.isSecret(value, of: key)
            {
                note(value, key: key, at: location(path, line: line))
            }
        }
        for service in services {
            guard let environment = service.value["environment"] else { continue }
            for entry in environment.entries ?? []
            where ImportSecrets.isSecret(entry.value.raw, of: entry.key) {
                note(entry.value.raw.undoublingDollars, key: entry.key, at: entry.value.location)
            }
            for element in environment.elements ?? [] {
                let halves = element.raw.split(separator: "=", maxSplits: 1).map(String.init)
                guard halves.count == 2, ImportSecrets.isSecret(halves[1], of: halves[0]) else { continue }
                note(halves[1].undoublingDollars, key: halves[0], at: element.location)
            }
        }
        let names = secretNames
        compose.edit(key: "services") { services in services.editStrings { Self.hide(names, in: $0) } }
    }

    private mutating func note(_ value: String, key: String, at place: SourceLocation) {
        if let same = variables.first(where: { $0.type == .secret && $0.value == value }) {
            secrets[same.name] = secrets[same.name] ?? place
            return
        }
        let name = declare(
            Variable(name: ImportSecrets.variable(for: key), type: .secret, value: value, summary: nil))
        secrets[name] = place
    }

    /// Its secrets and their variables, the longest first.
    var secretNames: [(value: String, name: String)] {
        variables.filter { $0.type == .secret }.map { ($0.value, $0.name) }
            .sorted { ($1.value.count, $0.name) < ($0.value.count, $1.name) }
    }

    /// A template with the variables of the secrets in it.
    ///
    /// A short one is only looked for as the whole text, because it may be a part of any word.
    static func hide(_ secrets: [(value: String, name: String)], in text: String) -> String {
        var text = text
        for (value, name) in secrets {
            let written = value.doublingDollars
            if text == written { return "${\(name)}" }
            if value.utf8.count >= shortest { text = text.replacing(text: written, with: "${\(name)}") }
        }
        return text
    }

    /// Bytes that a secret must have to be found inside other text.
    static let shortest = 6

    /// The keys and values of a file, whatever its format, with their lines.
    private static func settings(_ path: String, _ bytes: [UInt8]) -> [(
        key: String, value: String, line: Int
    )] {
        var ignored: [Diagnostic] = []
        let endings: [(String, ConfigFormat)] = [
            (".yaml", .yaml), (".yml", .yaml), (".json", .json), (".properties", .properties),
        ]
        let format = endings.first { path.hasSuffix($0.0) }?.1
        let tree: YAMLNode? =
            switch format {
            case .yaml: YAMLNode.parse(bytes, file: path, into: &ignored)
            case .json: YAMLNode.parseJSON(bytes, file: path, into: &ignored)
            default: nil
            }
        if let tree {
            return tree.scalars().map { (key: $0.path, value: $0.node.raw, line: $0.node.location.line) }
        }
        if format == .properties, let text = SourceText.check(bytes, file: path, into: &ignored),
            let document = PropertiesDocument.parse(text, file: path, into: &ignored)
        {
            return document.entries.map { (key: $0.key, value: $0.value.raw, line: $0.keyLocation.line) }
        }
        guard bytes.count <= SourceText.maximumBytes else { return [] }
        let lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().compactMap { index, line in
            setting(line).map { (key: $0.key, value: $0.value, line: index + 1) }
        }
    }

    /// `key=value`, `key: value`, or the password of a database user.
    private static func setting(_ line: Substring) -> (key: String, value: String)? {
        if let range = line.range(ofText: "IDENTIFIED BY '") {
            return sqlString(line[range.upperBound...]).map { (key: "mysql_password", value: $0) }
        }
        guard let separator = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else { return nil }
        let key = line[..<separator].trimmingBlanks
        guard !key.contains(" ") else { return nil }
        let value = line[line.index(after: separator)...].trimmingBlanks
        let quotes: Set<Character> = ["'", "\""]
        let isQuoted =
            value.count > 1 && value.first.map(quotes.contains) == true && value.first == value.last
        return (key, isQuoted ? String(value.dropFirst().dropLast()) : value)
    }

    /// The string of MySQL that goes on with `rest`; `nil` when it is not closed.
    private static func sqlString(_ rest: Substring) -> String? {
        var text = ""
        var rest = rest
        while let character = rest.popFirst() {
            if character == "\\" {
                if let escaped = rest.popFirst() { text.append(escaped) }
            } else if character != "'" {
                text.append(character)
            } else if rest.first == "'" {
                text.append(rest.removeFirst())
            } else {
                return text
            }
        }
        return nil
    }
}

extension String {
    /// The text of a template that holds no variable.
    fileprivate var undoublingDollars: String { replacing(text: "$$", with: "$") }

    /// The text as a string of MySQL has it between its quotes.
    var escapedForSQL: String { replacing(text: "\\", with: "\\\\").replacing(text: "'", with: "''") }
}
