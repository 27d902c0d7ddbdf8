internal import Glibc

/// Why the journal could not be read or written.
public struct JournalError: Error, Sendable, Equatable {
    /// What went wrong, for programs.
    public enum Code: Sendable, Equatable {
        /// A file or directory cannot be read.
        case unreadable
        /// Bytes could not be written; after this the writer refuses everything.
        case unwritable
        /// The kernel could not make written bytes durable; after this the writer refuses everything.
        case notDurable
        /// What is on disk is not a journal that can be continued.
        case damaged
        /// The private key that signs the next record is missing or open to others.
        case noKey
        /// One record is longer than a line may be; nothing was written.
        case recordTooLong
        /// Bytes that are no JSON text in the journal's restricted form.
        case badBytes
        /// JSON, but not the one way in which the journal writes this value.
        case notCanonical
    }

    public let code: Code
    /// What was attempted, to be read after "cannot".
    public let operation: String
    /// Why it did not work and how to mend it.
    public let reason: String
    /// The kernel's error number, if the kernel refused.
    public let errno: Int32?

    init(_ code: Code, _ operation: String, _ reason: String, errno: Int32? = nil) {
        self.code = code
        self.operation = operation
        self.reason = reason
        self.errno = errno
    }

    /// An error from the kernel.
    init(_ code: Code, _ operation: String, errno number: Int32, advice: String = "") {
        let text = strerror(number).map { String(cString: $0) } ?? "error \(number)"
        let mended =
            switch number {
            case ENOSPC, EDQUOT: text + "; free disk space"
            case EACCES, EPERM, EROFS: text + "; check owner, mode and mount options"
            default: text
            }
        self.init(code, operation, advice.isEmpty ? mended : mended + "; " + advice, errno: number)
    }

    /// Whether the disk or the quota is full.
    public var isDiskFull: Bool { errno == ENOSPC || errno == EDQUOT }
}

extension JournalError: CustomStringConvertible {
    public var description: String { "cannot \(operation): \(reason)" }
}
