/// The labels that fatesync sets itself, so that nobody else may.
enum ReservedLabels {
    private static let prefixes = ["io.fatesync", "com.docker.compose"]

    /// Reports reserved keys of `labels`, in either of Compose's forms: a map, or a list of `key=value`.
    static func refuse(in labels: YAMLNode, into diagnostics: inout [Diagnostic]) {
        for entry in labels.entries ?? [] { check(entry.key, at: entry.keyLocation, into: &diagnostics) }
        for element in labels.elements ?? [] {
            let key = element.raw.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)[0]
            check(String(key), at: element.location, into: &diagnostics)
        }
    }

    /// Reports reserved keys on every service, network and volume of a Compose file.
    static func refuse(inCompose root: YAMLNode, into diagnostics: inout [Diagnostic]) {
        for section in ["services", "networks", "volumes"] {
            for entry in root[section]?.entries ?? [] {
                if let labels = entry.value["labels"] { refuse(in: labels, into: &diagnostics) }
            }
        }
    }

    private static func check(_ key: String, at place: SourceLocation, into diagnostics: inout [Diagnostic]) {
        for prefix in prefixes where key == prefix || key.hasPrefix(prefix + ".") {
            let message = "the label \(key.inQuotes) is reserved: fatesync sets \(prefix).* itself"
            diagnostics.append(Diagnostic(code: "E-LABEL", at: place, message))
        }
    }
}
