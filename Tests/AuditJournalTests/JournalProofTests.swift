import AuditJournal
import Testing

/// Proofs are checked by the algorithms of RFC 9162, written down in another language.
@Suite struct JournalProofTests {
    private static let checker = """
        import base64, hashlib, sys
        b = base64.b64decode
        def node(l, r): return hashlib.sha256(b'\\x01' + l + r).digest()
        def inclusion(leaf, seq, size, path):  # RFC 9162, 2.1.3.2
            fn, sn, r = seq, size - 1, hashlib.sha256(b'\\x00' + leaf).digest()
            for p in path:
                if sn == 0: return None
                if fn & 1 or fn == sn:
                    r = node(p, r)
                    while not fn & 1 and fn: fn >>= 1; sn >>= 1
                else: r = node(r, p)
                fn >>= 1; sn >>= 1
            return r if sn == 0 else None
        def consistent(first, second, first_root, second_root, path):  # RFC 9162, 2.1.4.2
            if first == second: return not path and first_root == second_root
            if first & (first - 1) == 0: path = [first_root] + path
            fn, sn = first - 1, second - 1
            while fn & 1: fn >>= 1; sn >>= 1
            fr = sr = path[0]
            for c in path[1:]:
                if sn == 0: return False
                if fn & 1 or fn == sn:
                    fr, sr = node(c, fr), node(c, sr)
                    while not fn & 1 and fn: fn >>= 1; sn >>= 1
                else: sr = node(sr, c)
                fn >>= 1; sn >>= 1
            return fr == first_root and sr == second_root and sn == 0
        for line in sys.argv[1:]:
            kind, a, size, x, root, *path = line.split(' ')
            path = [b(p) for p in path]
            if kind == 'inclusion': print(inclusion(b(x), int(a), int(size), path) == b(root))
            else: print(consistent(int(a), int(size), b(x), b(root), path))
        """

    private static func words(_ kind: String, _ number: Int, _ size: Int, _ digests: [[UInt8]]) -> String {
        (["\(kind) \(number) \(size)"] + digests.map(JournalProof.base64)).joined(separator: " ")
    }

    @Test func proofsConvinceSomebodyWithoutTheJournal() throws {
        let journal = try JournalDirectoryFixture()
        try journal.open(rotationSize: 9000).append(JournalRecord.steps(18), sync: true)
        let proof = try JournalProof(directory: journal.path)
        #expect(proof.size == 19)
        var lines: [String] = []
        for size in 1...proof.size {
            let root = proof.root(of: size)
            for seq in 0..<size {
                lines.append(
                    Self.words(
                        "inclusion", seq, size, [proof.leaf(seq), root] + proof.inclusion(of: seq, in: size)))
            }
            for from in 1...size {
                lines.append(
                    Self.words(
                        "consistency", from, size,
                        [proof.root(of: from), root] + proof.consistency(from: from, to: size)))
            }
        }
        let answers = try Python.output(of: Self.checker, lines)
        #expect(answers.count == lines.count)
        #expect(answers.allSatisfy { $0 == "True" })
        // Another record, another root: the checker can say no.
        let wrong = [
            Self.words(
                "inclusion", 3, 19, [proof.leaf(4), proof.root(of: 19)] + proof.inclusion(of: 3, in: 19)),
            Self.words(
                "consistency", 7, 19,
                [proof.root(of: 8), proof.root(of: 19)] + proof.consistency(from: 7, to: 19)),
        ]
        #expect(try Python.output(of: Self.checker, wrong) == ["False", "False"])
    }

    @Test func rootsAreThoseOfTheCheckpoints() throws {
        let journal = try JournalDirectoryFixture()
        let writer = try journal.openAdjusted { $0.checkpointRecords = 6 }
        for record in JournalRecord.steps(30) { try writer.append([record], sync: false) }
        try writer.sync()
        let proof = try JournalProof(directory: journal.path)
        let made = try JournalReader(directory: journal.path).query().compactMap(\.checkpoint)
        #expect(made.count > 4)
        for checkpoint in made { #expect(proof.root(of: Int(checkpoint.size)) == checkpoint.root) }
    }
}
