import FoundationEssentials

/// Prints results as JSON; every document says which schema it follows.
enum JSONOutput {
    static func print(_ value: some Encodable) throws {
        Terminal.say(String(decoding: try bytes(value).dropLast(), as: UTF8.self))
    }

    /// The document with a line break at its end.
    static func bytes(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value)) + [0x0A]
    }
}
