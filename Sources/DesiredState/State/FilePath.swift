/// The rules for paths that the state repository names.
enum FilePath {
    /// A path below a directory, or `nil` after a report.
    static func relative(_ node: YAMLNode, _ what: String, into diagnostics: inout [Diagnostic]) -> String? {
        guard let text = node.string(what, into: &diagnostics) else { return nil }
        if !text.hasPrefix("/"), isClean(text[...]) { return text }
        let message = "\(what) must be a path such as eggroll/conf/eggroll.properties, found \(text.inQuotes)"
        diagnostics.append(Diagnostic(code: "E-PATH", at: node.location, message))
        return nil
    }

    /// A path on the host below `base`, or `nil` after a report.
    ///
    /// fatesync writes there as root, so the repository must not be able to name any other place.
    static func onHost(
        _ node: YAMLNode, _ what: String, below base: String, into diagnostics: inout [Diagnostic]
    ) -> String? {
        guard let text = node.string(what, into: &diagnostics) else { return nil }
        guard text.hasPrefix("/"), isClean(text.dropFirst()) else {
            let message =
                "\(what) must be an absolute path without \"..\", \".\" or empty parts, found \(text.inQuotes)"
            diagnostics.append(Diagnostic(code: "E-PATH", at: node.location, message))
            return nil
        }
        guard text.hasPrefix(base + "/") else {
            let message =
                "\(what) must be below ${BASE_DIR}, which is \(base) on this host; found \(text.inQuotes)"
            diagnostics.append(Diagnostic(code: "E-PATH", at: node.location, message))
            return nil
        }
        return text
    }

    private static func isClean(_ path: Substring) -> Bool {
        path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 255
                && !part.unicodeScalars.contains(where: \.isUnsafeToPrint)
        }
    }
}

extension MapReader {
    /// A path below a directory; `nil` when there is none, or after a report.
    mutating func relativePath(_ node: YAMLNode?) -> String? {
        node.flatMap { node in collect { FilePath.relative(node, "\"path\"", into: &$0) } }
    }
}
