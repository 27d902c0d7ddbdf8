import AuditJournal
import Testing

@Suite struct JournalValueTests {
    static let encodings: [(JournalValue, String)] = [
        (nil, "null"), (true, "true"), (false, "false"), (0, "0"), (-7, "-7"),
        (.int(9_007_199_254_740_991), "9007199254740991"),
        (["b": 1, "a": [2, nil], "": [:]], #"{"":{},"a":[2,null],"b":1}"#),
        (#"a "quoted" back\slash / slash"#, #""a \"quoted\" back\\slash / slash""#),
        ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
        ("\u{0}\u{1B}[31m\u{7F}\u{80}", #""\u0000\u001b[31m\u007f\u0080""#),
        ("é\u{202E}", #""\u00e9\u202e""#), ("😀", #""\ud83d\ude00""#),
        // UTF-16 order, in which a surrogate comes before U+E000 and above.
        (["\u{FB33}": 1, "😀": 2, "z": 3], #"{"z":3,"\ud83d\ude00":2,"\ufb33":1}"#),
    ]

    @Test(arguments: encodings)
    func valuesAreWrittenInOneWay(_ value: JournalValue, _ text: String) throws {
        #expect(String(decoding: value.canonicalBytes, as: UTF8.self) == text)
        #expect(try JournalValue(canonical: text.utf8) == value)
    }

    @Test func integersThatJSONReadersLoseAreWrittenAsStrings() {
        let bytes = JournalValue.int(9_007_199_254_740_992).canonicalBytes
        #expect(String(decoding: bytes, as: UTF8.self) == #""9007199254740992""#)
    }

    @Test(arguments: [
        #" {}"#, #"{} "#, #"{"a": 1}"#, #"{"a":1 }"#, #"[1, 2]"#, #"{"b":1,"a":2}"#, #"{"a":1,"a":1}"#,
        #""\u0041""#, #""\u00E9""#, #""\u000a""#, #""\/""#, "01", "-0", "{}\r",
        #"{"e\u0301":1,"\u00e9":2}"#,
    ])
    func jsonWrittenInAnotherWayIsNotCanonical(_ text: String) {
        #expect(Self.code(of: Array(text.utf8)) == .notCanonical)
    }

    @Test(arguments: [
        "", "{", "[1", "[1,]", "{}{}", "nul", "nulL", "1.0", "1e3", "-", "9007199254740992", "+1",
        #"{"a"}"#, #"{1:2}"#, #""é""#, "\"\u{1}\"", "\"a", #""\x""#, #""\u12""#, #""\ud83d""#,
        #""\ude00\ud83d""#, #""\u00zz""#,
    ])
    func bytesThatAreNoRestrictedJSONAreBad(_ text: String) {
        #expect(Self.code(of: Array(text.utf8)) == .badBytes)
    }

    @Test func deepNestingIsRefusedBeforeItExhaustsTheStack() {
        #expect(Self.code(of: [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)) == .badBytes)
    }

    @Test func randomValuesSurviveTheRoundTrip() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let value = JournalValue.random(depth: 4, using: &random)
            let bytes = value.canonicalBytes
            #expect(bytes.allSatisfy { (0x20...0x7E).contains($0) })
            #expect(try JournalValue(canonical: bytes) == value)
        }
    }

    @Test func whatIsAcceptedIsWhatWouldBeWritten() {
        var random = SeededGenerator(seed: 2)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = JournalValue.random(depth: 3, using: &random).canonicalBytes
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            // A refusal is the usual and right answer.
            guard let value = try? JournalValue(canonical: bytes) else { continue }
            accepted += 1
            #expect(value.canonicalBytes == bytes)
        }
        #expect(accepted > 100)
    }

    private static func code(of bytes: [UInt8]) -> JournalError.Code? {
        do throws(JournalError) {
            _ = try JournalValue(canonical: bytes)
            return nil
        } catch {
            return error.code
        }
    }
}

/// SplitMix64, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension JournalValue {
    static func random(depth: Int, using random: inout SeededGenerator) -> Self {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .int(Int64.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &random))
        case 3: return .string(.random(using: &random))
        case 4:
            return .array(
                (0..<Int.random(in: 0..<4, using: &random)).map { _ in
                    .random(depth: depth - 1, using: &random)
                })
        default:
            var members: [String: JournalValue] = [:]
            for _ in 0..<Int.random(in: 0..<5, using: &random) {
                members[.random(using: &random)] = .random(depth: depth - 1, using: &random)
            }
            return .object(members)
        }
    }
}

extension String {
    fileprivate static func random(using random: inout SeededGenerator) -> Self {
        let planes: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0...0x1F, 0x7F...0x2FF, 0x2000...0x206F, 0...0x10FFFF,
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0..<8, using: &random) {
            let plane = planes[Int.random(in: 0..<planes.count, using: &random)]
            guard let scalar = Unicode.Scalar(UInt32.random(in: plane, using: &random)) else { continue }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}
