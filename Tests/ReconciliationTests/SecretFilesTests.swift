import Foundation
import Testing

@testable import Reconciliation

@Suite struct SecretFilesTests {
    @Test func readsSharedAndPartySecretsWithoutTheLastLineBreak() throws {
        let directory = try TemporaryDirectory()
        try #require(chmod(directory.path, 0o700) == 0)
        try FileManager.default.createDirectory(
            atPath: directory.path + "/10000", withIntermediateDirectories: true)
        try Data("shared\n".utf8).write(to: URL(fileURLWithPath: directory.path + "/DB_PASSWORD"))
        try Data("own\n\n".utf8).write(to: URL(fileURLWithPath: directory.path + "/10000/DB_PASSWORD"))
        #expect(
            try SecretFiles.read(directory.path) == ["DB_PASSWORD": "shared", "10000/DB_PASSWORD": "own\n"])
    }

    @Test func aDirectoryThatOthersCanReadIsRefused() throws {
        let directory = try TemporaryDirectory()
        try #require(chmod(directory.path, 0o755) == 0)
        let error = #expect(throws: HostFileError.self) { try SecretFiles.read(directory.path) }
        #expect(error?.description.contains("chmod 700") == true)
    }
}
