import DesiredState
import Planning
import Testing

@testable import DockerEngine
@testable import Reconciliation

/// What a container shows after a call decides whether the step was done, not what the engine said.
@Suite struct ReadBackTests {
    private static let id = String(repeating: "a", count: 64)
    private static let reference = ContainerReference.id(id)
    private static let done = Result<EngineAnswer, DockerError>.success(.done(warnings: []))

    /// A running container on one network, with limits.
    private static func container(_ change: (inout LiveContainer) -> Void = { _ in }) -> LiveContainer {
        var spec = ContainerSpec(name: "web", image: "busybox:1")
        spec.restart = RestartPolicy(name: "")
        spec.memory = 64 << 20
        spec.memorySwap = 128 << 20
        spec.networks = ["net": EndpointSpec(aliases: ["www"], ipv4Address: "10.0.0.5")]
        var container = LiveContainer(
            id: id, spec: spec, imageID: "sha256:1", status: .running, networkIDs: ["net": "n1"])
        change(&container)
        return container
    }

    private static func finding(
        _ action: Action, _ container: LiveContainer, _ result: Result<EngineAnswer, DockerError> = done
    ) -> ReadBack.Finding {
        var live = LiveState(engine: EngineIdentity(version: "26.1.5", apiVersion: "1.45"))
        live.containers = [id: Self.container()]
        var readBack = ReadBack(live)
        #expect(readBack.isNeeded(after: action, result))
        return readBack.judge(action, result, container)
    }

    @Test func anUpdateThatShowsIsTaken() {
        let update = ResourceUpdate(
            restart: RestartPolicy(name: "no"), memory: 64 << 20, memorySwap: 128 << 20, pidsLimit: -1)
        #expect(Self.finding(.updateContainer(Self.reference, update), Self.container()) == .taken)
    }

    @Test(arguments: [
        (ResourceUpdate(restart: RestartPolicy(name: "always")), "restart is no and not always"),
        (ResourceUpdate(memory: 1, memorySwap: 2), "mem_limit is 67108864 and not 1"),
        (ResourceUpdate(nanoCPUs: 5), "cpus is 0n and not 5n"),
        (ResourceUpdate(pidsLimit: 7), "pids_limit is 0 and not 7"),
    ])
    func anUpdateThatDoesNotShowSaysWhichField(update: ResourceUpdate, text: String) throws {
        let finding = Self.finding(.updateContainer(Self.reference, update), Self.container())
        guard case .untaken(let reason) = finding else { throw Unexpected() }
        #expect(reason.contains(text))
        #expect(reason.contains("accepted the update and did not do it"))
    }

    @Test func aConnectIsTakenWhenTheEndpointIsThereAsWanted() {
        let wanted = EndpointSpec(aliases: ["www"], ipv4Address: "10.0.0.5")
        let connect = Action.connectNetwork(Self.reference, network: "net", wanted)
        #expect(Self.finding(connect, Self.container()) == .taken)
        let elsewhere = Self.container { $0.spec.networks["net"]?.ipv4Address = "10.0.0.6" }
        #expect(
            Self.finding(connect, elsewhere)
                == .untaken("the address on network net is 10.0.0.6 and not 10.0.0.5"))
        let nameless = Self.container { $0.spec.networks["net"]?.aliases = [] }
        #expect(Self.finding(connect, nameless) == .untaken("it has no alias www on network net"))
        let gone = Self.container { $0.networkIDs = [:] }
        #expect(
            Self.finding(connect, gone)
                == .untaken("the engine said that it connected network net, but it did not"))
    }

    @Test func aDisconnectIsTakenWhenTheEndpointIsGone() {
        let disconnect = Action.disconnectNetwork(Self.reference, network: "net")
        #expect(Self.finding(disconnect, Self.container { $0.networkIDs = [:] }) == .taken)
        #expect(
            Self.finding(disconnect, Self.container())
                == .untaken("the engine said that it disconnected network net, but it did not"))
    }

    @Test func aStartThatLostTheNetworksIsNotTaken() {
        let start = Action.startContainer(Self.reference)
        #expect(Self.finding(start, Self.container()) == .taken)
        #expect(
            Self.finding(start, Self.container { $0.networkIDs = [:] })
                == .untaken("it started without its networks net"))
        let asleep = Self.container { $0.status = .created }
        #expect(
            Self.finding(start, asleep, .success(.unchanged))
                == .untaken("the engine said that it started the container, but it is only created"))
    }

    @Test(arguments: [
        ("failed to start shim: mkdir /run/moby/\(id): file exists: unknown", true),
        ("failed to create task for container: task \(id): already exists: unknown", true),
        ("container with id exists: \(id): unknown", true),
        ("mkdir /data: file exists", false), ("no-such-program: not found", false), ("", false),
    ])
    func aStartThatMeetsTheRemainsOfAnEarlierOneIsNoFaultOfTheContainer(text: String, isUnstartable: Bool)
        throws
    {
        let asleep = Self.container {
            $0.status = .created
            $0.error = text
        }
        let refusal = DockerError(.refused(status: 500), "start container", text)
        let finding = Self.finding(.startContainer(Self.reference), asleep, .failure(refusal))
        #expect((finding == .unstartable("\(refusal)")) == isUnstartable, "\(finding)")
        let restarted = Self.container { $0.error = text }
        #expect(Self.finding(.startContainer(Self.reference), restarted, .failure(refusal)) == .taken)
    }

    @Test func networksThatThePlanLeftAreNotMissed() {
        var live = LiveState(engine: EngineIdentity(version: "26.1.5", apiVersion: "1.45"))
        live.containers = [Self.id: Self.container()]
        var readBack = ReadBack(live)
        let bare = Self.container { $0.networkIDs = [:] }
        let other = Self.container { $0.networkIDs = ["other": ""] }
        let disconnect = Action.disconnectNetwork(Self.reference, network: "net")
        #expect(readBack.judge(disconnect, Self.done, bare) == .taken)
        let connect = Action.connectNetwork(Self.reference, network: "other", EndpointSpec())
        #expect(readBack.judge(connect, Self.done, other) == .taken)
        #expect(readBack.judge(.startContainer(Self.reference), Self.done, other) == .taken)
        #expect(
            readBack.judge(.startContainer(Self.reference), Self.done, bare)
                == .untaken("it started without its networks other"))
    }

    private struct Unexpected: Error {}
}
