import ArgumentParser

/// `fatesync hook`: what the hooks of a repository that `init --bare` made run.
struct HookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook",
        abstract: "What git runs in a repository that is pushed to.",
        discussion: """
            `fatesync init --bare` writes the hooks; git gives them their input.

            Examples:
              fatesync hook pre-receive --branch main
              fatesync hook post-receive --branch main --timeout 60s
            """,
        shouldDisplay: false,
        subcommands: [PreReceiveCommand.self, PostReceiveCommand.self])
}

/// A change of one branch or tag, as git tells it to `pre-receive` and `post-receive`: `OLD NEW NAME`.
struct ReferenceChange {
    let old: String
    let new: String
    let name: String

    init?(_ line: String) {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count == 3 else { return nil }
        (old, new, name) = (words[0], words[1], words[2])
    }

    /// Git writes zeros for a commit that there is none of.
    static func isNothing(_ commit: String) -> Bool { commit.allSatisfy { $0 == "0" } }

    /// The change of `branch` in what git tells on standard input.
    static func read(of branch: String) -> ReferenceChange? {
        var found: ReferenceChange?
        // To its end: git writes to a pipe, which must not break.
        while let line = readLine() {
            if let change = ReferenceChange(line), change.name == "refs/heads/\(branch)" { found = change }
        }
        return found
    }
}
