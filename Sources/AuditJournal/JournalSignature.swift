internal import Glibc

/// The signature in a record's line: Ed25519 over `fatesync.audit.v1`, a zero byte, and the SHA-256 of the line
/// without its member `sig`.
///
/// The member is cut out of the text, so that nobody has to write JSON in the same way to check it.
enum JournalSignature {
    private static let opening = Array(",\"sig\":\"".utf8)
    private static let textLength = 88
    private static let memberLength = opening.count + textLength + 1
    private static let purpose = Array("fatesync.audit.v1\0".utf8)

    /// What stands in the line until it is signed.
    static let placeholder = String(repeating: "A", count: textLength)

    /// Replaces the placeholder in a line that was made with one.
    static func sign(_ line: inout [UInt8], with key: JournalSigningKey) throws(JournalError) {
        guard let member = member(in: line) else {
            throw JournalError(.unwritable, "sign a journal record", "its line has no place for it")
        }
        let signature = try key.signature(of: message(for: line, without: member))
        let start = member.lowerBound + opening.count
        line.replaceSubrange(start..<(start + textLength), with: String(base64: signature).utf8)
    }

    /// Whether the line's signature is that of `key`.
    static func isValid(in line: [UInt8], by key: JournalPublicKey) -> Bool {
        guard let member = member(in: line) else { return false }
        let start = member.lowerBound + opening.count
        let text = String(decoding: line[start..<(start + textLength)], as: UTF8.self)
        guard let signature = [UInt8](strictBase64: text) else { return false }
        return key.verifies(signature, of: message(for: line, without: member))
    }

    private static func message(for line: [UInt8], without member: Range<Int>) -> [UInt8] {
        var hasher = JournalHasher()
        hasher.update(line[..<member.lowerBound])
        hasher.update(line[member.upperBound...])
        return purpose + hasher.digest.bytes
    }

    /// Where `,"sig":"…"` is.
    ///
    /// Members are sorted, and none of those within `src`, which comes after it, is called `sig`; so it is the
    /// last one.
    private static func member(in line: [UInt8]) -> Range<Int>? {
        guard let start = line.lastPlace(of: opening), start + memberLength <= line.count,
            line[start + memberLength - 1] == UInt8(ascii: "\"")
        else { return nil }
        return start..<(start + memberLength)
    }
}

extension [UInt8] {
    /// Where `pattern` begins for the last time.
    func lastPlace(of pattern: [UInt8]) -> Int? {
        withUnsafeBytes { $0.lastPlace(of: pattern) }
    }
}

extension UnsafeRawBufferPointer {
    /// Where `pattern` begins for the last time.
    func lastPlace(of pattern: [UInt8]) -> Int? {
        guard let base = baseAddress, let first = pattern.first else { return nil }
        var place = count - pattern.count
        while place >= 0 {
            if self[place] == first, memcmp(base + place, pattern, pattern.count) == 0 { return place }
            place -= 1
        }
        return nil
    }
}
