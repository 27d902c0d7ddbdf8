import ArgumentParser
import DesiredState
import Glibc

/// `fatesync init`: an example state repository to start from, or a repository to push it to.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write the example state repository, or make a repository whose pushes are carried out.",
        discussion: """
            The directory must be empty or not exist. Edit the parties, then: git init, git add, git commit, git push.

            With --bare it makes a bare repository with two hooks, or gives them to one that is there. The first
            refuses a push with mistakes in the desired state; the second has the watcher of this host carry the
            push out, and shows the pusher what comes of it. Run it as the user who receives pushes.

            Examples:
              fatesync init state
              sudo -u git fatesync init --bare /srv/git/state.git
            """)

    @Argument(help: "Directory to write to.")
    var directory = "."

    @Flag(help: "Make a bare repository with hooks that check and carry out what is pushed.")
    var bare = false

    @Option(help: "With --bare: how long a push shows what the watcher does. Default: 60s.")
    var timeout: String?

    @OptionGroup var places: PlaceOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard bare else {
            guard timeout == nil else { throw ValidationError("--timeout is for --bare") }
            return
        }
        do {
            if let timeout { _ = try Settings.seconds(timeout, of: "timeout") }
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        if bare {
            let hooks = try PushHooks(Settings(places), timeout: timeout)
            try hooks.install(in: directory)
            if !output.quiet {
                Terminal.say(
                    "\(directory) checks and carries out what is pushed to its branch \(hooks.branch)")
            }
            return
        }
        let example = try Self.exampleDirectory()
        let tree = try LocalFiles.tree(example)
        if access(directory, F_OK) == 0, !(try LocalFiles.tree(directory)).files.isEmpty {
            throw SettingsError("cannot write the example to \(directory): it is not empty")
        }
        for (path, content) in tree.files.sorted(by: { $0.key < $1.key }) {
            try LocalFiles.write(content, to: "\(directory)/\(path)", replacing: false)
        }
        if !output.quiet {
            Terminal.say("\(tree.files.count) files in \(directory); try: fatesync validate \(directory)")
        }
    }

    /// The example beside an installed program, or in the source folder above a built one.
    private static func exampleDirectory() throws(SettingsError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { throw SettingsError("cannot find the program's own place") }
        var folder = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)[...]
        while let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
            folder = folder[..<slash]
            for candidate in ["\(folder)/share/fatesync/state", "\(folder)/state"]
            where access("\(candidate)/federation.yaml", R_OK) == 0 {
                return candidate
            }
        }
        throw SettingsError(
            "cannot find the example state repository; install it to PREFIX/share/fatesync/state")
    }
}
