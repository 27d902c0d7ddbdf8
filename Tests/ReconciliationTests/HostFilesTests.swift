import DesiredState
import Foundation
import Planning
import Testing

@testable import Reconciliation

@Suite struct HostFilesTests {
    private func spec(_ path: String, _ text: String, mode: UInt32 = 0o644) -> FileSpec {
        FileSpec(path: path, name: "file", content: Array(text.utf8), mode: mode, onChange: .nothing)
    }

    @Test func writesContentAndPermissionsAndLeavesNoTemporaryFile() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/a/b/file"
        try HostFiles.write(spec(path, "one", mode: 0o640))
        guard case .file(let content, let mode, _)? = try HostFiles.read(path) else {
            Issue.record("no file at \(path)")
            return
        }
        #expect(String(decoding: content, as: UTF8.self) == "one")
        #expect(mode == 0o640)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path + "/a/b") == ["file"])
    }

    @Test func replacingKeepsReadersOfTheOldFileOnTheOldBytes() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/file"
        try HostFiles.write(spec(path, "old"))
        let reader = try #require(FileHandle(forReadingAtPath: path))
        try HostFiles.write(spec(path, "new and longer"))
        #expect(try reader.readToEnd().map { String(decoding: $0, as: UTF8.self) } == "old")
    }

    @Test(arguments: ["longer than it was before", "short", ""])
    func writingInPlaceIsSeenThroughTheFileThatIsOpenAlready(text: String) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/file"
        try HostFiles.write(spec(path, "before, as it was"))
        let reader = try #require(FileHandle(forReadingAtPath: path))
        try HostFiles.writeInPlace(spec(path, text, mode: 0o600))
        #expect(try reader.readToEnd().map { String(decoding: $0, as: UTF8.self) } ?? "" == text)
        guard case .file(let content, let mode, _)? = try HostFiles.read(path) else {
            Issue.record("no file at \(path)")
            return
        }
        #expect(String(decoding: content, as: UTF8.self) == text)
        #expect(mode == 0o600)
        #expect(try directory.names() == ["file"])
    }

    @Test func writingInPlaceMakesNoFileAndFollowsNoLink() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/file"
        #expect(throws: HostFileError.self) { try HostFiles.writeInPlace(spec(path, "x")) }
        try HostFiles.write(spec(directory.path + "/target", "kept"))
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: directory.path + "/target")
        #expect(throws: HostFileError.self) { try HostFiles.writeInPlace(spec(path, "x")) }
        #expect(try String(contentsOfFile: directory.path + "/target", encoding: .utf8) == "kept")
    }

    @Test func replacingKeepsTheOwner() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/file"
        try HostFiles.write(spec(path, "old"))
        try #require(chown(path, 1234, 5678) == 0)
        try HostFiles.write(spec(path, "new"))
        var status = stat()
        try #require(lstat(path, &status) == 0)
        #expect((status.st_uid, status.st_gid) == (1234, 5678))
    }

    @Test func aSymbolicLinkIsSeenAsSuchAndNotFollowed() throws {
        let directory = try TemporaryDirectory()
        let target = directory.path + "/target"
        try HostFiles.write(spec(target, "secret"))
        let link = directory.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        #expect(try HostFiles.read(link) == .other("symbolic link"))
    }

    @Test func whatIsAbsentIsNilAndWhatCannotBeReadIsAnError() throws {
        let directory = try TemporaryDirectory()
        #expect(try HostFiles.read(directory.path + "/absent") == nil)
        #expect(throws: HostFileError.self) {
            try HostFiles.read(directory.path + "/" + String(repeating: "x", count: 300))
        }
    }

    @Test func anExistingDirectoryKeepsItsPermissions() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/data"
        try HostFiles.make(DirectorySpec(path: path, mode: 0o700))
        try HostFiles.make(DirectorySpec(path: path, mode: 0o755))
        var status = stat()
        try #require(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o700)
    }
}
