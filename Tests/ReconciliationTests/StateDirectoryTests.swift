import DesiredState
import Foundation
import Testing

@testable import Reconciliation

@Suite struct StateDirectoryTests {
    @Test func aSecondLockOnTheSameDirectoryNamesTheOwner() throws {
        let directory = try TemporaryDirectory()
        let state = StateDirectory(path: directory.path)
        let lock = try state.lock()
        let error = #expect(throws: LockError.self) { try state.lock() }
        #expect(error?.owner == getpid())
        withExtendedLifetime(lock) {}
    }

    @Test func aReleasedLockCanBeTakenAgain() throws {
        let directory = try TemporaryDirectory()
        let state = StateDirectory(path: directory.path)
        do {
            let lock = try state.lock()
            withExtendedLifetime(lock) {}
        }
        _ = try state.lock()
    }

    @Test func whatIsRememberedComesBack() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/parties.json"
        var state = HostState()
        state.accepted = "abc"
        state.parties["10000"] = .init()
        state.parties["10000"]?.applied = Revision(
            commit: "abc", branch: "main", author: "Olga", subject: "Deploy", time: 1)
        try state.write(path)
        #expect(try HostState.read(path) == state)
        #expect(try HostState.read(directory.path + "/absent") == HostState())
    }

    @Test func aDamagedMemoryIsAnErrorAndNotAFreshStart() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/parties.json"
        try Data("{\"schemaVersion\": 1".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: HostFileError.self) { try HostState.read(path) }
    }
}
