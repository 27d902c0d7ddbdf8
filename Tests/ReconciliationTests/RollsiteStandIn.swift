import Foundation
import Testing

/// The stand-in for rollsite as a process of this host, which rereads its table every millisecond.
///
/// Like the real one it stops rereading, without a word, at the first table that it cannot read.
final class RollsiteStandIn {
    private let process = Process()
    private let port: UInt16

    /// Starts it on a table that is there already.
    init(in directory: String, table: String) throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Support/images").path
        let build = Process()
        build.executableURL = URL(fileURLWithPath: "/bin/sh")
        build.arguments = ["-c", "cc -std=c11 -D_GNU_SOURCE -O1 -o '\(directory)/java' '\(sources)'/*.c"]
        try build.run()
        build.waitUntilExit()
        try #require(build.terminationStatus == 0)

        port = try Self.freePort()
        let properties = """
            [eggroll]
            eggroll.rollsite.port=\(port)
            eggroll.rollsite.party.id=10000
            eggroll.rollsite.route.table.path=\(table)

            """
        try properties.write(toFile: directory + "/eggroll.properties", atomically: true, encoding: .utf8)
        process.executableURL = URL(fileURLWithPath: directory + "/java")
        process.arguments = [
            "-cp", "/lib/*", "com.webank.eggroll.rollsite.EggSiteBootstrap", "-c",
            directory + "/eggroll.properties",
        ]
        process.environment = ["ROLLSITE_RELOAD_SECONDS": "0.001"]
        // Who reads the output of the tests must not wait for this process.
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let deadline = ContinuousClock.now + .seconds(10)
        while ask("party") != "10000", ContinuousClock.now < deadline { usleep(5_000) }
        try #require(ask("party") == "10000")
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Whether it has loaded the table again within a hundred of its intervals.
    func isReloading() throws -> Bool {
        let before = try #require(ask("reloads"))
        usleep(100_000)
        return try #require(ask("reloads")) != before
    }

    /// Its answer to a question, see `Tests/Support/images/rollsite.c`; `nil` when nobody answers.
    func ask(_ question: String) -> String? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var address = Self.loopback(port)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        let line = Array("\(question)\n".utf8)
        guard isConnected, send(descriptor, line, line.count, Int32(MSG_NOSIGNAL)) == line.count
        else { return nil }
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 1 ? String(decoding: buffer[..<(count - 1)], as: UTF8.self) : nil
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
            }
        }
        try #require(result == 0)
        return UInt16(bigEndian: address.sin_port)
    }
}
