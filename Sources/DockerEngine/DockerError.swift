/// Why a call to the engine did not give what was asked for.
///
/// `reason` holds the engine's or libcurl's own words, cut to a readable length.
public struct DockerError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: Sendable, Equatable {
        /// No answer, or not a whole one.
        case unreachable
        /// No answer within the call's deadline.
        case timeout
        /// The engine answered with an error.
        case refused(status: Int)
        /// An answer that could not be read.
        case undecodable
        /// An endpoint that cannot be used; nothing was sent.
        case invalidEndpoint
        /// A call that would be unsafe or cannot be expressed; nothing was sent.
        case invalidCall
        case cancelled
    }

    public let code: Code
    public let operation: String
    public let reason: String
    /// Whether the engine may have carried out the call all the same.
    ///
    /// Dropping a connection cancels nothing in the engine; only reading back tells what happened.
    public let outcomeIsUnknown: Bool

    /// The HTTP status of a refusal.
    public var status: Int? {
        if case .refused(let status) = code { status } else { nil }
    }

    public var description: String { "cannot \(operation): \(reason)" }

    init(_ code: Code, _ operation: String, _ reason: String, outcomeIsUnknown: Bool = false) {
        self.code = code
        self.operation = operation
        self.reason = Self.shortened(reason)
        self.outcomeIsUnknown = outcomeIsUnknown
    }

    /// At most 2000 characters, on whole characters.
    private static func shortened(_ text: String) -> String {
        let limit = 2000
        return text.utf8.count <= limit ? text : text.prefix(limit) + " …"
    }
}
