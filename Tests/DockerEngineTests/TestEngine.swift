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
    enum Version: String, Sendable, CaseIterable {
        case oldest = "20.10"
        case newer = "26.1"
    }

    static let endpoint: DockerEndpoint? = {
        let environment = ProcessInfo.processInfo.environment
        let text = environment["FATESYNC_TEST_ENDPOINT"] ?? started()
        return try? DockerEndpoint(parsing: text)  // nil fails each test with the message of `client`.
    }()

    private static let newerEndpoint: DockerEndpoint? = {
        atexit { _ = TestEngine.run("stop", TestEngine.newerName) }
        let lines = run("start", newerName, Version.newer.rawValue).split(separator: "\n")
        return try? DockerEndpoint(parsing: lines.last.map(String.init) ?? "")
    }()

    private static let name = "docker-tests"
    private static let newerName = "docker-tests-26"
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Support/engine").path

    static func client(
        _ version: Version = .oldest, deadline: Duration = .seconds(60)
    ) throws -> DockerClient {
        let wanted = version == .oldest ? endpoint : newerEndpoint
        let endpoint = try #require(wanted, "no test engine; see what Tests/Support/engine printed")
        let client = try DockerClient(endpoint: endpoint, deadline: deadline)
        try client.connect()
        return client
    }

    private static func started() -> String {
        atexit { _ = TestEngine.run("stop", TestEngine.name) }
        return run("start", name).split(separator: "\n").last.map(String.init) ?? ""
    }

    private static func run(_ words: String...) -> String {
        guard let pipe = popen("'\(script)' \(words.joined(separator: " "))", "r") else { return "" }
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

    init(_ version: TestEngine.Version = .oldest) throws {
        client = try TestEngine.client(version)
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
            try delete(observed.containers.keys.map { "/containers/\($0)?force=1&v=1" })
            let networks = observed.networks.values.filter { $0.spec.labels[Labels.host] == host }
            try delete(networks.map { "/networks/\($0.id)" })
            let volumes = observed.volumes.values.filter { $0.spec.labels[Labels.host] == host }
            try delete(volumes.map { "/volumes/\($0.spec.name)" })
        } catch {
            Issue.record("the test left something behind: \(error)")
        }
    }

    /// Deletes what fatesync itself has no call for: volumes, anonymous ones too.
    private func delete(_ paths: [String]) throws {
        let answers = try raw("DELETE", paths.map { ($0, []) })
        for (path, answer) in zip(paths, answers) where answer.status != 204 {
            throw answer.refusal("delete \(path)")
        }
    }

    /// Sends what fatesync itself has no call for, all together; the answers come in the order of the calls.
    func raw(_ method: String, _ calls: [(path: String, body: [UInt8])]) throws -> [HTTPAnswer] {
        let queue = try RequestQueue(endpoint: client.endpoint)
        let limits = RequestLimits(deadline: .seconds(120))
        for (key, call) in calls.enumerated() {
            queue.add(
                HTTPRequest(
                    operation: "\(method) \(call.path)", method: method, path: call.path, body: call.body,
                    limits: limits), key: key)
        }
        var answers: [Int: HTTPAnswer] = [:]
        while answers.count < calls.count {
            for (key, result) in queue.advance(atMost: .seconds(120)) { answers[key] = try result.get() }
        }
        return calls.indices.compactMap { answers[$0] }
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
