import ArgumentParser
import DesiredState

/// `fatesync config`: the settings.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the settings and where each comes from.",
        discussion: """
            Examples:
              fatesync config show
            """,
        subcommands: [Show.self])

    /// `fatesync config show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show each setting with its origin: flag, environment, file and line, or default.",
            discussion: """
                Examples:
                  fatesync config show
                  fatesync config show --config ./fatesync.yaml -o json
                """)

        @OptionGroup var places: PlaceOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let settings = try Settings(places)
            let rows = Settings.keys.map { key in
                let value = settings[key]
                return Row(
                    key: key, value: value ?? settings.defaultValue(of: key),
                    origin: settings.origins[key].map { "\($0)" } ?? "default")
            }
            if output.isJSON { return try JSONOutput.print(Document(settings: rows)) }
            let widths = (
                rows.map(\.key.count).max() ?? 0, rows.map { ($0.value ?? "-").count }.max() ?? 0
            )
            for row in rows {
                let key = row.key.padded(to: widths.0)
                let value = (row.value ?? "-").padded(to: min(widths.1, 48))
                Terminal.say("\(key)  \(value)  \(row.origin)".escapingControls)
            }
        }

        private struct Row: Encodable {
            var key: String
            /// `nil` when it is not set and has no default.
            var value: String?
            var origin: String
        }

        private struct Document: Encodable {
            var schemaVersion = 1
            var settings: [Row]
        }
    }
}
