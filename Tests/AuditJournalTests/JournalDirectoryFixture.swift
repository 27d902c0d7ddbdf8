import AuditJournal
import Glibc
import Testing

/// A new directory for one journal, removed with everything in it at the end of the test.
final class JournalDirectoryFixture {
    private let root: String
    var path: String { root + "/audit" }

    init() throws {
        var template = Array("/tmp/fatesync-audit-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        for name in Self.names(in: path) { unlink(path + "/" + name) }
        rmdir(path)
        rmdir(root)
    }

    /// The journal's files in order.
    func files() throws -> [String] {
        try #require(access(path, F_OK) == 0)
        return Self.names(in: path).filter { $0.hasSuffix(".jsonl") }.sorted()
    }

    /// All entries; none if the directory was never made.
    static func names(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    func read(_ name: String) throws -> [UInt8] {
        let descriptor = Glibc.open(path + "/" + name, O_RDONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            try #require(count >= 0)
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        let descriptor = Glibc.open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o640)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
    }

    func mode(of name: String = "") throws -> mode_t {
        var status = stat()
        try #require(lstat(path + "/" + name, &status) == 0)
        return status.st_mode & 0o7777
    }

    func remove(_ name: String) throws { try #require(unlink(path + "/" + name) == 0) }

    func open(
        rotationSize: Int = 16 << 20, clock: (() -> JournalInstant)? = nil
    ) throws(JournalError) -> JournalWriter {
        try openAdjusted(rotationSize: rotationSize) { options in
            if let clock { options.clock = clock }
        }
    }

    func openAdjusted(
        rotationSize: Int = 16 << 20, _ adjust: (inout JournalWriter.Options) -> Void
    ) throws(JournalError) -> JournalWriter {
        var options = JournalWriter.Options()
        options.rotationSize = rotationSize
        adjust(&options)
        return try JournalWriter(directory: path, host: "demo", version: "0.1.0", options: options)
    }

    /// The key that the journal began with.
    func firstKey() throws -> JournalPublicKey {
        try #require(try JournalReader(directory: path).first()?.introducedKey)
    }

    /// Everything in the directory but the reserve.
    func contents() throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in Self.names(in: path) where name != "audit.reserve" { contents[name] = try read(name) }
        return contents
    }

    /// Makes the directory hold these files and, beside the reserve, no others.
    func restore(_ contents: [String: [UInt8]]) throws {
        mkdir(path, 0o750)
        for name in Self.names(in: path) where contents[name] == nil && name != "audit.reserve" {
            try remove(name)
        }
        for (name, bytes) in contents {
            unlink(path + "/" + name)
            try write(bytes, to: name)
            if name.hasPrefix("audit.key") { chmod(path + "/" + name, 0o600) }
        }
    }

    func verify(
        expecting head: JournalHead? = nil, key: JournalPublicKey? = nil, anchors: [JournalCheckpoint] = [],
        depth: JournalVerification.Depth = .full
    ) -> JournalReport {
        JournalVerification.verify(
            directory: path, trusting: JournalTrust(head: head, key: key, anchors: anchors), depth: depth)
    }

    /// The only file's lines, each with its newline.
    func lines() throws -> [[UInt8]] { try read(#require(files().first)).journalLines }

    func write(lines: [[UInt8]]) throws { try write(Array(lines.joined()), to: #require(files().first)) }
}

extension [UInt8] {
    /// The lines, each with its newline.
    var journalLines: [[UInt8]] {
        split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            .map { $0 + [UInt8(ascii: "\n")] }
    }
}

extension JournalReport {
    var classes: [JournalFinding.Class] { findings.map(\.kind) }
}

extension JournalRecord {
    /// A record as the executor makes it.
    static func step(_ kind: JournalKind, number: Int = 0, party: String = "10000") -> Self {
        var record = JournalRecord(kind)
        record.cause = "poll"
        record.source = RevisionSource(
            commit: "4f1c", author: "Ada <ada@example.org>", subject: "add a party")
        record.party = party
        record.plan = "p1"
        record.step = number
        record.action = "container.create"
        record.object = JournalObject(name: "user_confs10000_rollsite")
        if kind == .stepResult { record.outcome = .ok }
        return record
    }

    /// As many records as wanted: intents, each followed by its result.
    static func steps(_ count: Int) -> [Self] {
        (0..<count).map { step($0.isMultiple(of: 2) ? .stepIntent : .stepResult, number: $0 / 2) }
    }
}
