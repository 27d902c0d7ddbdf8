import DesiredState
import Foundation
import Planning
import Testing

@testable import DockerEngine

/// The real engine that all tests of a run share.
///
/// `FATESYNC_TEST_ENDPOINT` names one that runs already; otherwise one is started at the first use and
/// removed at the end of the process.
enum TestEngine {
    static let endpoint: DockerEndpoint? = {
        let environment = ProcessInfo.processInfo.environment
        let text = environment["FATESYNC_TEST_ENDPOINT"] ?? started()
        return try? DockerEndpoint(parsing: text)  // nil fails each test with the message of `client`.
    }()

    private static let name = "docker-tests"
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Support/engine").path

    static func client(deadline: Duration = .seconds(60)) throws -> DockerClient {
        let endpoint = try #require(endpoint, "no test engine; see what Tests/Support/engine printed")
        let client = try DockerClient(endpoint: endpoint, deadline: deadline)
        try client.connect()
        return client
    }

    private static func started() -> String {
        atexit { _ = TestEngine.run("stop") }
        return run("start").split(separator: "\n").last.map(String.init) ?? ""
    }

    private static func run(_ verb: String) -> String {
        guard let pipe = popen("'\(script)' \(verb) \(name)", "r") else { return "" }
        defer { pclose(pipe) }
        var text = ""
        var line = [CChar](repeating: 0, count: 4096)
        while fgets(&line, Int32(line.count), pipe) != nil {
            text += String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        return text
    }
}

/// A client of the shared engine, and a name and label of its own; `clean` removes what bears them.
struct Lab {
    static let image = "federatedai/client:1.5.1-release"

    let client: DockerClient
    let host = "lab-" + UUID().uuidString.prefix(8).lowercased()

    init() throws {
        client = try TestEngine.client()
    }

    /// A container that runs until it is told to stop, and stops at once.
    func spec(_ name: String = "a") -> ContainerSpec {
        var spec = ContainerSpec(name: "\(host)-\(name)", image: Self.image)
        spec.command = ["sh", "-c", "sleep 1000"]
        spec.stopSignal = "SIGKILL"
        spec.labels = [Labels.host: host]
        spec.networkMode = "none"
        return spec
    }

    func network(_ name: String = "net", pools: [AddressPool] = []) -> NetworkSpec {
        NetworkSpec(name: "\(host)-\(name)", pools: pools, labels: [Labels.host: host])
    }

    /// A /24 that no other test is likely to have.
    func freePool() -> (pool: AddressPool, prefix: String) {
        let prefix = "10.\(Int.random(in: 32...250)).\(Int.random(in: 0...255))"
        return (AddressPool(subnet: "\(prefix).0/24", gateway: "\(prefix).1"), prefix)
    }

    @discardableResult
    func perform(_ call: EngineCall) throws -> EngineAnswer { try client.perform(call) }

    func create(_ spec: ContainerSpec) throws -> String {
        try client.perform(.createContainer(spec, name: spec.name)).createdID
    }

    func inspect(_ id: String) throws -> LiveContainer {
        guard case .container(let container) = try perform(.inspectContainer(id: id)) else {
            throw UnexpectedAnswer()
        }
        return container
    }

    func observe(names: Set<String> = [], images: Set<String> = []) throws -> ObservedEngine {
        try client.observe(ObservationScope(host: host, containerNames: names, imageReferences: images))
    }

    func clean() {
        do {
            let observed = try observe()
            for id in observed.containers.keys { try delete("/containers/\(id)?force=1&v=1") }
            for network in observed.networks.values where network.spec.labels[Labels.host] == host {
                try delete("/networks/\(network.id)")
            }
            for volume in observed.volumes.values where volume.spec.labels[Labels.host] == host {
                try delete("/volumes/\(volume.spec.name)")
            }
        } catch {
            Issue.record("the test left something behind: \(error)")
        }
    }

    /// Deletes what fatesync itself has no call for: volumes, anonymous ones too.
    private func delete(_ path: String) throws {
        let queue = try RequestQueue(endpoint: client.endpoint)
        let limits = RequestLimits(deadline: .seconds(60))
        queue.add(HTTPRequest(operation: "clean up", method: "DELETE", path: path, limits: limits), key: 1)
        while true {
            guard let (_, result) = queue.advance(atMost: .seconds(60)).first else { continue }
            let answer = try result.get()
            guard answer.status == 204 else { throw answer.refusal("delete \(path)") }
            return
        }
    }
}

struct UnexpectedAnswer: Error {}

extension DockerClient {
    /// Submits one call and waits for its outcome.
    @discardableResult
    func perform(_ call: EngineCall) throws -> EngineAnswer {
        let id = submit(call)
        while true {
            for case .finished(id, let result) in wait(atMost: .seconds(120)) { return try result.get() }
        }
    }

    /// Submits calls together and waits for all, in their order.
    func perform(_ calls: [EngineCall]) throws -> [EngineAnswer] {
        let ids = calls.map(submit)
        var answers: [CallID: EngineAnswer] = [:]
        while answers.count < ids.count {
            for case .finished(let id, let result) in wait(atMost: .seconds(120)) {
                answers[id] = try result.get()
            }
        }
        return ids.compactMap { answers[$0] }
    }

    /// The error of a call that must fail.
    func failure(of call: EngineCall) throws -> DockerError {
        let error = #expect(throws: DockerError.self) { try self.perform(call) }
        return try #require(error)
    }
}

extension EngineAnswer {
    var createdID: String {
        get throws {
            guard case .created(let id, _) = self else { throw UnexpectedAnswer() }
            return id
        }
    }
}
