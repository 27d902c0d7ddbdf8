import ArgumentParser
import DesiredState
import Glibc

/// `fatesync init`: an example state repository to start from.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write the example state repository into a directory.",
        discussion: """
            The directory must be empty or not exist. Edit the parties, then: git init, git add, git commit, git push.

            Examples:
              fatesync init state
            """)

    @Argument(help: "Directory to write to.")
    var directory = "."

    @OptionGroup var output: OutputOptions

    func run() throws {
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
