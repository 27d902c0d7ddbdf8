import Foundation
import Testing

extension Acceptance {
    /// A journal that cannot be written stops changes, and nothing else.
    @Suite struct JournalFailureTests {
        private struct Document: Decodable {
            struct Entry: Decodable {
                var kind: String
                var error: String?
            }

            var entries: [Entry]
        }

        /// What is recorded; a torn line is none of it.
        private func entries(_ host: Host) async throws -> [Document.Entry] {
            let exit = try await host.fatesync("audit", "list", "--all", "-o", "json").expect(0)
            return try exit.decode(Document.self).entries
        }

        @Test func `a full disk stops changes until there is space, and the journal says so`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let folder = host.stateDirectory + "/audit"
                try await Program.output(of: ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder])
                do {
                    try await fill(folder, host, state)
                } catch {
                    try await Program.output(of: ["umount", "-l", folder])
                    throw error
                }
                try await Program.output(of: ["umount", "-l", folder])
            }
        }

        private func fill(_ folder: String, _ host: Host, _ state: SmallState) async throws {
            let watcher = try await host.watch("--interval", "1h")
            let before = try await host.containers()
            try await Program.run(["dd", "if=/dev/zero", "of=\(folder)/ballast", "bs=4k"]).expect(1)
            try state.override(1, "job", "environment: {NEW: value}")
            // The record of such a commit does not fit into what is left of the last page.
            let commit = try await host.push(String(repeating: "x", count: 6000))
            let sync = try await host.fatesync("sync").expect(1)
            #expect("\(sync)".contains("No space left on device"), "\(sync)")
            #expect(try await host.status()?.result == "failed")
            #expect(try await host.containers() == before)
            #expect(try await entries(host).last?.kind == "gap")

            try FileManager.default.removeItem(atPath: folder + "/ballast")
            try await host.fatesync("sync").expect(0)
            #expect(try await host.status()?.wanted?.commit == commit, "\(watcher.errors)")
            let job = state.prefix(1) + "_job"
            #expect(try await host.containers()[job] != before[job])
            let gaps = try await entries(host).filter { $0.kind == "gap" }
            #expect(gaps.contains { $0.error?.contains("No space left on device") == true }, "\(gaps)")
            try await host.fatesync("audit", "verify").expect(0)
        }

        @Test func `an fsync that fails stops changes, and the journal says so`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1])
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()
                try state.override(1, "job", "environment: {NEW: value}")
                try await host.push()
                let faulty = try await Program.run([
                    "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e",
                    "inject=fdatasync:error=EIO:when=1", Program.fatesync, "sync", "--config",
                    host.configuration,
                ]).expect(1)
                #expect("\(faulty)".contains("Input/output error"), "\(faulty)")
                #expect(try await host.containers() == before)
                let gap = try await entries(host).last
                #expect(gap?.kind == "gap")
                #expect(gap?.error?.contains("Input/output error") == true)
                try await host.fatesync("sync").expect(0)
                let job = state.prefix(1) + "_job"
                #expect(try await host.containers()[job] != before[job])
                try await host.fatesync("audit", "verify").expect(0)
            }
        }
    }
}
