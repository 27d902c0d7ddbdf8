extension JournalValue {
    /// The one way to write this value.
    ///
    /// RFC 8785 (sorted keys, no spaces), with every character outside 0x20-0x7e escaped as well, so that
    /// no byte of a record can act on a terminal.
    public var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        appendCanonical(to: &bytes)
        return bytes
    }

    func appendCanonical(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .int(let value) where Self.exactIntegers.contains(value):
            bytes.append(contentsOf: String(value).utf8)
        case .int(let value): Self.appendQuoted(String(value), to: &bytes)
        case .string(let value): Self.appendQuoted(value, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.appendCanonical(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members): Self.appendObject(members, to: &bytes)
        }
    }

    private static func appendObject(_ members: [String: JournalValue], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        let sorted = members.sorted { Self.precedes($0.key, $1.key) }
        for (index, member) in sorted.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            appendQuoted(member.key, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            member.value.appendCanonical(to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// RFC 8785 orders keys by UTF-16 code units, whatever the locale.
    static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf16.lexicographicallyPrecedes(right.utf16)
    }

    private static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        let isPlain = text.utf8.withContiguousStorageIfAvailable { plainPrefix(of: $0) == $0.count }
        if isPlain == true {
            bytes.append(contentsOf: text.utf8)
            return
        }
        for unit in text.utf16 {
            if let short = shortEscape(for: unit) {
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(short)
            } else if (0x20...0x7E).contains(unit) {
                bytes.append(UInt8(truncatingIfNeeded: unit))
            } else {
                appendEscape(unit, to: &bytes)
            }
        }
    }

    /// How many bytes at the beginning stand for themselves between quotes: nearly always all of them.
    static func plainPrefix(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var count = 0
        while count < bytes.count {
            let byte = base[count]
            // Printable ASCII but for the quote and the backslash.
            guard byte >= 0x20, byte <= 0x7E, byte != 0x22, byte != 0x5C else { break }
            count += 1
        }
        return count
    }

    /// The letter after the backslash, for the seven characters that RFC 8785 writes with two.
    static func shortEscape(for unit: UInt16) -> UInt8? {
        switch unit {
        case 0x22: UInt8(ascii: "\"")
        case 0x5C: UInt8(ascii: "\\")
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0C: UInt8(ascii: "f")
        case 0x0D: UInt8(ascii: "r")
        default: nil
        }
    }

    private static func appendEscape(_ unit: UInt16, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(ascii: "u"))
        for shift in stride(from: 12, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: (unit >> UInt16(shift)) & 15)
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
