import FoundationEssentials

/// Reads one JSON document from the engine, or says which field could not be read.
func decodeJSON<Value: Decodable>(
    _ bytes: [UInt8], as type: Value.Type = Value.self, _ operation: String
) throws(DockerError) -> Value {
    do {
        return try JSONDecoder().decode(type, from: Data(bytes))
    } catch let error as DecodingError {
        throw DockerError(.undecodable, operation, reason(of: error))
    } catch {
        throw DockerError(.undecodable, operation, "the JSON cannot be read: \(error)")
    }
}

private func reason(of error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context): "field \(path(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
        "field \(path(context.codingPath)): \(context.debugDescription)"
    case .dataCorrupted(let context):
        context.codingPath.isEmpty
            ? "the text is not JSON: \(context.debugDescription)"
            : "field \(path(context.codingPath)): \(context.debugDescription)"
    @unknown default: "\(error)"
    }
}

private func path(_ keys: [any CodingKey]) -> String {
    keys.isEmpty ? "(whole document)" : keys.map(\.stringValue).joined(separator: ".")
}
