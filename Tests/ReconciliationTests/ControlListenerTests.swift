import DesiredState
import Foundation
import Glibc
import Testing

@testable import Reconciliation

/// Where the control socket lies and who may use it.
@Suite struct ControlListenerTests {
    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test func onlyRootAndTheGroupOfTheRepositoryMayConnect() throws {
        let control = try ControlFixture()
        #expect(mode(control.path) == 0o660)
        let group =
            try FileManager.default.attributesOfItem(atPath: control.path)[.groupOwnerAccountID] as? Int
        #expect(group == Int(HostFiles.owner(of: control.folder.path)?.gid ?? gid_t.max))
    }

    @Test func aSocketElsewhereIsFoundThroughTheStateDirectory() throws {
        let folder = try TemporaryDirectory()
        let (path, link) = (folder.path + "/run/control.sock", folder.path + "/link.sock")
        do {
            let listener = try ControlListener(at: path, link: link, group: nil)
            let client = try #require(UnixSocket.connect(to: link))
            close(client)
            withExtendedLifetime(listener) {}
        }
        #expect(try folder.names() == ["run"])
    }

    @Test func whatAKilledWatcherLeavesIsReplacedAndNothingElse() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/control.sock"
        // Bound and closed: the file stays, and nobody listens.
        close(try #require(UnixSocket.bind(to: path)))
        #expect(UnixSocket.connect(to: path) == nil)
        do {
            let listener = try ControlListener(at: path, link: nil, group: nil)
            let error = #expect(throws: HostFileError.self) {
                _ = try ControlListener(at: path, link: nil, group: nil)
            }
            #expect(error?.reason == "another program listens there")
            withExtendedLifetime(listener) {}
        }
        try "mine".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: HostFileError.self) { _ = try ControlListener(at: path, link: nil, group: nil) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    }

    @Test func aPathThatIsTooLongForASocketIsAnErrorWithAReason() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path + "/" + String(repeating: "x", count: 120)
        let error = #expect(throws: HostFileError.self) {
            _ = try ControlListener(at: path, link: nil, group: nil)
        }
        #expect(error?.reason == "File name too long")
    }
}
