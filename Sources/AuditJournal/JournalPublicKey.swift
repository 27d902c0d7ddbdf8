internal import Crypto
internal import FoundationEssentials

/// The public half of the Ed25519 key that signs the records of one epoch.
public struct JournalPublicKey: Sendable, Equatable {
    /// The raw key, 32 bytes.
    public let bytes: [UInt8]
    /// How records name it: the first 16 hexadecimal digits of its SHA-256.
    public let id: String
    private let key: Curve25519.Signing.PublicKey

    /// Takes a raw key; `nil` for another number of bytes than 32.
    public init?(bytes: [UInt8]) {
        // The error would only say that the length is wrong.
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return nil }
        self.init(key)
    }

    /// Reads 32 bytes in base64, as `log.open` and `key.next` have them and `audit key` prints them.
    public init?(base64 text: String) {
        guard let bytes = [UInt8](strictBase64: text) else { return nil }
        self.init(bytes: bytes)
    }

    init(_ key: Curve25519.Signing.PublicKey) {
        self.key = key
        bytes = [UInt8](key.rawRepresentation)
        id = String(JournalDigest(of: bytes).hex.prefix(16))
    }

    public var base64: String { String(base64: bytes) }

    /// Whether `signature`, 64 bytes, is this key's over `message`.
    public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        key.isValidSignature(signature, for: message)
    }

    public static func == (left: Self, right: Self) -> Bool { left.bytes == right.bytes }
}

extension String {
    init(base64 bytes: [UInt8]) {
        self = Data(bytes).base64EncodedString()
    }
}

extension [UInt8] {
    /// Reads base64 with its padding, and nothing that would be written in another way.
    init?(strictBase64 text: String) {
        guard let bytes = Data(base64Encoded: text) else { return nil }
        self.init(bytes)
        // Idle bits at the end would let one signature be written in several ways.
        guard String(base64: self) == text else { return nil }
    }
}
