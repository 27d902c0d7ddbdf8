extension YAMLNode {
    /// An absolute path of the host.
    func hostPath() throws(ComposeMistake) -> String { try openWord().absolutePath(on: "the host") }

    /// An absolute path in the container.
    func containerPath() throws(ComposeMistake) -> String { try openWord().absolutePath(on: "the container") }
}

extension String {
    /// The path without a slash at its end, if it is absolute and says the same to everybody.
    func absolutePath(on place: String) throws(ComposeMistake) -> String {
        guard hasPrefix("/") else {
            let reason = place == "the host" ? ", because compose.yaml has no directory there" : ""
            throw ComposeMistake("E-PATH", "must be an absolute path on \(place)\(reason), found \(inQuotes)")
        }
        var path = self
        if path.count > 1, path.hasSuffix("/") { path.removeLast() }
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let isClean = parts.allSatisfy { part in
            !part.isEmpty && part != "." && part != ".." && part.utf8.count <= 255 && part.last != " "
                && part.first != " " && !part.unicodeScalars.contains(where: \.isUnsafeToPrint)
        }
        if isClean || path == "/" { return path }
        throw ComposeMistake(
            "E-PATH",
            "must be a path without \"..\", \".\", empty parts and spaces at their ends, found \(inQuotes)")
    }
}
