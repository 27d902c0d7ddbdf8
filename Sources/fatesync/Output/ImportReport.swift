import DesiredState

/// What an import has written and what it has left out, for people and for programs.
struct ImportReport {
    let state: ImportedState
    let directory: String

    init(_ state: ImportedState, directory: String) {
        self.state = state
        self.directory = directory
    }

    func text(_ terminal: Terminal, isQuiet: Bool) -> String {
        var lines: [String] = []
        for party in state.parties {
            let role =
                party.host.map { "host \($0), blueprint \(party.blueprint ?? "-")" }
                ?? "of others, only routed to"
            lines.append(terminal.styled("party \(party.id)", .bold) + "  \(role)".escapingControls)
        }
        for finding in state.findings {
            lines.append(terminal.styled("\(finding)", finding.kind == .leftOut ? .red : .yellow))
        }
        for secret in state.secrets {
            lines.append(
                "secret: write the value at \(secret.location) to the file \(secret.party)/\(secret.name) in the "
                    + "directory of secrets; it is not in the state")
        }
        if isQuiet { return lines.joined(separator: "\n") }
        let left = state.findings.count { $0.kind == .leftOut }
        lines.append(
            "\(state.tree.files.count) files in \(directory)" + (left > 0 ? ", \(left) things left out" : ""))
        lines.append(
            "on the hosts, set data-dir to \(state.dataDirectory); then: fatesync validate \(directory)")
        return lines.joined(separator: "\n")
    }

    struct Document: Encodable {
        var schemaVersion = 1
        var directory: String
        /// Whether nothing was left out.
        var complete: Bool
        var dataDirectory: String
        var parties: [ImportedState.Party]
        var secrets: [ImportedState.Secret]
        var findings: [ImportFinding]
    }

    var document: Document {
        Document(
            directory: directory, complete: state.isComplete, dataDirectory: state.dataDirectory,
            parties: state.parties, secrets: state.secrets, findings: state.findings)
    }
}
