import Foundation
import Testing

extension Acceptance {
    /// Law: after a fault at any request at most two passes are needed, and nothing is doubled, lost or left over.
    ///
    /// `Tests/Support/sweep` says what a point is and what is checked at each; `make test-all` sweeps all of them.
    @Suite struct SweepTests {
        /// Points of the other kinds of faults, beside the kills.
        private static let samples = 24
        private static let settings = ProcessInfo.processInfo.environment

        @Test func `a sync that is killed at any mutating request, or meets another fault, is mended`()
            async throws
        {
            let engine = (Self.settings["FATESYNC_TEST_ENGINE"] ?? "test") + "-sweep"
            // What a run that was interrupted left.
            try await Program.output(of: [Program.support("engine"), "stop", engine])
            var words = [
                Program.support("sweep"), "--quick", "\(Self.samples)", "--engine", "\(engine):20.10",
                "--fatesync", Program.fatesync,
            ]
            if let seed = Self.settings["FATESYNC_SEED"] { words += ["--seed", seed] }
            let exit = try await Program.run(words)
            print(exit.output)
            try exit.expect(0)
            let last = exit.output.split(separator: "\n").last { $0.contains("points swept") }
            let count = try #require(last?.split(separator: " ").first.flatMap { Int($0) })
            #expect(count >= 80)
        }
    }
}
