internal import FoundationEssentials

/// What the fetch process answers on its standard output, as JSON.
struct FetchReply: Codable, Equatable {
    struct Failure: Codable, Equatable {
        let code: GitError.Code
        let operation: String
        let reason: String
    }

    var commit: String?
    var error: Failure?

    init(commit: String) {
        self.commit = commit
    }

    init(_ error: GitError) {
        self.error = Failure(code: error.code, operation: error.operation, reason: error.reason)
    }

    /// The tip, or the error that the other process met; nil if the reply is neither.
    var result: Result<String, GitError>? {
        if let error { return .failure(GitError(error.code, error.operation, error.reason)) }
        return commit.map { .success($0) }
    }
}

/// The two messages between fatesync and its fetch process.
enum FetchMessage {
    static func encode(_ value: some Encodable) -> [UInt8] {
        do {
            return Array(try JSONEncoder().encode(value))
        } catch {
            preconditionFailure("JSONEncoder refused a struct of strings: \(error)")
        }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) -> Value? {
        // Both ends say what they expected instead; the decoder's own words would not help an operator.
        try? JSONDecoder().decode(type, from: Data(bytes))
    }
}
