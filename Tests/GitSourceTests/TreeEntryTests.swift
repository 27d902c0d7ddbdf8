import Testing

@testable import GitSource

struct TreeEntryTests {
    private static let id = [UInt8](repeating: 7, count: 20)
    private static let bytes = Array("100644 a".utf8) + [0] + id + Array("40000 b".utf8) + [0] + id

    @Test func `a listing is taken apart`() {
        let entries = TreeEntry.parse(Self.bytes)
        #expect(entries?.map(\.kind) == [.file(isExecutable: false), .directory])
        #expect(entries?.map(\.name) == [[0x61], [0x62]])
        #expect(entries?.map(\.id) == [Self.id, Self.id])
        #expect(TreeEntry.parse([]) == [])
    }

    @Test(arguments: 1..<bytes.count)
    func `a listing that is cut anywhere but between two entries is damaged`(_ length: Int) {
        let entries = TreeEntry.parse(Array(Self.bytes.prefix(length)))
        #expect(entries?.count == (length == 29 ? 1 : nil))
    }

    @Test(arguments: 0..<200)
    func `any bytes are either a listing or damaged`(_ seed: UInt64) {
        var state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493
        let bytes = (0..<200).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 60) &+ 0x2C
        }
        // Between spaces, digits and NUL nearly everything is reached; what counts is that it returns.
        let mixed = bytes.map { $0 > 0x39 ? 0 : ($0 < 0x30 ? 0x20 : $0) }
        #expect(TreeEntry.parse(mixed)?.allSatisfy { $0.id.count == 20 } != false)
    }
}
