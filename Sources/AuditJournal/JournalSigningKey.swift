internal import Crypto
internal import FoundationEssentials

/// The key pair of one epoch.
struct JournalSigningKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey
    let publicKey: JournalPublicKey
    /// The first record that it signs.
    let since: UInt64
    let begun: JournalTime

    /// Makes a new one.
    init(since: UInt64, begun: JournalTime) {
        self.init(Curve25519.Signing.PrivateKey(), since: since, begun: begun)
    }

    private init(_ key: Curve25519.Signing.PrivateKey, since: UInt64, begun: JournalTime) {
        self.key = key
        publicKey = JournalPublicKey(key.publicKey)
        self.since = since
        self.begun = begun
    }

    func signature(of message: [UInt8]) throws(JournalError) -> [UInt8] {
        do {
            return [UInt8](try key.signature(for: message))
        } catch {
            throw JournalError(.unwritable, "sign a journal record", "\(error)")
        }
    }

    /// What the key's file holds: the private key in base64, the first record and the time, on one line.
    var fileContent: [UInt8] {
        Array("\(String(base64: [UInt8](key.rawRepresentation))) \(since) \(begun)\n".utf8)
    }

    /// Reads what `fileContent` wrote; `nil` if it is something else, such as the zeros of a destroyed key.
    init?(fileContent bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasSuffix("\n") else { return nil }
        let parts = text.dropLast().split(separator: " ", omittingEmptySubsequences: false)
        // The error would only say that the length is wrong.
        guard parts.count == 3, let raw = [UInt8](strictBase64: String(parts[0])),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: raw),
            let since = UInt64(parts[1]), let begun = JournalTime(String(parts[2]))
        else { return nil }
        self.init(key, since: since, begun: begun)
    }
}
