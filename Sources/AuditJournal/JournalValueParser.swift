extension JournalValue {
    /// Reads a value, and accepts only the bytes that `canonicalBytes` would write for it.
    ///
    /// What is not JSON in the restricted form (fractions, raw control or non-ASCII bytes, too deep) is
    /// `badBytes`; JSON that is written in another way (spaces, key order, other escapes) is `notCanonical`.
    public init(canonical bytes: some Collection<UInt8>) throws(JournalError) {
        var parser = JournalValueParser(Array(bytes)[...])
        self = try parser.parseWhole()
    }
}

/// A parser that knows one way to write each value.
struct JournalValueParser {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var depth = 0

    /// Deeper values are refused, so that hostile bytes cannot exhaust the stack.
    private static let deepest = 64

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    mutating func parseWhole() throws(JournalError) -> JournalValue {
        let value = try parseValue()
        if position < bytes.endIndex { throw unexpected("after the value") }
        return value
    }

    private mutating func parseValue() throws(JournalError) -> JournalValue {
        guard let byte = peek else { throw unexpected("where a value begins") }
        switch byte {
        case UInt8(ascii: "n"): return try parseWord("null", as: .null)
        case UInt8(ascii: "t"): return try parseWord("true", as: .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", as: .bool(false))
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "["), UInt8(ascii: "{"): return try parseNested(byte)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseInteger()
        default: throw unexpected("where a value begins")
        }
    }

    private mutating func parseNested(_ opening: UInt8) throws(JournalError) -> JournalValue {
        guard depth < Self.deepest else {
            throw fault(.badBytes, "values are nested deeper than \(Self.deepest)")
        }
        depth += 1
        defer { depth -= 1 }
        return opening == UInt8(ascii: "[") ? try parseArray() : try parseObject()
    }

    private mutating func parseArray() throws(JournalError) -> JournalValue {
        position += 1
        var elements: [JournalValue] = []
        if skip("]") { return .array([]) }
        repeat { elements.append(try parseValue()) } while skip(",")
        guard skip("]") else { throw unexpected("in an array") }
        return .array(elements)
    }

    private mutating func parseObject() throws(JournalError) -> JournalValue {
        position += 1
        var members: [String: JournalValue] = [:]
        var last: String?
        if skip("}") { return .object([:]) }
        repeat {
            guard peek == UInt8(ascii: "\"") else { throw unexpected("where a key begins") }
            let key = try parseString()
            if let last, !JournalValue.precedes(last, key) {
                throw fault(.notCanonical, "keys are not in order or not different")
            }
            guard skip(":") else { throw unexpected("after a key") }
            let value = try parseValue()
            // Strings that differ only in Unicode normalisation are one key for Swift.
            guard members.updateValue(value, forKey: key) == nil else {
                throw fault(.notCanonical, "two keys are the same text")
            }
            last = key
        } while skip(",")
        guard skip("}") else { throw unexpected("in an object") }
        return .object(members)
    }

    private mutating func parseWord(
        _ word: StaticString, as value: JournalValue
    ) throws(JournalError) -> JournalValue {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.endIndex, bytes[position..<end].elementsEqual("\(word)".utf8) else {
            throw unexpected("where a value begins")
        }
        position = end
        return value
    }

    private mutating func parseInteger() throws(JournalError) -> JournalValue {
        let start = position
        _ = skip("-")
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        if let byte = peek, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(byte) {
            throw fault(.badBytes, "a number is not an integer")
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let value = Int64(text), JournalValue.exactIntegers.contains(value) else {
            throw fault(.badBytes, "a number is out of range")
        }
        guard String(value) == text else { throw fault(.notCanonical, "a number has idle digits") }
        return .int(value)
    }
}

extension JournalValueParser {
    private mutating func parseString() throws(JournalError) -> String {
        position += 1
        let start = position
        position += bytes[start...].withUnsafeBufferPointer { JournalValue.plainPrefix(of: $0) }
        guard peek == UInt8(ascii: "\\") else {
            let text = String(decoding: bytes[start..<position], as: UTF8.self)
            guard skip("\"") else { throw unexpected("in a string") }
            return text
        }
        return try parseEscapedString(startingWith: bytes[start..<position].map(UInt16.init))
    }

    private mutating func parseEscapedString(startingWith plain: [UInt16]) throws(JournalError) -> String {
        var units = plain
        while let byte = peek, byte != UInt8(ascii: "\"") {
            guard (0x20...0x7E).contains(byte) else { throw unexpected("in a string") }
            position += 1
            units.append(byte == UInt8(ascii: "\\") ? try parseEscape() : UInt16(byte))
        }
        guard skip("\"") else { throw unexpected("in a string") }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw fault(.badBytes, "half of a surrogate pair stands alone")
        }
        return text
    }

    private mutating func parseEscape() throws(JournalError) -> UInt16 {
        guard let letter = peek else { throw unexpected("in an escape") }
        position += 1
        guard letter == UInt8(ascii: "u") else {
            let short = Self.escaped.first { JournalValue.shortEscape(for: $0) == letter }
            if let short { return short }
            throw letter == UInt8(ascii: "/")
                ? fault(.notCanonical, "a slash is escaped") : fault(.badBytes, "an escape is unknown")
        }
        var unit: UInt16 = 0
        for _ in 0..<4 { unit = unit << 4 | UInt16(try parseHexDigit()) }
        if JournalValue.shortEscape(for: unit) != nil || (0x20...0x7E).contains(unit) {
            throw fault(.notCanonical, "a character is escaped in another way than it must be")
        }
        return unit
    }

    private static let escaped: [UInt16] = [0x22, 0x5C, 0x08, 0x09, 0x0A, 0x0C, 0x0D]

    private mutating func parseHexDigit() throws(JournalError) -> UInt8 {
        guard let byte = peek else { throw unexpected("in an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): return byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): throw fault(.notCanonical, "an escape has capitals")
        default: throw fault(.badBytes, "an escape is not hexadecimal")
        }
    }

    private var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard let byte = peek, UInt32(byte) == character.value else { return false }
        position += 1
        return true
    }

    private func unexpected(_ place: String) -> JournalError {
        guard let byte = peek else { return fault(.badBytes, "the line ends \(place)") }
        switch byte {
        case 0x20, 0x09, 0x0D: return fault(.notCanonical, "white space \(place)")
        default: return fault(.badBytes, "byte 0x\(String(byte, radix: 16)) \(place)")
        }
    }

    private func fault(_ code: JournalError.Code, _ reason: String) -> JournalError {
        JournalError(code, "read a journal record", "\(reason) (byte \(position - bytes.startIndex))")
    }
}
