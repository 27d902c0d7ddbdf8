import DesiredState
import Planning

extension EngineCall {
    /// The bytes that go to an engine which speaks `apiVersion`.
    public func request(apiVersion: String) -> EngineRequest {
        let (method, route, body) = parts(apiVersion: apiVersion)
        return EngineRequest(method: method, path: "/v\(apiVersion)\(route)", body: body?.utf8 ?? [])
    }

    private func parts(apiVersion: String) -> (method: String, route: String, body: JSONText?) {
        switch self {
        case .createContainer(let spec, let name):
            let body = ContainerBody(spec: spec, apiVersion: apiVersion).json
            return ("POST", "/containers/create?name=\(name.percentEncoded)", body)
        case .connectNetwork(let container, let network, let endpoint):
            let body: JSONText = ["Container": .string(container), "EndpointConfig": endpoint.json]
            return ("POST", "/networks/\(network.percentEncoded)/connect", body)
        case .disconnectNetwork(let container, let network):
            let body: JSONText = ["Container": .string(container), "Force": true]
            return ("POST", "/networks/\(network.percentEncoded)/disconnect", body)
        case .createNetwork(let spec): return ("POST", "/networks/create", spec.json)
        case .removeNetwork(let id): return ("DELETE", "/networks/\(id.percentEncoded)", nil)
        case .createVolume(let spec): return ("POST", "/volumes/create", spec.json)
        case .pullImage(let reference, _):
            return ("POST", "/images/create?\(ImageReference(reference).pullQuery)", nil)
        case .inspectImage(let reference):
            return ("GET", "/images/\(reference.percentEncoded(keeping: "/:@"))/json", nil)
        case .inspectNetwork(let id): return ("GET", "/networks/\(id.percentEncoded)", nil)
        case .inspectVolume(let name): return ("GET", "/volumes/\(name.percentEncoded)", nil)
        default: return containerParts
        }
    }

    private var containerParts: (method: String, route: String, body: JSONText?) {
        switch self {
        case .startContainer(let id): ("POST", "/containers/\(id)/start", nil)
        case .stopContainer(let id, let timeout):
            ("POST", "/containers/\(id)/stop\(Self.query(timeout))", nil)
        case .restartContainer(let id, let timeout):
            ("POST", "/containers/\(id)/restart\(Self.query(timeout))", nil)
        case .unpauseContainer(let id): ("POST", "/containers/\(id)/unpause", nil)
        case .renameContainer(let id, let name):
            ("POST", "/containers/\(id)/rename?name=\(name.percentEncoded)", nil)
        case .removeContainer(let id, let force):
            ("DELETE", "/containers/\(id)\(force ? "?force=1" : "")", nil)
        case .updateContainer(let id, let update): ("POST", "/containers/\(id)/update", update.json)
        case .discardContainer(let id): ("DELETE", "/containers/\(id)?force=1&v=1", nil)
        case .inspectContainer(let id): ("GET", "/containers/\(id)/json", nil)
        case .findPath(let id, let path):
            ("HEAD", "/containers/\(id)/archive?path=\(path.percentEncoded)", nil)
        case .createExec(let id, let command):
            ("POST", "/containers/\(id)/exec", ["Cmd": .strings(command)])
        case .startExec(let id): ("POST", "/exec/\(id)/start", ["Detach": true])
        case .inspectExec(let id): ("GET", "/exec/\(id)/json", nil)
        default: preconditionFailure("\(operation) is not about one container")
        }
    }

    private static func query(_ timeout: Int?) -> String { timeout.map { "?t=\($0)" } ?? "" }

    /// Why the call must not be sent, if so.
    var objection: DockerError? {
        if case .removeNetwork(let id) = self, id.isSwarmID { return nil }
        guard let id = addressee, !id.isFullID else { return nil }
        return DockerError(
            .invalidCall, operation,
            "\"\(id)\" is not a full id, and the engine would take it for a prefix of one")
    }

    private var addressee: String? {
        switch self {
        case .startContainer(let id), .stopContainer(let id, _), .restartContainer(let id, _),
            .unpauseContainer(let id), .renameContainer(let id, _), .removeContainer(let id, _),
            .updateContainer(let id, _), .connectNetwork(let id, _, _), .disconnectNetwork(let id, _),
            .inspectContainer(let id), .removeNetwork(let id), .discardContainer(let id),
            .findPath(let id, _), .createExec(let id, _), .startExec(let id), .inspectExec(let id):
            id
        default: nil
        }
    }

    /// How long the engine may take; `base` is the deadline of a quick call.
    func limits(base: Duration) -> RequestLimits {
        switch self {
        case .stopContainer(_, let timeout), .restartContainer(_, let timeout):
            RequestLimits(deadline: base + .seconds(max(timeout ?? 10, 0)), isSlow: true)
        case .pullImage:
            // The engine is silent while it unpacks a large layer.
            RequestLimits(deadline: base * 5, clock: .sinceLastByte, isSlow: true)
        default: RequestLimits(deadline: base)
        }
    }

    /// Header lines beyond the usual ones; they may hold a credential.
    var headers: [String] {
        guard case .pullImage(_, let credential?) = self else { return [] }
        return ["X-Registry-Auth: \(credential.headerValue)"]
    }
}
