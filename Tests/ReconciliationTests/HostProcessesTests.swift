import DesiredState
import Foundation
import Planning
import Testing

@testable import Reconciliation

/// Only the process that is meant is looked into or signalled; the rest is tested with real containers.
@Suite struct HostProcessesTests {
    @Test func aProcessThatIsNoContainersOwnIsNotTakenForIt() {
        let id = String(repeating: "a", count: 64)
        let container = LiveContainer(
            id: id, spec: ContainerSpec(name: "web", image: "i"), imageID: "sha256:1", status: .running,
            pid: getpid())
        #expect(HostProcesses.read([id: container], volumes: [:], files: ["/etc/hostname"]).isEmpty)
    }

    @Test func aSignalReachesOnlyTheProcessThatWasMeant() async throws {
        let child = Process()
        let output = Pipe()
        // A child inherits which signals wait, and the threads of a test let most of them wait.
        let script = """
            import signal, time
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            print("ready", flush=True)
            time.sleep(100)
            """
        child.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        child.arguments = ["-c", script]
        child.standardOutput = output
        try child.run()
        defer { child.terminate() }
        #expect(!output.fileHandleForReading.availableData.isEmpty)
        let stat = try String(contentsOfFile: "/proc/\(child.processIdentifier)/stat", encoding: .utf8)
        let fields = stat.split(separator: " ")
        let start = try #require(UInt64(fields[21]))
        func delivery(_ start: UInt64) -> SignalDelivery {
            SignalDelivery(
                signal: .user1, process: ProcessIdentity(pid: child.processIdentifier, startTime: start),
                files: [])
        }
        #expect(throws: HostFileError.self) { try HostProcesses.signal(delivery(start + 1)) }
        #expect(child.isRunning)
        try HostProcesses.signal(delivery(start))
        child.waitUntilExit()
        #expect(child.terminationReason == .uncaughtSignal)
        #expect(child.terminationStatus == SIGUSR1)
    }
}
