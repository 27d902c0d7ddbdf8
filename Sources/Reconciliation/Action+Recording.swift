import DesiredState
import Planning

extension Action {
    /// Whether the action changes something and so has an intent and a result in the journal.
    var isRecorded: Bool {
        switch self {
        case .awaitContainer, .checkContainer: false
        default: true
        }
    }

    var isContainerRemoval: Bool {
        switch self {
        case .removeContainer, .discardContainer: true
        default: false
        }
    }

    var isPull: Bool {
        if case .pullImage = self { true } else { false }
    }

    /// The container that the action is done to; `nil` for other objects and for a create.
    var container: ContainerReference? {
        switch self {
        case .connectNetwork(let reference, _, _), .disconnectNetwork(let reference, _),
            .updateContainer(let reference, _), .renameContainer(let reference, _),
            .startContainer(let reference), .unpauseContainer(let reference),
            .signalContainer(let reference, _),
            .stopContainer(let reference, _), .restartContainer(let reference, _),
            .removeContainer(let reference, _), .discardContainer(let reference),
            .checkContainer(let reference, _), .awaitContainer(let reference, _):
            reference
        case .makeDirectory, .writeFile, .pullImage, .createNetwork, .removeNetwork, .createVolume,
            .createContainer:
            nil
        }
    }

    /// The bytes that a write puts on the host.
    var fileContent: [UInt8]? {
        if case .writeFile(let file, _) = self { file.content } else { nil }
    }
}

extension Duration {
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
