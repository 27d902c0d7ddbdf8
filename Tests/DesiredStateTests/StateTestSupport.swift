import Foundation
import Testing

@testable import DesiredState

/// The example state repository, to be changed by a test.
struct Example {
    static let context = DecodingContext(host: "demo", dataDirectory: "/srv/fate")
    static let parties = "parties"
    static let compose = "blueprints/fate-1.5.1/compose.yaml"
    static let blueprint = "blueprints/fate-1.5.1/blueprint.yaml"
    static let party10000 = "parties/10000/party.yaml"
    static let party9999 = "parties/9999/party.yaml"
    static let party8888 = "parties/8888/party.yaml"

    var tree: SourceTree

    init() throws {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: folder.appending(path: "state").path()) {
            try #require(folder.path() != "/")
            folder.deleteLastPathComponent()
        }
        folder.append(path: "state")
        var files: [String: [UInt8]] = [:]
        for case let file as String in FileManager.default.enumerator(atPath: folder.path()) ?? .init() {
            let url = folder.appending(path: file)
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            files[file] = Array(try Data(contentsOf: url))
        }
        tree = SourceTree(files: files)
    }

    /// The example with one place of a file changed.
    init(_ path: String, _ old: String, _ new: String) throws {
        try self.init()
        try replace(path, old, new)
    }

    func text(_ path: String) throws -> String {
        String(decoding: try #require(tree.files[path], "\(path)"), as: UTF8.self)
    }

    mutating func replace(_ path: String, _ old: String, _ new: String) throws {
        let parts = try text(path).split(separator: old, omittingEmptySubsequences: false)
        try #require(parts.count == 2, "\(old.debugDescription) must stand once in \(path)")
        write(path, parts.joined(separator: new))
    }

    mutating func write(_ path: String, _ text: String) { tree.files[path] = Array(text.utf8) }

    mutating func append(_ path: String, _ text: String) throws { write(path, try self.text(path) + text) }

    mutating func remove(below prefix: String) {
        tree.files = tree.files.filter { !$0.key.hasPrefix(prefix) }
    }

    /// Adds a party beside the two of the example.
    mutating func addParty(_ id: String = "9998", network: Int = 138, firstPort: Int = 10100) {
        write(
            "parties/\(id)/party.yaml",
            """
            apiVersion: fatesync/v1
            kind: Party
            id: \(id)
            blueprint: fate-1.5.1
            host: demo
            endpoint:
              address: 10.10.0.1
            variables:
              SUBNET: 192.168.\(network).0/24
              FLOW_IP: 192.168.\(network).100
              PORT_ROLLSITE: \(firstPort)
              PORT_FATEBOARD: \(firstPort + 1)
              PORT_GRPC: \(firstPort + 2)
              PORT_HTTP: \(firstPort + 3)
              PORT_CLIENT: \(firstPort + 4)

            """)
    }

    /// Makes the database password a secret.
    mutating func makePasswordSecret() throws {
        try replace(Self.blueprint, "type: string\n    default: fate_dev", "type: secret")
    }

    func decode(_ context: DecodingContext = Self.context, reading: [Diagnostic] = []) -> DesiredState {
        DesiredState.decode(tree, context: context, reading: reading)
    }

    /// What is said about the example, a line each.
    var lines: [String] { decode().diagnostics.lines }

    /// The example has the tag of the note, which it is warned about.
    static let mysqlWarning =
        "warning W-IMAGE: the tag of the image mysql:8 is no full version, so it is a different image on another "
        + "day; write one such as 8.0.28, or a digest"
}

extension DesiredState {
    func party(_ id: String) throws -> PartyResources {
        try #require(parties.first { $0.party == id }, "party \(id)")
    }
}

extension PartyResources {
    func service(_ name: String) throws -> ContainerSpec {
        try #require(services.first { $0.name == name }, "service \(name)").container
    }

    func file(_ name: String) throws -> FileSpec {
        try #require(files.first { $0.name == name }, "file \(name)")
    }

    func text(_ name: String) throws -> String { String(decoding: try file(name).content, as: UTF8.self) }
}

/// A change to the example, and what is said about it.
struct StateCase: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let changes: [(path: String, old: String, new: String)]
    let lines: [String]

    init(_ description: String, _ path: String, _ old: String, _ new: String, _ lines: String...) {
        testDescription = description
        changes = [(path, old, new)]
        self.lines = lines
    }

    func check() throws {
        var example = try Example()
        for change in changes { try example.replace(change.path, change.old, change.new) }
        #expect(example.lines == lines)
    }
}
