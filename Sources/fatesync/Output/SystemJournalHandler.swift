import Glibc
import Logging

/// Writes log lines to systemd's journal with their fields, as its native protocol wants them.
///
/// `journalctl FATESYNC_REVISION=…` then finds what a commit led to. A line that the journal does not take goes to
/// standard error, so that none is lost.
struct SystemJournalHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    private let label: String
    private static let path = "/run/systemd/journal/socket"
    /// A datagram that is larger needs a file descriptor instead; no line of ours is.
    private static let longestMessage = 32 << 10

    /// `nil` unless standard error is connected to the journal.
    init?(label: String, stream: String?) {
        var status = stat()
        guard fstat(STDERR_FILENO, &status) == 0, stream == "\(status.st_dev):\(status.st_ino)" else {
            return nil
        }
        self.label = label
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields: [(name: String, value: String)] = [
            ("MESSAGE", String("\(event.message)".prefix(Self.longestMessage))),
            ("PRIORITY", "\(Self.priority(of: event.level))"),
            ("SYSLOG_IDENTIFIER", label),
        ]
        let own = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in own.sorted(by: { $0.key < $1.key }) {
            fields.append(("FATESYNC_" + key.uppercased(), "\(value)"))
        }
        if !Self.send(Self.encode(fields)) {
            Terminal.complain("<\(Self.priority(of: event.level))>\(event.message)")
        }
    }

    /// Each field with its length, so that a line break in a value starts no field.
    static func encode(_ fields: [(name: String, value: String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            bytes += Array(name.utf8) + [UInt8(ascii: "\n")]
            withUnsafeBytes(of: UInt64(value.utf8.count).littleEndian) { bytes += $0 }
            bytes += Array(value.utf8) + [UInt8(ascii: "\n")]
        }
        return bytes
    }

    /// The levels of syslog(3).
    private static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    private static func send(_ bytes: [UInt8]) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(
                    descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0,
                    socklen_t(MemoryLayout<sockaddr_un>.size)) == bytes.count
            }
        }
    }
}
