extension YAMLNode {
    /// What the node is, for messages: `a list`, `the integer 5`.
    var typeName: String {
        switch content {
        case .null: "nothing"
        case .list: "a list"
        case .map: "a map"
        case _ where isSecret: "a secret"
        case .bool(let value): "the boolean \(value)"
        case .integer(let value): "the integer \(value)"
        case .decimal(let text): "the number \(text)"
        case .string(let text): "the string \(text.inQuotes)"
        }
    }

    /// The string, or `nil` after a report; a number or boolean without quotes is no string.
    func string(_ what: String, into diagnostics: inout [Diagnostic]) -> String? {
        if case .string(let text) = content { return text }
        let hint = isScalar && !isNull ? " (put it in quotes)" : ""
        return mismatch(what, "a string", hint: hint, into: &diagnostics)
    }

    /// The text of any scalar but null, or `nil` after a report: for values that other programs read as text.
    func text(_ what: String, into diagnostics: inout [Diagnostic]) -> String? {
        guard isScalar, !isNull else { return mismatch(what, "a string", into: &diagnostics) }
        return raw
    }

    /// The integer, or `nil` after a report.
    func integer(
        _ what: String, in range: ClosedRange<Int64> = .min ... .max, into diagnostics: inout [Diagnostic]
    ) -> Int64? {
        guard case .integer(let value) = content else { return notInteger(what, into: &diagnostics) }
        guard range.contains(value) else {
            let message = "\(what) must be from \(range.lowerBound) to \(range.upperBound), found \(value)"
            diagnostics.append(Diagnostic(code: "E-RANGE", at: location, message))
            return nil
        }
        return value
    }

    private func notInteger(_ what: String, into diagnostics: inout [Diagnostic]) -> Int64? {
        guard case .string(let text) = content, !isQuoted, !isSecret else {
            let isDigits = isQuoted && !isSubstituted && PlainScalar.isDecimalInteger(raw)
            let hint = isDigits ? " (remove the quotes)" : ""
            return mismatch(what, "an integer", hint: hint, into: &diagnostics)
        }
        if PlainScalar.looksLikePortMapping(text) {
            let message =
                "\(what) must be an integer, found \(text.inQuotes), which looks like a port mapping"
            diagnostics.append(Diagnostic(code: "E-INT", at: location, message))
            return nil
        }
        guard PlainScalar.looksNumeric(text) else { return mismatch(what, "an integer", into: &diagnostics) }
        let message = "\(what) must be a decimal integer such as 9370, found \(text.inQuotes)"
        diagnostics.append(Diagnostic(code: "E-INT", at: location, message))
        return nil
    }

    /// The boolean, or `nil` after a report.
    func boolean(_ what: String, into diagnostics: inout [Diagnostic]) -> Bool? {
        if case .bool(let value) = content { return value }
        if !isQuoted, !isSecret, PlainScalar.isBooleanWord(raw) {
            let meant = ["yes", "on", "y", "true"].contains(raw.lowercased())
            let message = "\(what) must be true or false, found \(raw.inQuotes) (write \(meant))"
            diagnostics.append(Diagnostic(code: "E-BOOL", at: location, message))
            return nil
        }
        let isWord = isQuoted && !isSubstituted && (raw == "true" || raw == "false")
        return mismatch(what, "true or false", hint: isWord ? " (remove the quotes)" : "", into: &diagnostics)
    }

    /// The elements of a list, or `nil` after a report.
    func list(_ what: String, into diagnostics: inout [Diagnostic]) -> [YAMLNode]? {
        elements ?? mismatch(what, "a list", into: &diagnostics)
    }

    /// The entries of a map, or `nil` after a report.
    func map(_ what: String, into diagnostics: inout [Diagnostic]) -> [YAMLEntry]? {
        entries ?? mismatch(what, "a map", into: &diagnostics)
    }

    /// The strings of a list, without those that are reported.
    func strings(_ what: String, into diagnostics: inout [Diagnostic]) -> [String]? {
        guard let elements = list(what, into: &diagnostics) else { return nil }
        return elements.compactMap { $0.string("an element of \(what)", into: &diagnostics) }
    }

    /// The texts of a map of scalars, in the order of the file, without those that are reported.
    func texts(_ what: String, into diagnostics: inout [Diagnostic]) -> [(key: String, value: String)]? {
        guard let entries = map(what, into: &diagnostics) else { return nil }
        return entries.compactMap { entry in
            entry.value.text(entry.key.inQuotes, into: &diagnostics).map { (entry.key, $0) }
        }
    }

    private func mismatch<Value>(
        _ what: String, _ wanted: String, hint: String = "", into diagnostics: inout [Diagnostic]
    ) -> Value? {
        let message = "\(what) must be \(wanted), found \(typeName)\(hint)"
        diagnostics.append(Diagnostic(code: "E-TYPE", at: location, message))
        return nil
    }
}
