/// The name of an image as the engine takes it.
struct ImageName {
    /// The whole reference as written.
    var text: String
    /// Why the name does not pin the image; `nil` when it does.
    var warning: String?

    init(_ node: YAMLNode) throws(ComposeMistake) {
        text = try node.openWord()
        let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        if halves.count == 2 { try Self.checkDigest(halves[1], node) }
        var name = halves[0]
        var tag: Substring?
        // A colon before the last slash belongs to the registry's port.
        let start = name.lastIndex(of: "/") ?? name.startIndex
        if let colon = name[start...].lastIndex(of: ":") {
            tag = name[name.index(after: colon)...]
            name = name[..<colon]
        }
        if let tag { try Self.checkTag(tag, node) }
        try Self.checkName(name, node)
        guard halves.count == 1 else { return }
        warning = Self.warning(text, tag: tag)
    }

    private static func checkDigest(_ digest: Substring, _ node: YAMLNode) throws(ComposeMistake) {
        let digits = digest.hasPrefix("sha256:") ? digest.dropFirst(7) : ""
        let isHex = digits.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        guard digits.utf8.count == 64, isHex else {
            throw node.mistake("E-IMAGE", "must have sha256: and 64 hexadecimal digits behind the @")
        }
    }

    private static func checkTag(_ tag: Substring, _ node: YAMLNode) throws(ComposeMistake) {
        let isTag =
            (1...128).contains(tag.utf8.count) && tag.isAlphanumeric(or: "_.-")
            && tag.first != "." && tag.first != "-"
        guard isTag else {
            throw node.mistake(
                "E-IMAGE",
                "must have a tag of at most 128 letters, digits, \"_\", \".\" and \"-\" behind the colon")
        }
    }

    private static func checkName(_ name: Substring, _ node: YAMLNode) throws(ComposeMistake) {
        var parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count > 1, isRegistry(parts[0]) { parts.removeFirst() }
        let isID =
            parts.count == 1 && name.utf8.count == 64
            && name.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        if name.utf8.count <= 255, !isID, parts.allSatisfy(isComponent) { return }
        if !isID, name.lowercased() != name, parts.allSatisfy({ isComponent(Substring($0.lowercased())) }) {
            throw node.mistake("E-IMAGE", "must have a name in small letters")
        }
        throw node.mistake("E-IMAGE", "must be the name of an image such as registry.example.org/name:tag")
    }

    /// Whether the part before the first slash is a host, by the engine's rule.
    private static func isRegistry(_ part: Substring) -> Bool {
        let halves = part.split(separator: ":", omittingEmptySubsequences: false)
        guard halves.count <= 2, part == "localhost" || part.contains(".") || part.contains(":") else {
            return false
        }
        let isPort =
            halves.count == 1 || (PlainScalar.isDecimalInteger(String(halves[1])) && Int(halves[1]) != nil)
        return isPort && NetworkAddress.hostNameMistake(in: String(halves[0])) == nil
    }

    /// Small letters and digits, with single `.`, one or two `_`, or any number of `-` between them.
    private static func isComponent(_ part: Substring) -> Bool {
        let small = "abcdefghijklmnopqrstuvwxyz0123456789"
        guard let first = part.first, let last = part.last, small.contains(first), small.contains(last) else {
            return false
        }
        let separators = part.split { small.contains($0) }
        return separators.allSatisfy { $0 == "." || $0 == "_" || $0 == "__" || $0.allSatisfy { $0 == "-" } }
    }
}
