extension YAMLNode {
    /// Compose's rule for the name of a project.
    func projectName() throws(ComposeMistake) -> String {
        let text = try openWord()
        let isName =
            text == text.lowercased() && text.isAlphanumeric(or: "_-") && text.first != "-"
            && text.first != "_"
        if isName, !text.isEmpty { return text }
        throw mistake(
            "E-NAME", "must be small letters, digits, \"-\" and \"_\", the first a letter or digit")
    }

    /// Docker's rule for the name of a container, network or volume.
    func dockerName() throws(ComposeMistake) -> String {
        let text = try openWord()
        if text.isDockerName { return text }
        throw mistake(
            "E-NAME",
            "must be two or more letters, digits, \".\", \"_\" and \"-\", the first a letter or digit")
    }

    /// A name that the engine's resolver answers for.
    func alias() throws(ComposeMistake) -> String {
        let text = try openWord()
        if !text.isEmpty, text.utf8.count <= 253, text.isAlphanumeric(or: "._-") { return text }
        throw mistake("E-NAME", "must be letters, digits, \".\", \"_\" and \"-\"")
    }
}

extension YAMLEntry {
    /// Whether the key can name a service, network or volume; if not, reports it.
    func isResourceKey(_ what: String, into diagnostics: inout [Diagnostic]) -> Bool {
        if !key.isEmpty, key.isAlphanumeric(or: "._-") { return true }
        let message =
            "the name of a \(what) must be letters, digits, \".\", \"_\" and \"-\", found \(key.inQuotes)"
        diagnostics.append(Diagnostic(code: "E-NAME", at: keyLocation, message))
        return false
    }
}

extension String {
    /// Letters, digits, `.`, `_` and `-`, at least two, the first one a letter or digit.
    var isDockerName: Bool {
        guard let first = unicodeScalars.first, utf8.count >= 2 else { return false }
        return String(first).isAlphanumeric(or: "") && isAlphanumeric(or: "._-")
    }
}
