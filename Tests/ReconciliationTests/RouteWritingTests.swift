import DesiredState
import Foundation
import Synchronization
import Testing

@testable import Reconciliation

/// Route tables that are replaced while a rollsite rereads them as often as it can.
@Suite(.serialized) struct RouteWritingTests {
    private static let parties = 20

    /// A table in which every port is the number of the change, so that a mixture of two shows.
    private static func table(_ change: Int, at path: String) -> FileSpec {
        let entries = (1...parties).map { id in
            "\"\(id)\": {\"default\": [{\"ip\": \"10.0.0.\(id)\", \"port\": \(change)}]}"
        }
        let text = "{\"route_table\": {\n\(entries.joined(separator: ",\n"))\n}}\n"
        return FileSpec(
            path: path, name: "route_table.json", content: Array(text.utf8), format: .json,
            onChange: .reload(withinSeconds: 60))
    }

    /// Readers that work as fast as they can: the load, and witnesses of every table that is not whole.
    private final class Readers: Sendable {
        private let isOver = Atomic(false)
        private let reads = Atomic(0)
        private let torn = Atomic(0)
        private let running = Atomic(0)

        init(_ count: Int, of path: String) {
            for _ in 0..<count {
                running.add(1, ordering: .relaxed)
                Thread.detachNewThread { [self] in
                    while !isOver.load(ordering: .relaxed) {
                        reads.add(1, ordering: .relaxed)
                        if !Self.isWhole(path) { torn.add(1, ordering: .relaxed) }
                    }
                    running.subtract(1, ordering: .releasing)
                }
            }
        }

        func stop() -> (reads: Int, torn: Int) {
            isOver.store(true, ordering: .relaxed)
            while running.load(ordering: .acquiring) > 0 { usleep(1_000) }
            return (reads.load(ordering: .relaxed), torn.load(ordering: .relaxed))
        }

        private static func isWhole(_ path: String) -> Bool {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return false }
            let ports = text.components(separatedBy: "\"port\": ").dropFirst().map { $0.prefix { $0 != "}" } }
            return ports.count == parties && Set(ports).count == 1 && text.hasSuffix("\n}}\n")
        }
    }

    @Test func aThousandChangesUnderLoadLeaveTheReloadTimerAlive() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/route_table.json"
        try HostFiles.write(Self.table(1, at: path))
        let rollsite = try RollsiteStandIn(in: directory.path, table: path)
        let readers = Readers(2, of: path)
        var last = 1
        for change in 2...1001 {
            try HostFiles.write(Self.table(change, at: path))
            guard change.isMultiple(of: 10) else { continue }
            let answer = try #require(rollsite.ask("route \(change % Self.parties + 1)"))
            let port = try #require(answer.split(separator: ":").last.flatMap { Int($0) }, "\(answer)")
            #expect((last...change).contains(port))
            last = port
        }
        let (reads, torn) = readers.stop()
        #expect(torn == 0, "\(torn) of \(reads) reads")
        #expect(reads > 100)
        #expect(try rollsite.isReloading())
        #expect(rollsite.ask("route 7") == "10.0.0.7:1001")
        #expect(try directory.names().filter { $0.hasPrefix(".") } == [])
    }

    /// What the test above is worth: a writer that truncates ends the rereading.
    @Test func aWriterThatTruncatesEndsTheReloadTimer() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/route_table.json"
        try HostFiles.write(Self.table(1, at: path))
        let rollsite = try RollsiteStandIn(in: directory.path, table: path)
        let readers = Readers(2, of: path)
        var isReloading = true
        let deadline = ContinuousClock.now + .seconds(20)
        while isReloading, ContinuousClock.now < deadline {
            for change in 2...1001 {
                try Data(Self.table(change, at: path).content).write(to: URL(fileURLWithPath: path))
            }
            isReloading = try rollsite.isReloading()
        }
        #expect(!isReloading)
        #expect(readers.stop().torn > 0)
        // The old table serves on, and a good one comes too late.
        try HostFiles.write(Self.table(5000, at: path))
        #expect(try !rollsite.isReloading())
        #expect(rollsite.ask("route 7") != "10.0.0.7:5000")
    }
}
