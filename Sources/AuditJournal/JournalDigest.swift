internal import Crypto

/// SHA-256; as text the journal writes 64 lower-case hexadecimal digits.
struct JournalDigest: Sendable, Hashable, CustomStringConvertible {
    /// 32 bytes.
    let bytes: [UInt8]

    /// What the first record of a journal names as the line before it.
    static let genesis = Self(bytes: [UInt8](repeating: 0, count: 32))

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    init(of bytes: some Collection<UInt8>) {
        var hasher = JournalHasher()
        hasher.update(bytes)
        self = hasher.digest
    }

    /// Reads what `hex` wrote.
    init?(hex text: some StringProtocol) {
        guard text.utf8.count == 64, let bytes = [UInt8](lowercaseHex: text.utf8) else { return nil }
        self.bytes = bytes
    }

    var hex: String { String(lowercaseHex: bytes) }

    var description: String { hex }
}

/// A digest in the making.
struct JournalHasher {
    private var hasher = SHA256()

    mutating func update(_ bytes: some Collection<UInt8>) {
        let direct: Void? = bytes.withContiguousStorageIfAvailable { part in
            hasher.update(bufferPointer: UnsafeRawBufferPointer(part))
        }
        if direct == nil { update([UInt8](bytes)) }
    }

    var digest: JournalDigest {
        // Taken as it lies in memory: element by element costs more than the digest itself.
        hasher.finalize().withUnsafeBytes { JournalDigest(bytes: [UInt8]($0)) }
    }
}

extension String {
    /// Two lower-case hexadecimal digits for each byte.
    init(lowercaseHex bytes: some Sequence<UInt8>) {
        let digits: [UInt8] = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        self.init(decoding: text, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Reads pairs of lower-case hexadecimal digits; `nil` for anything else.
    init?(lowercaseHex text: some Collection<UInt8>) {
        self = []
        var high: UInt8?
        for byte in text {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        guard high == nil else { return nil }
    }
}
