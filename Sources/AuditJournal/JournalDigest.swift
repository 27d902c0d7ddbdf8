internal import Crypto

/// SHA-256, as the journal writes it: 64 lower-case hexadecimal digits.
struct JournalDigest: Sendable, Hashable, CustomStringConvertible {
    let hex: String

    /// What the first record of a journal names as the line before it.
    static let genesis = Self(hex: String(repeating: "0", count: 64))

    init(hex: String) {
        self.hex = hex
    }

    init(of bytes: some Collection<UInt8>) {
        var hasher = JournalHasher()
        hasher.update(bytes)
        self = hasher.digest
    }

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

    var digest: JournalDigest { JournalDigest(hex: String(lowercaseHex: hasher.finalize())) }
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
