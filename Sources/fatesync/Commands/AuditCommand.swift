import ArgumentParser
import AuditJournal
import Reconciliation

/// `fatesync audit`: the journal.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Review and verify the audit journal.",
        discussion: """
            Examples:
              fatesync audit list --last 20
              fatesync audit verify --key "$(cat noted-key)"
            """,
        subcommands: [List.self, Show.self, Verify.self, Prove.self, Key.self])
}

extension AuditCommand {
    /// `fatesync audit list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what was done, one line each.",
            discussion: """
                Intents are left out, unless --all is given.

                Examples:
                  fatesync audit list --party 10000 --last 20
                  fatesync audit list --since 2026-01-31T00:00:00Z -o json
                """)

        @Option(help: "Only this party.")
        var party: String?

        @Option(help: "Only this action, such as container.create.")
        var action: String?

        @Option(help: "Only this outcome: ok, noop, refused, failed or unknown.")
        var outcome: String?

        @Option(help: "From this time on, as 2026-01-31T12:00:00Z.")
        var since: String?

        @Option(help: "Before this time.")
        var until: String?

        @Option(help: "Only the last N entries.")
        var last: Int?

        @Flag(help: "Intents too.")
        var all = false

        @OptionGroup var places: PlaceOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            var filter = JournalFilter()
            filter.party = party
            filter.action = action
            filter.last = last
            if let outcome {
                guard let known = JournalOutcome(rawValue: outcome) else {
                    throw ValidationError(
                        "unknown outcome '\(outcome)'; known: "
                            + JournalOutcome.allCases.map(\.rawValue).joined(separator: ", "))
                }
                filter.outcome = known
            }
            filter.since = try Self.time(since)
            filter.until = try Self.time(until)
            if !all { filter.kinds = AuditEntry.listedKinds }
            let directory = try Settings(places).stateDirectory.journal
            let entries = try JournalReader(directory: directory).query(filter)
            if output.isJSON {
                try JSONOutput.print(AuditDocument(entries: entries.map(AuditEntry.init)))
            } else {
                let terminal = Terminal(output)
                for entry in entries { Terminal.say(AuditEntry(entry).line(terminal)) }
            }
        }

        private static func time(_ text: String?) throws -> JournalTime? {
            guard let text else { return nil }
            guard let time = JournalTime(text) else {
                throw ValidationError("cannot read the time '\(text)': write it as 2026-01-31T12:00:00.000Z")
            }
            return time
        }
    }

    /// `fatesync audit show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an entry, or all entries of a commit or a plan.",
            discussion: """
                Examples:
                  fatesync audit show 42
                  fatesync audit show 4f2c1a9be001      a commit or a plan, by its first digits
                """)

        @Argument(help: "Sequence number, commit or plan id (first 7 digits or more).")
        var what: String

        @OptionGroup var places: PlaceOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let directory = try Settings(places).stateDirectory.journal
            let reader = JournalReader(directory: directory)
            let number = UInt64(what)
            var found: [AuditEntry] = []
            try reader.visit { entry in
                let matches =
                    number == entry.seq
                    || what.count >= 7 && entry.record.source?.commit.hasPrefix(what) == true
                    || what.count >= 7 && entry.record.plan?.hasPrefix(what) == true
                if matches { found.append(AuditEntry(entry)) }
                return .more
            }
            guard !found.isEmpty else {
                Terminal.complain("no entry of the journal is numbered \(what) or names it as commit or plan")
                throw ExitStatus.error
            }
            if output.isJSON { return try JSONOutput.print(AuditDocument(entries: found)) }
            Terminal.say(found.map(\.details).joined(separator: "\n\n"))
        }
    }
}
