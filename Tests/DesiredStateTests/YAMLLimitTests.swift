import Testing

@testable import DesiredState

struct YAMLLimitTests {
    private func lines(_ text: String) -> [String] {
        var diagnostics: [Diagnostic] = []
        let node = YAMLNode.parse(Array(text.utf8), file: "f.yaml", into: &diagnostics)
        #expect((node == nil) == !diagnostics.isEmpty)
        return diagnostics.lines
    }

    @Test func aliasBombIsRefusedAtOnce() {
        var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1...8 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
            bomb += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let refused = lines(bomb)
        #expect(refused.allSatisfy { $0.contains("E-YAML-ANCHOR") })
        #expect(refused.count == YAMLComposer.maximumDiagnostics)
        // The fastest of several runs is what the reader costs, whatever else the machine does.
        let times = (0..<5).map { _ in ContinuousClock().measure { _ = lines(bomb) } }
        #expect(times.contains { $0 < .milliseconds(50) })
    }

    @Test func thirtyTwoLevelsAreTheLimit() {
        let deep = { (levels: Int) in
            String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        }
        #expect(lines(deep(32)).isEmpty)
        #expect(lines(deep(33)) == ["f.yaml:1:33: error E-LIMIT: nested deeper than 32 levels (depth)"])
        #expect(
            lines(deep(100_000)).map { $0.hasSuffix("E-LIMIT: nested deeper than 32 levels (depth)") } == [
                true
            ])
    }

    @Test func sixteenKibibytesAreTheLimitOfAScalar() {
        let limit = YAMLComposer.maximumScalarBytes
        #expect(lines("a: " + String(repeating: "x", count: limit)).isEmpty)
        let long = lines("a: " + String(repeating: "x", count: limit + 1))
        #expect(
            long == ["f.yaml:1:4: error E-LIMIT: a value has 16385 bytes, at most 16384 are allowed (scalar)"]
        )
    }

    @Test func tenThousandNodesAreTheLimit() {
        let list = { (elements: Int) in String(repeating: "- 1\n", count: elements) }
        #expect(lines(list(9_999)).isEmpty)
        #expect(
            lines(list(10_000)) == [
                "f.yaml:10000:3: error E-LIMIT: more than 10000 values in one file (nodes)"
            ])
    }

    @Test func aLargeFileIsRefusedUnread() {
        let lines = lines(String(repeating: "#", count: 256 * 1024 + 1))
        #expect(lines == ["f.yaml:1:1: error E-LIMIT: the file has 262145 bytes, at most 262144 are allowed"])
    }

    @Test func damagedFilesNeverStopTheReader() {
        let original = Array("a: [1, {b: \"c\\n\"}]\nd: |\n  x\n? k\n: &v !t *w\n# é\n".utf8)
        var generator = SeededGenerator(seed: 1)
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = original
            for _ in 0...Int.random(in: 0..<4, using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                switch UInt8.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.insert(bytes[Int.random(in: bytes.indices, using: &generator)], at: index)
                default: if bytes.count > 1 { bytes.remove(at: index) }
                }
            }
            var diagnostics: [Diagnostic] = []
            if YAMLNode.parse(bytes, file: "f.yaml", into: &diagnostics) == nil {
                refused += 1
                #expect(!diagnostics.isEmpty)
            }
            _ = YAMLNode.parseJSON(bytes, file: "f.json", into: &diagnostics)
        }
        #expect(refused > 10_000)
    }
}
