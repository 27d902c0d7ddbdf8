/// The first two keys of every YAML format: `apiVersion` and `kind`.
enum FileHeader {
    static let version = "fatesync/v1"

    /// Reads a file of the given kind with `body`; `nil` after reporting why not.
    ///
    /// A file of another version or kind has other keys, so nothing else is said about it.
    static func read<Result>(
        _ bytes: [UInt8], file: String, kind: String, into diagnostics: inout [Diagnostic],
        _ body: (inout MapReader) -> Result?
    ) -> Result? {
        guard let root = YAMLNode.parse(bytes, file: file, into: &diagnostics) else { return nil }
        guard isReadable(root, kind: kind, into: &diagnostics) else { return nil }
        let what = kind.lowercased()
        let result = MapReader.read(root, as: "the \(what)", into: &diagnostics) { reader in
            _ = reader.string("apiVersion", .required)
            _ = reader.string("kind", .required)
            return body(&reader)
        }
        return result ?? nil
    }

    private static func isReadable(
        _ root: YAMLNode, kind: String, into diagnostics: inout [Diagnostic]
    ) -> Bool {
        if let node = root["apiVersion"], node.raw != version, !node.isNull {
            let message = "apiVersion \(node.raw.inQuotes) is not supported; this fatesync reads \(version)"
            diagnostics.append(Diagnostic(code: "E-VERSION", at: node.location, message))
            return false
        }
        if let node = root["kind"], node.raw != kind, !node.isNull {
            let message = "this file must be of kind \(kind), found \(node.raw.inQuotes)"
            diagnostics.append(Diagnostic(code: "E-VERSION", at: node.location, message))
            return false
        }
        return true
    }
}
