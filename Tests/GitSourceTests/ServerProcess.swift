import Foundation

/// A server of `Tests/Support` on a free port; it ends when the test lets go of it.
final class ServerProcess {
    let port: Int
    private let process = Process()
    private let lifeline = Pipe()

    init(_ script: String, _ arguments: [String] = []) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: Program.support(script))
        process.arguments = arguments
        process.environment = ["PATH": Program.path]
        process.standardInput = lifeline
        process.standardOutput = output
        try process.run()
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n")
        {
            line.append(byte)
        }
        guard let port = Int(String(decoding: line, as: UTF8.self)) else {
            throw Program.Failure(words: [script] + arguments, output: String(decoding: line, as: UTF8.self))
        }
        self.port = port
    }

    deinit {
        lifeline.fileHandleForWriting.closeFile()
        // Another child of this process may have inherited the pipe, and then its end is never seen.
        process.terminate()
        process.waitUntilExit()
    }
}
