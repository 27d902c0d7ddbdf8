import Foundation

/// A push to the example's repository, and what is in it.
struct PushCase: Sendable {
    let title: String
    var options = ["HEAD:main"]
    let change: @Sendable (Host) async throws -> Void

    private init(
        _ title: String, _ options: [String] = ["HEAD:main"],
        _ change: @escaping @Sendable (Host) async throws -> Void
    ) {
        self.title = title
        self.options = options
        self.change = change
    }

    private static func replacing(
        _ title: String, _ old: String, with new: String, in path: String
    ) -> PushCase {
        PushCase(title) { try $0.replace(old, with: new, in: path) }
    }

    static let good = [PushCase("party 8888 moves") { try $0.setAddress("10.10.0.9") }]

    static let bad = [
        replacing(
            "a key that does not exist", "blueprint: fate", with: "blueprnt: fate",
            in: "parties/10000/party.yaml"),
        replacing(
            "an anchor of YAML", "address: 10.10.0.1", with: "address: &a 10.10.0.1",
            in: "parties/9999/party.yaml"),
        replacing(
            "two parties publish one port", "PORT_HTTP: 10093", with: "PORT_HTTP: 10083",
            in: "parties/9999/party.yaml"),
        replacing(
            "networks that overlap", "192.168.137.", with: "192.168.136.", in: "parties/9999/party.yaml"),
        replacing(
            "a blueprint that is not there", "fate-1.5.1", with: "fate-1.5.9", in: "parties/9999/party.yaml"),
        replacing(
            "a port that is none", "PORT_GRPC: 10082", with: "PORT_GRPC: 100820",
            in: "parties/10000/party.yaml"),
        replacing(
            "a key of Compose that is not supported", "driver: bridge", with: "enable_ipv6: true",
            in: "blueprints/fate-1.5.1/compose.yaml"),
        PushCase("a symbolic link") { host in
            let folder = host.clone + "/parties/10000/confs"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/passwords", withDestinationPath: "/etc/passwd")
        },
        PushCase("a rewritten history", ["--force", "HEAD:main"]) { host in
            try await host.git("reset", "-q", "--hard", "HEAD~1")
            try host.setAddress("10.10.0.7")
        },
        PushCase("the branch deleted", ["--delete", "main"]) { _ in },
    ]
}
