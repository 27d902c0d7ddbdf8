internal import Glibc

/// What places a line in its journal, found in its text without reading it as JSON.
///
/// Members are sorted, and within `src`, which comes after the three, none has one of their names: so the last
/// place in the line is the right one. In a string the quotes before and after a name would have backslashes.
struct JournalLinePosition {
    let seq: UInt64
    let previous: JournalDigest
    let kind: String

    private static let seqOpening = Array(",\"seq\":".utf8)
    private static let previousOpening = Array(",\"prev\":\"".utf8)
    private static let kindOpening = Array(",\"kind\":\"".utf8)

    init?(_ line: [UInt8]) {
        let found = line.withUnsafeBytes { bytes -> (UInt64, [UInt8], String)? in
            guard let seqPlace = bytes.lastPlace(of: Self.seqOpening) else { return nil }
            let earlier = UnsafeRawBufferPointer(rebasing: bytes[..<seqPlace])
            guard let previousPlace = earlier.lastPlace(of: Self.previousOpening) else { return nil }
            let before = UnsafeRawBufferPointer(rebasing: bytes[..<previousPlace])
            guard let kindPlace = before.lastPlace(of: Self.kindOpening) else { return nil }
            let digits = bytes[(seqPlace + Self.seqOpening.count)...].prefix { $0 >= 0x30 && $0 <= 0x39 }
            let digest = bytes[(previousPlace + Self.previousOpening.count)...].prefix(64)
            let kind = bytes[(kindPlace + Self.kindOpening.count)...].prefix { $0 != UInt8(ascii: "\"") }
            guard let seq = UInt64(String(decoding: digits, as: UTF8.self)),
                let raw = [UInt8](lowercaseHex: digest), raw.count == 32
            else { return nil }
            return (seq, raw, String(decoding: kind, as: UTF8.self))
        }
        guard let found else { return nil }
        seq = found.0
        previous = JournalDigest(bytes: found.1)
        kind = found.2
    }
}
