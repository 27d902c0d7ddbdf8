internal import Glibc

/// The last record of a journal, by which a cut end is found out.
///
/// The writer keeps it in a file beside the journal; whoever keeps a copy elsewhere can tell later whether
/// the records up to it are still the same.
public struct JournalHead: Sendable, Equatable {
    /// The journal's id.
    public let log: String
    public let seq: UInt64
    /// SHA-256 of the record's line, without its newline.
    public let digest: String

    public init(log: String, seq: UInt64, digest: String) {
        self.log = log
        self.seq = seq
        self.digest = digest
    }
}

extension JournalHead: CustomStringConvertible {
    /// Id, sequence number and digest, separated by spaces.
    public var description: String {
        let digits = String(seq)
        let padding = String(repeating: "0", count: max(0, 16 - digits.count))
        return "\(log) \(padding)\(digits) \(digest)"
    }

    /// Reads what `description` wrote.
    public init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 32, parts[2].utf8.count == 64,
            let seq = UInt64(parts[1])
        else { return nil }
        self.init(log: String(parts[0]), seq: seq, digest: String(parts[2]))
        guard description == text else { return nil }
    }
}

/// The file that holds the head: one line of constant length, written over after each durable append.
///
/// It is written after the records are durable, so no crash lets it promise records that were never there;
/// it is not synchronised itself, so after a power cut it may be behind.
struct JournalHeadFile: ~Copyable {
    static let name = "audit.head"

    private let file: JournalFile

    /// Opens the file in `directory`, and makes it with `head` if it is missing.
    init(in directory: JournalDirectory, ifMissing head: JournalHead) throws(JournalError) {
        let path = directory.path(of: Self.name)
        if access(path, F_OK) != 0 {
            try directory.createFile(Self.name, holding: Self.bytes(of: head))
        }
        file = try JournalFile(path, flags: O_WRONLY, as: .unwritable)
    }

    func write(_ head: JournalHead) throws(JournalError) {
        try file.overwrite(Self.bytes(of: head))
    }

    private static func bytes(of head: JournalHead) -> [UInt8] { Array("\(head)\n".utf8) }

    enum Content {
        case missing
        case head(JournalHead)
        /// There is a file, but what it holds is no head.
        case unusable
    }

    static func read(in directory: JournalDirectory) throws(JournalError) -> Content {
        let path = directory.path(of: name)
        do {
            let file = try JournalFile(path, flags: O_RDONLY, as: .unreadable)
            let text = String(decoding: try file.bytes(at: 0, count: 1024), as: UTF8.self)
            guard text.hasSuffix("\n"), let head = JournalHead(String(text.dropLast())) else {
                return .unusable
            }
            return .head(head)
        } catch {
            guard error.errno == ENOENT else { throw error }
            return .missing
        }
    }
}
