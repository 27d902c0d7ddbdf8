/// A config file in the form in which a blueprint or a party keeps it.
struct ConfDraft: Equatable {
    var bytes: [UInt8]
    /// `nil`: copied as it is.
    var format: ConfigFormat?

    /// The form of a file of `party` from which exactly that file is rendered; `nil` when there is none that keeps
    /// its secrets out.
    init?(_ path: String, of party: PartyDraft, dataDirectory: String) {
        let bytes = party.confs[path] ?? []
        let values = party.values(dataDirectory: dataDirectory)
        let fits = { (draft: ConfDraft) in
            !draft.holdsSecret(of: party) && draft.renders(bytes, values, path)
        }
        if let format = FATEFile.named(path)?.format, format.isParsed,
            let draft = Self.keyed(path, bytes, format, of: party), fits(draft)
        {
            self = draft
            return
        }
        let copy = ConfDraft(bytes: bytes, format: nil)
        guard copy.holdsSecret(of: party) else {
            self = copy
            return
        }
        let text = String(decoding: bytes, as: UTF8.self).doublingDollars
        let isSQL = path.hasSuffix(".sql")
        let secrets = party.secretNames.map { secret in
            (value: isSQL ? secret.value.escapedForSQL : secret.value, name: secret.name)
        }
        let hidden = ConfDraft(
            bytes: Array(PartyDraft.hide(secrets, in: text).utf8), format: isSQL ? .sql : .text)
        guard fits(hidden) else { return nil }
        self = hidden
    }

    private init(bytes: [UInt8], format: ConfigFormat?) {
        self.bytes = bytes
        self.format = format
    }

    /// Whether the template makes the file that was read, as its readers see it.
    private func renders(_ original: [UInt8], _ values: Variables, _ path: String) -> Bool {
        guard let rendered = rendered(values, path: path) else { return false }
        let end = original.last == UInt8(ascii: "\n") ? [] : [UInt8(ascii: "\n")]
        let file = FileSpec(path: path, name: path, content: rendered, format: format, onChange: .nothing)
        return rendered == original + end || file.difference(from: original) == .none
    }

    /// The file that is made of it; `nil` when it is no template.
    func rendered(_ values: Variables, path: String, overrides: YAMLNode? = nil) -> [UInt8]? {
        guard let format else { return bytes }
        var mistakes: [Diagnostic] = []
        let template = ConfigTemplate(bytes, format: format, file: path)
        return template.render(values, overrides: overrides, into: &mistakes)?.bytes
    }

    /// Whether a secret stands in it in clear.
    func holdsSecret(of party: PartyDraft) -> Bool {
        guard !party.secretNames.isEmpty else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        if party.secretNames.contains(where: { secret, _ in
            secret.utf8.count >= PartyDraft.shortest
                && (text.range(ofText: secret) ?? text.range(ofText: secret.escapedForSQL)) != nil
        }) {
            return true
        }
        guard let format, format.isParsed else { return Self.hasShortSecret(party, text) }
        return Self.tree(bytes, format)?.scalars().contains { _, node in
            party.secretNames.contains { $0.value.doublingDollars == node.raw }
        } ?? true
    }

    /// Whether a secret that is too short to look for stands between quotes or behind a sign of equality.
    private static func hasShortSecret(_ party: PartyDraft, _ text: String) -> Bool {
        party.secretNames.contains { secret, _ in
            secret.utf8.count < PartyDraft.shortest
                && ["'\(secret)'", "\"\(secret)\"", "=\(secret)", ": \(secret)"].contains {
                    text.range(ofText: $0) != nil
                }
        }
    }

    /// The file with its dollar signs doubled, and variables where the party's own values stand.
    private static func keyed(
        _ path: String, _ bytes: [UInt8], _ format: ConfigFormat, of party: PartyDraft
    ) -> ConfDraft? {
        var ignored: [Diagnostic] = []
        guard let checked = SourceText.check(bytes, file: path, into: &ignored) else { return nil }
        let text = checked.doublingDollars
        guard let tree = tree(Array(text.utf8), format) else { return nil }
        var edits = TextEdits(text)
        for (key, node) in tree.scalars() {
            if let new = replacement(for: node.raw, path, key, of: party) { edits.replace(node, with: new) }
        }
        return ConfDraft(
            bytes: Array(PartyDraft.hide(party.secretNames, in: edits.text).utf8), format: format)
    }

    private static func replacement(
        for value: String, _ path: String, _ key: String, of party: PartyDraft
    ) -> String? {
        if let secret = party.secretNames.first(where: { $0.value.doublingDollars == value }) {
            return "${\(secret.name)}"
        }
        let known = FATEFile.variables.first { $0.path == path && $0.key == key }?.variable
        guard let known, let own = party.value(of: known) else { return nil }
        if value == own { return "${\(known)}" }
        return known == "SERVING_HOST" && value == "\(own):8000" ? "${\(known)}:8000" : nil
    }

    /// The values of a file by their keys; `nil` when it cannot be read.
    static func tree(_ bytes: [UInt8], _ format: ConfigFormat) -> YAMLNode? {
        var mistakes: [Diagnostic] = []
        switch format {
        case .yaml: return YAMLNode.parse(bytes, file: "", into: &mistakes)
        case .json: return YAMLNode.parseJSON(bytes, file: "", into: &mistakes)
        case .properties:
            guard let text = SourceText.check(bytes, file: "", into: &mistakes),
                let document = PropertiesDocument.parse(text, file: "", into: &mistakes)
            else { return nil }
            let entries = document.entries.map {
                YAMLEntry(key: $0.key, keyLocation: $0.keyLocation, value: $0.value)
            }
            return YAMLNode(location: SourceLocation(file: ""), content: .map(entries))
        case .sql, .text: return nil
        }
    }
}

/// Changes to single values of a text, which leave everything else as it is.
private struct TextEdits {
    private var lines: [[Unicode.Scalar]]
    /// By how much what stands behind a place of a line has moved.
    private var shifts: [Int: Int] = [:]

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
    }

    var text: String {
        lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
    }

    /// Replaces a value that stands on one line as it is, with or without quotes; leaves any other alone.
    mutating func replace(_ node: YAMLNode, with new: String) {
        let row = node.location.line - 1
        guard lines.indices.contains(row) else { return }
        let column = node.location.column - 1 + (shifts[row] ?? 0)
        guard column >= 0, column < lines[row].count else { return }
        for quote in ["", "'", "\""] {
            let old = Array((quote + node.raw + quote).unicodeScalars)
            guard lines[row][column...].starts(with: old) else { continue }
            let text = Array((quote + new + quote).unicodeScalars)
            lines[row].replaceSubrange(column..<column + old.count, with: text)
            shifts[row, default: 0] += text.count - old.count
            return
        }
    }
}
