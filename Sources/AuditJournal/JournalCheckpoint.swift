/// A signed statement about all records up to a point: a note in the format of C2SP's `tlog-checkpoint`.
///
/// Whoever keeps one outside the host can tell later whether those records are still the same.
public struct JournalCheckpoint: Sendable, Equatable {
    /// `fatesync/<host>/<id of the journal>`.
    public let origin: String
    /// How many records it covers: those with a lower sequence number.
    public let size: UInt64
    /// The root of the Merkle tree over them, 32 bytes.
    public let root: [UInt8]
    /// The whole note: origin, size and root in base64 on a line each, an empty line, and the signature line.
    public let note: String

    /// The journal's id.
    public var log: String { String(origin.split(separator: "/").last ?? "") }

    /// Signed notes allow neither blanks nor `+` in a name.
    static func origin(host: String, log: String) -> String {
        let name = host.map { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) ? $0 : "-" }
        return "fatesync/\(String(name))/\(log)"
    }

    init(_ tree: MerkleFrontier, origin: String, key: JournalSigningKey) throws(JournalError) {
        self.origin = origin
        size = tree.size
        root = tree.root.bytes
        let text = "\(origin)\n\(size)\n\(String(base64: root))\n"
        let hash = key.publicKey.noteKeyHash(for: origin)
        let signature = try key.signature(of: Array(text.utf8))
        note = "\(text)\n\u{2014} \(origin) \(String(base64: hash + signature))\n"
    }

    /// Reads a note with one signature or several; `nil` if it is none.
    ///
    /// Does not check who signed it.
    public init?(note text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 6, lines[3].isEmpty, lines.last?.isEmpty == true, let size = UInt64(lines[1]),
            "\(size)" == lines[1], let root = [UInt8](strictBase64: String(lines[2])), root.count == 32,
            lines[4...].dropLast().allSatisfy({ $0.hasPrefix("\u{2014} ") })
        else { return nil }
        origin = String(lines[0])
        self.size = size
        self.root = root
        note = text
    }

    /// Whether one of the note's signatures is that of `key`.
    public func isSigned(by key: JournalPublicKey) -> Bool {
        let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
        let message = Array(lines.prefix(3).joined(separator: "\n").utf8) + [UInt8(ascii: "\n")]
        return lines.dropFirst(4).contains { line in
            let parts = line.split(separator: " ")
            guard parts.count == 3, parts[1] == origin, let bytes = [UInt8](strictBase64: String(parts[2])),
                bytes.prefix(4).elementsEqual(key.noteKeyHash(for: origin))
            else { return false }
            return key.verifies(Array(bytes.dropFirst(4)), of: message)
        }
    }
}

extension JournalPublicKey {
    /// The type of an Ed25519 key in signed notes.
    private static let noteType: UInt8 = 1

    /// The first 4 bytes of SHA-256 of name, newline, type and key, as C2SP's `signed-note` wants it.
    func noteKeyHash(for name: String) -> [UInt8] {
        Array(
            JournalDigest(of: Array(name.utf8) + [UInt8(ascii: "\n"), Self.noteType] + bytes).bytes.prefix(4))
    }

    /// The key as programs that check signed notes take it: name, hash and key, joined by `+`.
    public func noteVerifier(for name: String) -> String {
        "\(name)+\(String(lowercaseHex: noteKeyHash(for: name)))+\(String(base64: [Self.noteType] + bytes))"
    }
}
