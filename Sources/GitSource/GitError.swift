internal import CGit2
internal import DesiredState

/// Why something with the state repository went wrong.
public struct GitError: Error, Sendable, Equatable {
    /// What kind of failure it is, for code that must choose what to do next.
    public enum Code: String, Sendable, Codable {
        /// The server does not answer, or the connection broke.
        case unreachable
        /// The deadline passed.
        case timeout
        /// The server refused the credential, or wants one that is not there.
        case authentication
        /// The ssh server's key is unknown, revoked or not the pinned one.
        case hostKey
        /// The https server's certificate is not trusted.
        case certificate
        /// No such repository, branch or commit.
        case notFound
        /// The repository holds no commit at all.
        case empty
        /// The branch no longer contains the revision that was applied last.
        case rewritten
        /// Objects are missing or damaged.
        case corrupt
        /// More data than fatesync is willing to read.
        case limit
        /// A setting or a file that cannot be used as it is.
        case invalid
        /// The caller gave up.
        case cancelled
        case other
    }

    public let code: Code
    /// What was tried, as in "fetch branch main of https://git.example/state".
    public let operation: String
    /// Why it did not work, and how to mend it if a person can.
    public let reason: String

    public init(_ code: Code, _ operation: String, _ reason: String) {
        self.code = code
        self.operation = operation.escapingControls
        self.reason = reason.escapingControls
    }
}

extension GitError: CustomStringConvertible {
    public var description: String { "cannot \(operation): \(reason)" }
}

extension GitError {
    /// Runs one libgit2 call, and throws if it returns a negative number.
    ///
    /// libgit2 keeps its last error per thread, so it is read here, before anything else can run on this
    /// thread. `call` is synchronous for the same reason.
    static func check(_ operation: @autoclosure () -> String, _ call: () -> Int32) throws(GitError) {
        git_error_clear()
        let result = call()
        guard result < 0 else { return }
        throw last(result, operation())
    }

    /// The error that libgit2 left on this thread for a call that returned `result`.
    static func last(_ result: Int32, _ operation: String) -> GitError {
        let error = git_error_last()
        let message = error.flatMap { $0.pointee.message }.map { String(cString: $0) }
        let reason = message?.split(whereSeparator: \.isNewline).joined(separator: "; ")
        let kind = Code(result: result, category: error?.pointee.klass ?? 0, reason: reason ?? "")
        return GitError(kind, operation, reason ?? "libgit2 returned \(result) and gave no reason")
    }
}

extension GitError.Code {
    init(result: Int32, category: Int32, reason: String) {
        switch git_error_code(result) {
        case GIT_EAUTH: self = .authentication
        case GIT_ECERTIFICATE: self = .certificate
        case GIT_EMISMATCH: self = .corrupt
        case GIT_ENOTFOUND where category != Int32(GIT_ERROR_NET.rawValue): self = .notFound
        case GIT_EOWNER, GIT_EINVALIDSPEC: self = .invalid
        default: self = Self(category: category, reason: reason)
        }
    }

    private init(category: Int32, reason: String) {
        switch git_error_t(UInt32(bitPattern: category)) {
        case GIT_ERROR_HTTP where reason.contains("404"): self = .notFound
        case GIT_ERROR_HTTP where reason.contains("401") || reason.contains("403"): self = .authentication
        case GIT_ERROR_NET, GIT_ERROR_HTTP, GIT_ERROR_SSH: self = .unreachable
        case GIT_ERROR_SSL: self = .certificate
        case GIT_ERROR_ZLIB, GIT_ERROR_ODB, GIT_ERROR_OBJECT, GIT_ERROR_INDEXER, GIT_ERROR_SHA:
            self = .corrupt
        default: self = .other
        }
    }
}
