extension YAMLNode {
    /// A string; so is a variable of any type, because Compose fills variables in before it looks at types.
    func word() throws(ComposeMistake) -> String {
        if case .string(let text) = content { return text }
        if isSubstituted, isScalar, !isNull { return raw }
        let hint = isScalar && !isNull ? " (put it in quotes)" : ""
        throw ComposeMistake("E-TYPE", "must be a string, found \(typeName)\(hint)")
    }

    /// A string that ends up in a label, a name or a message, where no secret may be.
    func openWord() throws(ComposeMistake) -> String {
        try refuseSecret()
        return try word()
    }

    func refuseSecret() throws(ComposeMistake) {
        guard isSecret else { return }
        throw ComposeMistake("E-SECRET", "cannot hold a secret: plans and the journal show it")
    }

    /// The text of any scalar, as a program in the container sees it.
    ///
    /// Compose's YAML reader takes some plain scalars for numbers or dates and writes them back differently:
    /// `1.50` becomes `1.5`, `0x1F` becomes `31`. Those need quotes.
    func plainText() throws(ComposeMistake) -> String {
        guard isScalar, !isNull else { throw ComposeMistake("E-TYPE", "must be a string, found \(typeName)") }
        if isQuoted || isSubstituted || !isRewrittenByCompose { return raw }
        throw ComposeMistake("must be put in quotes: Compose would not keep \(raw) as it is written")
    }

    private var isRewrittenByCompose: Bool {
        switch content {
        case .decimal(let text):
            guard let number = Double(text) else { return true }
            return "\(number)" != text || number.magnitude >= 1_000_000
        case .string(let text):
            let isOtherBoolean = text != text.lowercased() && ["true", "false"].contains(text.lowercased())
            return isOtherBoolean || PlainScalar.looksNumeric(text) || Self.looksLikeDate(text)
        default:
            return false
        }
    }

    /// `2020-01-01`, with or without a time.
    private static func looksLikeDate(_ text: String) -> Bool {
        let parts = text.prefix { $0 != "T" && $0 != "t" && $0 != " " }
            .split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].utf8.count == 4 && parts.allSatisfy { !$0.isEmpty && $0.isDigits }
    }
}

extension StringProtocol {
    /// Whether there is nothing but ASCII digits.
    var isDigits: Bool { utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }

    /// Whether there is nothing but ASCII letters, digits and `others`.
    func isAlphanumeric(or others: String) -> Bool {
        utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: others.utf8.contains(byte)
            }
        }
    }
}

extension MapReader {
    /// A string that is not empty.
    mutating func word(_ key: String) -> String? {
        value(key) { node throws(ComposeMistake) in
            let text = try node.openWord()
            if text.isEmpty { throw ComposeMistake("cannot be empty") }
            return text
        }
    }
}
