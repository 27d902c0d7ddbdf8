/// Turns the Compose file of one party into one that every party of its kind can have.
struct ComposeDraft {
    /// The party's id, the directory that relative paths start from, and what stands for BASE_DIR.
    let id: String
    let directory: String
    let dataDirectory: String
    /// The directory as a blueprint writes it.
    let template: String
    private(set) var findings: [ImportFinding] = []

    init(id: String, directory: String, dataDirectory: String) {
        self.id = id
        self.directory = directory
        self.dataDirectory = dataDirectory
        let below =
            directory.hasPrefix(dataDirectory + "/")
            ? directory.dropFirst(dataDirectory.count) : directory[...]
        let isBelow = directory.hasPrefix(dataDirectory + "/")
        template = (isBelow ? "${BASE_DIR}" : "") + String(below).naming(party: id)
    }

    /// Rewrites the paths of the host: absolute, and below BASE_DIR where they are.
    func rewritePaths(_ root: YAMLNode) -> YAMLNode {
        var root = root
        root.edit("services") { service in
            service.edit("volumes") { mount in
                if mount.entries != nil {
                    if mount["type"]?.raw == "bind" { mount.edit(key: "source") { $0.setText(path($0.raw)) } }
                } else if mount.isScalar, let text = Self.splitMount(mount.raw), Self.isPath(text.source) {
                    mount.setText(path(text.source) + text.rest)
                }
            }
        }
        root.edit("volumes") { volume in
            volume.edit(key: "driver_opts") { options in
                options.edit(key: "device") { if Self.isPath($0.raw) { $0.setText(path($0.raw)) } }
            }
        }
        return root
    }

    private static func isPath(_ text: String) -> Bool { text.hasPrefix("/") || text.hasPrefix(".") }

    private static func splitMount(_ text: String) -> (source: String, rest: String)? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        return (String(text[..<colon]), String(text[colon...]))
    }

    /// An absolute path of the host with the variables of a blueprint.
    func path(_ text: String) -> String {
        var path = text
        if path.hasPrefix(".") {
            var parts = directory.split(separator: "/").map(String.init)
            for part in path.split(separator: "/") where part != "." {
                if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
            }
            path = "/" + parts.joined(separator: "/")
        }
        if path.count > 1, path.hasSuffix("/") { path.removeLast() }
        if path == directory || path.hasPrefix(directory + "/") {
            return template + path.dropFirst(directory.count)
        }
        if path.hasPrefix(dataDirectory + "/") { return "${BASE_DIR}" + path.dropFirst(dataDirectory.count) }
        return path
    }

    /// Takes out what fatesync does not have, and lists it, until the rest can be read.
    mutating func pruned(
        _ root: YAMLNode, filledWith variables: Variables, project: String
    ) -> (root: YAMLNode, project: ComposeProject)? {
        var root = root
        for _ in 0..<200 {
            var diagnostics: [Diagnostic] = []
            let filled = root.substituting(variables, into: &diagnostics)
            ReservedLabels.refuse(inCompose: filled, into: &diagnostics)
            let decoded = ComposeProject.decode(filled, defaultName: project, into: &diagnostics)
            let errors = diagnostics.filter { $0.severity == .error }.sorted()
            if errors.isEmpty { return decoded.map { (root: root, project: $0) } }
            let before = ConfigValue(root)
            for error in errors {
                guard let smaller = root.removing(at: error.location) else { continue }
                root = smaller
                findings.append(ImportFinding(.leftOut, at: error.location, Self.reason(error)))
            }
            if ConfigValue(root) == before {
                findings += errors.map { ImportFinding(.leftOut, at: $0.location, Self.reason($0)) }
                return nil
            }
        }
        return nil
    }

    /// The message without the keys that are allowed: who wrote the file did not write it for fatesync.
    private static func reason(_ error: Diagnostic) -> String {
        guard error.code == "E-KEY", let range = error.message.range(ofText: " (") else {
            return error.message
        }
        return error.message[..<range.lowerBound] + ", which a state repository does not have"
    }
}

extension String {
    /// The text with the id of a party, where it stands alone, as the variable for it.
    func naming(party id: String) -> String { replacing(number: id, with: "${PARTY_ID}") }

    /// The text with a number or address replaced where it is not a part of a longer one.
    func replacing(number: String, with new: String) -> String {
        var result = ""
        var rest = self[...]
        while let range = rest.range(ofText: number) {
            let before = rest[..<range.lowerBound].last ?? result.last
            let after = rest[range.upperBound...].first
            let isAlone = before.map { !$0.isNumber } ?? true && after.map { !$0.isNumber } ?? true
            result += rest[..<range.lowerBound] + (isAlone ? new : number)
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}

extension StringProtocol where SubSequence == Substring {
    /// The first place of a text; `nil` if there is none.
    func range(ofText text: String) -> Range<Index>? {
        guard !text.isEmpty else { return nil }
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) {
                return start..<index(start, offsetBy: text.count)
            }
            start = index(after: start)
        }
        return nil
    }

    /// The text with every occurrence of `old` replaced.
    func replacing(text old: String, with new: String) -> String {
        var result = ""
        var rest = self[startIndex...]
        while let range = rest.range(ofText: old) {
            result += rest[..<range.lowerBound] + new
            rest = rest[range.upperBound...]
        }
        return result + rest
    }
}
