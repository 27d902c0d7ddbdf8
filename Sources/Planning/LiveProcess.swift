public import DesiredState

/// What the host itself, not the engine, knows of a container's main process.
public struct LiveProcess: Sendable, Equatable {
    public var identity: ProcessIdentity
    /// How it sees the mounts through which it reads config files, by target; what cannot be read is missing.
    public var mounts: [String: MountView]

    public init(identity: ProcessIdentity, mounts: [String: MountView] = [:]) {
        self.identity = identity
        self.mounts = mounts
    }
}

/// A process of this host, told apart from a later one with the same number.
public struct ProcessIdentity: Sendable, Equatable {
    public var pid: Int32
    /// Clock ticks between the boot of the host and the start of the process.
    public var startTime: UInt64

    public init(pid: Int32, startTime: UInt64) {
        self.pid = pid
        self.startTime = startTime
    }
}

/// What a running container sees of a file or directory that is mounted into it.
public enum MountView: Sendable, Equatable {
    /// What stands at the source.
    case attached
    /// What stood at the source when the container started, and was replaced or removed since.
    ///
    /// With what the container finds there; `nil` when it cannot be read.
    case detached(LiveFile?)
}

/// What is remembered of a container and a config file.
public enum FileReading: String, Sendable, Codable {
    /// The container runs with the content that was desired when live state was read last.
    case current
    /// A restart or signal for the sake of the file was planned, and nothing is known of its end.
    case owed
}

extension LiveVolume {
    /// The directory of the host that a bind volume shows; `nil` for every other volume.
    public var boundDirectory: String? {
        let options = spec.driverOptions
        guard spec.driver == "local", let device = options["device"], device.hasPrefix("/") else {
            return nil
        }
        let flags = options["o"]?.split(separator: ",") ?? []
        return flags.contains("bind") || flags.contains("rbind") ? device.withoutTrailingSlashes : nil
    }
}

extension Mount {
    /// The file or directory of the host that the mount shows; `nil` for a volume that only Docker knows.
    public func hostPath(_ volumes: [String: LiveVolume]) -> String? {
        switch kind {
        case .bind: source.withoutTrailingSlashes
        case .volume: volumes[source]?.boundDirectory
        }
    }
}

extension String {
    fileprivate var withoutTrailingSlashes: String {
        var text = self[...]
        while text.count > 1, text.last == "/" { text.removeLast() }
        return String(text)
    }
}
