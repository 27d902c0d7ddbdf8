import ArgumentParser
import AuditJournal
import Reconciliation

extension AuditCommand {
    /// `fatesync audit prove`.
    struct Prove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prove to somebody who holds checkpoints that nothing before them was altered.",
            discussion: """
                Prints a proof as RFC 6962 defines it, in JSON: that entry SEQ is among the first SIZE ones, or that
                the first SIZE ones begin with an earlier number of them. Digests are in base64.

                Examples:
                  fatesync audit prove 42
                  fatesync audit prove 42 --in 2048
                  fatesync audit prove --from 1024 --to 2048
                """)

        @Argument(help: "Sequence number of the entry.")
        var seq: Int?

        @Option(help: "Size of the checkpoint that covers the entry. Default: that of the whole journal.")
        var `in`: Int?

        @Option(help: "Size of the earlier checkpoint.")
        var from: Int?

        @Option(help: "Size of the later checkpoint. Default: that of the whole journal.")
        var to: Int?

        @OptionGroup var places: PlaceOptions
        @OptionGroup var output: OutputOptions

        func validate() throws {
            guard (seq == nil) != (from == nil), seq == nil || to == nil, from == nil || `in` == nil else {
                throw ValidationError(
                    "give either SEQ, with or without --in, or --from, with or without --to")
            }
        }

        func run() throws {
            let proof = try JournalProof(directory: Settings(places).stateDirectory.journal)
            let size = `in` ?? to ?? proof.size
            guard size > 0, size <= proof.size, seq.map({ 0 <= $0 && $0 < size }) ?? true,
                from.map({ 0 < $0 && $0 <= size }) ?? true
            else {
                Terminal.complain("the journal has \(proof.size) entries, and the numbers do not fit to that")
                throw ExitStatus.error
            }
            try JSONOutput.print(ProofDocument(proof, seq: seq, from: from, size: size))
        }
    }
}

/// A proof for programs; digests are in base64.
struct ProofDocument: Encodable {
    var schemaVersion = 1
    /// `inclusion` or `consistency`.
    var proof: String
    var seq: Int?
    /// The data of the entry's leaf: SHA-256 of its line.
    var leaf: String?
    var from: Int?
    var fromRoot: String?
    var size: Int
    var root: String
    var path: [String]

    init(_ proof: JournalProof, seq: Int?, from: Int?, size: Int) {
        self.proof = seq == nil ? "consistency" : "inclusion"
        self.seq = seq
        self.from = from
        self.size = size
        leaf = seq.map { JournalProof.base64(proof.leaf($0)) }
        fromRoot = from.map { JournalProof.base64(proof.root(of: $0)) }
        root = JournalProof.base64(proof.root(of: size))
        let path =
            seq.map { proof.inclusion(of: $0, in: size) }
            ?? from.map { proof.consistency(from: $0, to: size) }
        self.path = path?.map(JournalProof.base64) ?? []
    }
}
