/// An entry of `directories`: a directory that must exist before a container starts.
struct DirectoryDeclaration: Sendable {
    /// An absolute path whose variables are not filled in.
    var path: YAMLNode
    var mode: UInt32
    var owner: FileOwner?

    static func read(_ node: YAMLNode, into diagnostics: inout [Diagnostic]) -> DirectoryDeclaration? {
        let read = MapReader.read(node, as: "the directory", into: &diagnostics) { reader in
            let path = reader.node("path", .required)
            let mode = readMode(&reader)
            let owner = readOwner(&reader)
            return path.map { DirectoryDeclaration(path: $0, mode: mode, owner: owner) }
        }
        return read ?? nil
    }

    private static func readMode(_ reader: inout MapReader) -> UInt32 {
        guard let node = reader.node("mode") else { return 0o755 }
        // Without quotes, YAML readers differ on whether 0755 is octal.
        guard let text = reader.collect({ node.string("\"mode\"", into: &$0) }) else { return 0o755 }
        if (3...4).contains(text.utf8.count), let mode = UInt32(text, radix: 8), mode <= 0o7777 {
            return mode
        }
        reader.report(
            "E-VALUE", at: node.location,
            "\"mode\" must be octal digits such as \"0755\", found \(text.inQuotes)")
        return 0o755
    }

    private static func readOwner(_ reader: inout MapReader) -> FileOwner? {
        guard let node = reader.node("owner") else { return nil }
        guard let text = reader.collect({ node.string("\"owner\"", into: &$0) }) else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, parts.allSatisfy(PlainScalar.isDecimalInteger), let uid = UInt32(parts[0]),
            let gid = UInt32(parts[1])
        {
            return FileOwner(uid: uid, gid: gid)
        }
        reader.report(
            "E-VALUE", at: node.location,
            "\"owner\" must be two numbers, uid:gid, such as \"1000:1000\", found \(text.inQuotes)")
        return nil
    }
}
