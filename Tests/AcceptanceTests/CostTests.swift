import Foundation
import Testing

extension Acceptance {
    /// What a sync of an unchanged host costs, against the reads that it cannot do without.
    @Suite struct CostTests {
        /// Whether the program under test is built for release; a debug build is several times slower.
        private static let isRelease = ProcessInfo.processInfo.environment["FATESYNC_RELEASE"] == "1"

        @Test func `a sync of 14 unchanged containers costs at most twice the reads by curl and 40 MiB`()
            async throws
        {
            try await Host.use(name: "demo") { host in
                try host.copyExample()
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let containers = try await host.containers()
                try #require(containers.count == 14)
                let reads = curls(host, containers.values.map(\.id))
                let oneProcess = ["curl"] + reads.flatMap { $0.dropFirst() }
                var (own, commands, process): ([Duration], [Duration], [Duration]) = ([], [], [])
                for _ in 1...9 {
                    own.append(try await host.fatesync("sync", "-q").expect(0).duration)
                    commands.append(try await Program.run(["sh", "-c", script(reads)]).expect(0).duration)
                    process.append(try await Program.run(oneProcess).expect(0).duration)
                }
                let sync = own.sorted()[4]
                let (perCommand, perProcess) = (sync / commands.sorted()[4], sync / process.sorted()[4])
                let mebibytes = try await peakMemory(of: host)
                print(
                    "no-op sync of 14 containers: \(sync), memory \(mebibytes) MiB; against one list and 14 "
                        + "inspects: ratio \(perCommand) to a curl command each, ratio \(perProcess) to one "
                        + "curl process for all on one kept connection")
                #expect(mebibytes <= 40)
                if Self.isRelease {
                    #expect(perCommand <= 2)
                    // Starting a program that links libgit2 and libcurl takes most of what the reads take.
                    #expect(perProcess <= 4)
                }
            }
        }

        /// One command for the list and one for each inspect.
        private func curls(_ host: Host, _ ids: [String]) -> [[String]] {
            let base = "http://docker/v1.41/containers/"
            let urls = ["\(base)json?all=1"] + ids.map { "\(base)\($0)/json" }
            return urls.map {
                ["curl", "-fsS", "--unix-socket", host.engine.socket, "-o", "/dev/null", $0]
            }
        }

        private func script(_ commands: [[String]]) -> String {
            commands.map { $0.map { "'\($0)'" }.joined(separator: " ") }.joined(separator: " && ")
        }

        /// The largest resident set of a sync, as the kernel counted it.
        ///
        /// A small process starts it, because a child begins with the peak of the one that it was made from.
        private func peakMemory(of host: Host) async throws -> Double {
            let script = """
                import resource, subprocess, sys
                subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
                print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
                """
            let command = [Program.fatesync, "sync", "--config", host.configuration]
            let kibibytes = try await Program.output(of: ["python3", "-c", script] + command)
            return try #require(Double(kibibytes)) / 1024
        }
    }
}
