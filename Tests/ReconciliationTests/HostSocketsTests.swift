import DesiredState
import Glibc
import Planning
import Testing

@testable import Reconciliation

/// What the kernel's tables say, and who owns directories.
struct HostSocketsTests {
    @Test func routesAreReadWithoutTheDefaultRoute() {
        let text = """
            Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
            eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
            eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
            tun0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0

            """
        #expect(
            HostSockets.routes(text) == [
                HostRoute(subnet: "192.0.2.0/24", interface: "eth0"),
                HostRoute(subnet: "10.0.0.0/8", interface: "tun0"),
            ])
        #expect(HostSockets.routes("") == [])
    }

    @Test func onlySocketsThatListenAreRead() {
        let head =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        let tail =
            "00000000:00000000 00:00000000 00000000     0        0 4242 1 0000000000000000 100 0 0 10 0\n"
        let text =
            head + "   0: 00000000:2760 00000000:0000 0A \(tail)"
            + "   1: 0100007F:0050 00000000:0000 0A \(tail)"
            + "   2: 0100007F:0051 0100007F:9999 01 \(tail)"
        let found = HostSockets.listening(text, "tcp")
        #expect(
            found.map { "\($0.address) \($0.port) \($0.inode)" } == [
                "0.0.0.0 10080 4242", "127.0.0.1 80 4242",
            ])
        let zeros = String(repeating: "0", count: 32)
        let six = head + "   0: \(zeros):2760 \(zeros):0000 0A \(tail)"
        #expect(HostSockets.listening(six, "tcp6").map(\.address) == ["::"])
    }

    @Test func aMissingDirectoryIsMadeWithItsOwner() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/data/mysql"
        try HostFiles.make(DirectorySpec(path: path, mode: 0o750, owner: FileOwner(uid: 999, gid: 998)))
        #expect(HostFiles.owner(of: path) == FileOwner(uid: 999, gid: 998))
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == 0o750)
        // One that is there keeps its owner: there is data in it.
        try HostFiles.make(DirectorySpec(path: path, mode: 0o700, owner: FileOwner(uid: 1, gid: 1)))
        #expect(HostFiles.owner(of: path) == FileOwner(uid: 999, gid: 998))
    }
}
