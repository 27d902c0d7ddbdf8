import ArgumentParser
import AuditJournal
import Glibc
import Reconciliation

extension AuditCommand {
    /// `fatesync audit verify`.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that nobody altered the journal.",
            discussion: """
                Exits with 0 when every record is signed and follows from the one before it, 8 when one does not,
                1 when that cannot be told. Without --key the journal's own word is taken for its first key. What
                whoever holds the current key could have altered shows only against something that was noted
                elsewhere: --anchor or --head.

                Examples:
                  fatesync audit verify
                  fatesync audit verify --key "$(cat noted-key)" --anchor noted-checkpoint
                  fatesync audit verify --fast --head "$(cat noted-head)"
                """)

        @Option(help: "The journal's first key, as `audit key` printed it, or a file that holds it.")
        var key: String?

        @Option(help: "A file with a checkpoint that was kept elsewhere. May be given several times.")
        var anchor: [String] = []

        @Option(help: "The head that an earlier verify printed.")
        var head: String?

        @Flag(help: "The whole chain, but only the signatures to which it leads.")
        var fast = false

        @OptionGroup var places: PlaceOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let trust = JournalTrust(
                head: try head.map(Self.head), key: try key.map(Self.key),
                anchors: try anchor.map(Self.checkpoint))
            let directory = try Settings(places).stateDirectory.journal
            let report = JournalVerification.verify(
                directory: directory, trusting: trust, depth: fast ? .fast : .full)
            if output.isJSON {
                try JSONOutput.print(VerifyDocument(report))
            } else {
                for line in VerifyDocument(report).lines { Terminal.say(line) }
            }
            switch report.verdict {
            case .intact: return
            case .altered: throw ExitStatus.altered
            default: throw ExitStatus.error
            }
        }

        private static func head(_ text: String) throws -> JournalHead {
            guard let head = JournalHead(text) else {
                throw ValidationError("cannot read the head '\(text)': give it as verify prints it")
            }
            return head
        }

        private static func key(_ text: String) throws -> JournalPublicKey {
            if let key = JournalPublicKey(base64: text) { return key }
            let content = try Self.content(of: text, as: "the key")
            let word = content.split(whereSeparator: \.isWhitespace).first.map(String.init)
            guard let key = word.flatMap(JournalPublicKey.init(base64:)) else {
                throw ValidationError(
                    "cannot read the key '\(text)': give it as `fatesync audit key` prints it")
            }
            return key
        }

        private static func checkpoint(_ path: String) throws -> JournalCheckpoint {
            guard let checkpoint = JournalCheckpoint(note: try Self.content(of: path, as: "the checkpoint"))
            else {
                throw ValidationError(
                    "cannot read the checkpoint in \(path): it is no signed note of origin, size and root")
            }
            return checkpoint
        }

        private static func content(of path: String, as what: String) throws -> String {
            guard let bytes = LocalFiles.read(path) else {
                throw ValidationError("cannot read \(what) from \(path): \(String(cString: strerror(errno)))")
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// `fatesync audit key`.
    struct Key: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the key that the journal began with, to be noted elsewhere.",
            discussion: """
                The second line is the same key as programs that check C2SP checkpoints take it.

                Examples:
                  fatesync audit key | ssh auditor 'cat >fatesync-key'
                """)

        @OptionGroup var places: PlaceOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let directory = try Settings(places).stateDirectory.journal
            let reader = JournalReader(directory: directory)
            guard let first = try reader.first(), let key = first.introducedKey else {
                Terminal.complain(
                    "the journal in \(directory) does not begin with a record that names its key")
                throw ExitStatus.error
            }
            let document = KeyDocument(key: key, origin: first.origin)
            if output.isJSON { return try JSONOutput.print(document) }
            Terminal.say("\(document.key)\n\(document.verifier)")
        }
    }
}

/// The first key for programs.
struct KeyDocument: Encodable {
    var schemaVersion = 1
    var id: String
    var key: String
    var verifier: String

    init(key: JournalPublicKey, origin: String) {
        id = key.id
        self.key = key.base64
        verifier = key.noteVerifier(for: origin)
    }
}

/// The result of a verification for programs.
struct VerifyDocument: Encodable {
    struct Fault: Encodable {
        var file: String
        var line: Int?
        var seq: UInt64?
        var `class`: String
    }

    var schemaVersion = 1
    var verdict: String
    var reason: String?
    var records: Int
    var files: Int
    var epochs: Int
    var firstTime: String?
    var lastTime: String?
    var head: String?
    /// The journal's own word for its first key.
    var key: String?
    var keyPinned: Bool
    /// How many records the largest checkpoint given covers, and how many lie after it.
    var anchored: UInt64?
    var afterAnchor: UInt64?
    /// The first alteration.
    var fault: Fault?
    var findings: [String]
    var omittedFindings: Int

    init(_ report: JournalReport) {
        switch report.verdict {
        case .intact: verdict = "intact"
        case .altered: verdict = "ALTERED"
        case .unknown(let why):
            verdict = "cannot tell"
            reason = why
        }
        records = report.records
        files = report.files
        epochs = report.epochs
        firstTime = report.firstTime?.description
        lastTime = report.lastTime?.description
        head = report.head?.description
        key = report.firstKey?.base64
        keyPinned = report.isKeyPinned
        anchored = report.anchor?.size
        afterAnchor = report.recordsAfterAnchor
        fault = report.findings.first { $0.severity == .alteration }.map {
            Fault(file: $0.file, line: $0.line, seq: $0.seq, class: $0.kind.rawValue)
        }
        findings = report.findings.map(\.description)
        omittedFindings = report.omittedFindings
    }

    /// For people.
    var lines: [String] {
        var lines = findings
        if omittedFindings > 0 { lines.append("\(omittedFindings) more findings are left out") }
        lines.append(
            "\(records) records in \(files) files, \(epochs) keys, \(firstTime ?? "-") to \(lastTime ?? "-")")
        if let head { lines.append("head \(head)") }
        if let anchored, let afterAnchor {
            lines.append("\(anchored) records agree with the checkpoint; \(afterAnchor) lie after it")
        }
        if let key, !keyPinned {
            lines.append(
                "key \(key), which the journal itself names: compare it with a noted one, or give --key")
        }
        lines.append(reason.map { "\(verdict): \($0)" } ?? verdict)
        return lines
    }
}
