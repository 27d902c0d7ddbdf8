/// A properties file: keys with values, in order, without comments.
///
/// Comments are not kept, because shell scripts that look for a key with `grep` find a commented copy too.
struct PropertiesDocument {
    struct Entry {
        var key: String
        var keyLocation: SourceLocation
        var value: YAMLNode
    }

    /// The name in the section line, with which Python's configparser reads the file as well as Java.
    var section: String?
    private(set) var entries: [Entry] = []
    /// Where each key is in `entries`, as both readers tell keys apart.
    private var places: [String: Int] = [:]
    /// Comments that repeat a key, in a file that scripts read too.
    var copies: [Entry] = []

    /// Lays a flat map of scalars over the file.
    mutating func merge(_ overrides: YAMLNode, into diagnostics: inout [Diagnostic]) {
        for change in overrides.map("the override of a properties file", into: &diagnostics) ?? [] {
            guard change.value.text(change.key.inQuotes, into: &diagnostics) != nil else { continue }
            if let index = places[folded(change.key)] {
                entries[index].value = change.value
                entries[index].keyLocation = change.keyLocation
            } else {
                add(Entry(key: change.key, keyLocation: change.keyLocation, value: change.value))
            }
        }
    }

    /// Reports comments that repeat a key.
    ///
    /// `egg_pair_bootstrap.sh` looks for keys with `grep`, finds both lines and takes them for one value.
    func refuseCopies(into diagnostics: inout [Diagnostic]) {
        for copy in copies {
            let line = entries.first { $0.key == copy.key }?.keyLocation.line ?? 0
            let message =
                "the comment repeats the key \(copy.key.inQuotes) of line \(line), and scripts that look for it "
                + "with grep find both; remove the comment"
            diagnostics.append(Diagnostic(code: "E-DUP", at: copy.keyLocation, message))
        }
    }

    /// Adds an entry of the file, or reports that its key is there already.
    mutating func append(_ entry: Entry, into diagnostics: inout [Diagnostic]) {
        guard let first = places[folded(entry.key)] else { return add(entry) }
        let line = entries[first].keyLocation.line
        let message = "duplicate key \(entry.key.inQuotes), first used in line \(line)"
        diagnostics.append(Diagnostic(code: "E-DUP", at: entry.keyLocation, message))
    }

    private mutating func add(_ entry: Entry) {
        places[folded(entry.key)] = entries.count
        entries.append(entry)
    }

    /// Python's configparser does not tell upper from lower case in keys.
    private func folded(_ key: String) -> String { section == nil ? key : key.lowercased() }

    /// The file with its variables filled in.
    func render(_ variables: Variables, into diagnostics: inout [Diagnostic]) -> RenderedConfig? {
        var text = section.map { "[\($0)]\n" } ?? ""
        var isSecret = false
        var written: [YAMLEntry] = []
        for entry in entries {
            let value = entry.value.substituting(variables, into: &diagnostics)
            written.append(YAMLEntry(key: entry.key, keyLocation: entry.keyLocation, value: value))
            isSecret = isSecret || value.isSecret
            guard section != nil else {
                text += PropertiesText.key(entry.key) + "=" + PropertiesText.value(value.raw) + "\n"
                continue
            }
            if let problem = PropertiesText.problemWithSharedKey(entry.key) {
                let message = "the key \(entry.key.inQuotes) \(problem)"
                diagnostics.append(Diagnostic(code: "E-VALUE", at: entry.keyLocation, message))
            }
            if let problem = PropertiesText.problemWithSharedValue(value.raw) {
                let message = "the value of \(entry.key.inQuotes) \(problem)"
                diagnostics.append(Diagnostic(code: "E-VALUE", at: value.location, message))
            }
            text += entry.key + "=" + value.raw + "\n"
        }
        let place = entries.first?.keyLocation ?? SourceLocation(file: "")
        return RenderedConfig(
            text, isSecret: isSecret, tree: YAMLNode(location: place, content: .map(written)))
    }
}

/// How keys and values are written so that their readers get them back.
enum PropertiesText {
    static func key(_ key: String) -> String {
        escape(key) { index, scalar in
            " =:".unicodeScalars.contains(scalar) || (index == 0 && "#!".unicodeScalars.contains(scalar))
        }
    }

    static func value(_ value: String) -> String {
        let last = value.unicodeScalars.count - 1
        return escape(value) { index, scalar in
            (index == 0 && " #!=:".unicodeScalars.contains(scalar)) || (index == last && scalar == " ")
        }
    }

    /// Java's escapes; `isSpecial` tells which characters get a backslash at which place.
    private static func escape(_ text: String, isSpecial: (Int, Unicode.Scalar) -> Bool) -> String {
        if text.utf8.allSatisfy(isPlain) { return text }
        var result = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{C}": result += "\\f"
            case " "..."~":
                if isSpecial(index, scalar) { result += "\\" }
                result.unicodeScalars.append(scalar)
            default:
                // Java reads a properties file as Latin-1 or as UTF-8, depending on how it is opened.
                for unit in String(scalar).utf16 { result += "\\u" + unit.fourHexDigits }
            }
        }
        return result
    }

    /// Whether a byte is nowhere special.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "-")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Why Java and Python's configparser would not both read the key; `nil` if they do.
    static func problemWithSharedKey(_ key: String) -> String? {
        if key.isEmpty { return "is empty" }
        if key.unicodeScalars.contains(where: {
            !("!"..."~").contains($0) || ":=\\".unicodeScalars.contains($0)
        }) {
            return "has a character other than ASCII letters, digits and most signs; \(bothReaders)"
        }
        if let first = key.unicodeScalars.first, "#!;[".unicodeScalars.contains(first) {
            return "begins with \"\(first)\"; \(bothReaders)"
        }
        return nil
    }

    /// Why Java and Python's configparser would not both read the value as it is; `nil` if they do.
    static func problemWithSharedValue(_ value: String) -> String? {
        for scalar in value.unicodeScalars {
            switch scalar {
            case "%": return "has a \"%\", with which Python's configparser reads no key of this file"
            case "\\": return "has a backslash, which Java drops and Python keeps"
            case " "..."~": continue
            default: return "has a line break, a control or a non-ASCII character; \(bothReaders)"
            }
        }
        if value.hasPrefix(" ") || value.hasSuffix(" ") {
            return "begins or ends with a blank; \(bothReaders)"
        }
        return nil
    }

    private static let bothReaders = "Java and Python's configparser do not read it alike"
}
