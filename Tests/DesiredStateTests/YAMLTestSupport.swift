import Testing

@testable import DesiredState

/// A YAML file and what fatesync says about it.
struct YAMLCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]
    let lines: [String]

    init(_ description: String, _ text: String, _ lines: String...) {
        self.init(description, bytes: Array(text.utf8), lines)
    }

    init(_ description: String, bytes: [UInt8], _ lines: [String]) {
        testDescription = description
        self.bytes = bytes
        self.lines = lines
    }
}

/// The tree of a text that must be readable without a report.
func parsed(_ text: String) throws -> YAMLNode {
    var diagnostics: [Diagnostic] = []
    let node = YAMLNode.parse(Array(text.utf8), file: "f.yaml", into: &diagnostics)
    #expect(diagnostics.isEmpty)
    return try #require(node)
}

extension [Diagnostic] {
    /// A line each, but for what the example's own image of MySQL is warned about.
    var lines: [String] { map(\.description).filter { !$0.hasSuffix(Example.mysqlWarning) } }
}

/// The same numbers for the same seed, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Pieces of text that some reader of YAML, JSON, properties or SQL takes for something else than text.
let trickyPieces: [String] = [
    "'", "\"", "#", "&", "%", "\\", "$", "{", "}", ":", " ", "=", "!", "*", "-", "?", "|", ">", "@", "`", ",",
    "[",
    "]", "~", "<<", "a", "Z", "0", "9", ".", "_", "/", "yes", "No", "on", "OFF", "y", "true", "False", "null",
    "0x1F", "017", "0o17", "1_000", "22:22", "1e3", ".inf", "2020-01-01", "- ", ": ", " #", "\t", "\n", "\r",
    "é", "€", "🐘", "\u{0}", "\u{1B}", "\u{7F}", "\u{85}", "\u{2028}", "\u{FEFF}", "${X}", "$$", "--",
    "/*", "*/",
]

extension SeededGenerator {
    /// A text of up to `length` tricky pieces that `isAllowed` lets through.
    mutating func text(_ length: Int = 6, where isAllowed: (String) -> Bool = { _ in true }) -> String {
        let pieces = trickyPieces.filter(isAllowed)
        let count = Int.random(in: 0...length, using: &self)
        return (0..<count).compactMap { _ in pieces.randomElement(using: &self) }.joined()
    }
}
