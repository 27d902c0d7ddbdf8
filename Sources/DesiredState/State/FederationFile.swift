/// What all parties share: `federation.yaml`.
struct FederationFile: Sendable {
    static let path = "federation.yaml"

    var name: String
    /// What passes messages on between parties.
    var exchange: ExchangeDeclaration?
    /// Values for blueprint variables of every party.
    var variables: [YAMLEntry]
    /// Labels for every container, network and volume.
    var labels: [String: String]

    /// Reads the file; `nil` after reporting why not.
    static func decode(_ tree: SourceTree, into diagnostics: inout [Diagnostic]) -> FederationFile? {
        guard let bytes = tree.files[path] else {
            let message = "the repository needs the file \(path)"
            diagnostics.append(
                Diagnostic(code: "E-MISSING-FILE", at: SourceLocation(file: path), message))
            return nil
        }
        return FileHeader.read(bytes, file: path, kind: "Federation", into: &diagnostics) { reader in
            let name = reader.string("name", .required)
            let exchange = reader.map("exchange") { ExchangeDeclaration.read(&$0) } ?? nil
            let variables = reader.entries("variables") ?? []
            let labels = reader.node("labels")
            if let labels { reader.collect { ReservedLabels.refuse(in: labels, into: &$0) } }
            let texts =
                labels.flatMap { node in reader.collect { node.texts("\"labels\"", into: &$0) } } ?? []
            return FederationFile(
                name: name ?? "", exchange: exchange, variables: variables,
                labels: Dictionary(texts.map { ($0.key, $0.value) }) { first, _ in first })
        }
    }
}
