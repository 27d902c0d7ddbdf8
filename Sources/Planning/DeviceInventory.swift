public import DesiredState

/// What is known of the devices that the engine and the host can give to containers.
///
/// It is read only when some service requests devices. What is not known never holds anything up.
public struct DeviceInventory: Sendable, Equatable {
    /// What the engine makes of names of the Container Device Interface.
    public enum CDI: Sendable, Equatable {
        case unknown
        /// The engine takes no such names, for this reason.
        case unavailable(String)
        /// The devices that specs define, by qualified name, and the directories of the specs.
        case devices([String: [CDINode]], directories: [String])
    }

    public var cdi: CDI
    /// Why the engine certainly serves no request for GPUs; `nil` when it may.
    public var gpuObstacle: String?
    /// The GPUs in the order of their indices; `nil` when they are not known.
    public var gpus: [HostGPU]?
    /// What running containers have lost of the devices that they were started with, by full id.
    public var lost: [String: [LostDevice]]

    public init(
        cdi: CDI = .unknown, gpuObstacle: String? = nil, gpus: [HostGPU]? = nil,
        lost: [String: [LostDevice]] = [:]
    ) {
        self.cdi = cdi
        self.gpuObstacle = gpuObstacle
        self.gpus = gpus
        self.lost = lost
    }
}

/// A GPU of the host.
public struct HostGPU: Sendable, Equatable {
    /// Empty when the driver does not tell.
    public var uuid: String
    /// The number of its device node, `/dev/nvidia<minor>`.
    public var minor: Int

    public init(uuid: String, minor: Int) {
        self.uuid = uuid
        self.minor = minor
    }
}

/// A device that a running container cannot use any more.
public struct LostDevice: Sendable, Equatable {
    /// Path in the container.
    public var path: String
    /// What is wrong with it, such as `missing`.
    public var reason: String
    /// Whether the host has the device, so that a restart brings it back.
    public var isOnHost: Bool

    public init(path: String, reason: String, isOnHost: Bool) {
        self.path = path
        self.reason = reason
        self.isOnHost = isOnHost
    }
}

extension DeviceInventory {
    /// Why a container with these requests certainly cannot start; `nil` when it can or nobody knows.
    public func obstacle(to requests: [DeviceRequest]) -> String? {
        for request in requests {
            let reason =
                if request.isCDI {
                    request.deviceIDs.lazy.compactMap(obstacle(toCDI:)).first
                } else if request.isGPU {
                    gpuObstacle ?? request.selections.lazy.compactMap(obstacle(toGPU:)).first
                } else {
                    String?.none
                }
            if let reason { return reason }
        }
        return nil
    }

    private func obstacle(toCDI name: String) -> String? {
        switch cdi {
        case .unknown: return nil
        case .unavailable(let reason): return reason
        case .devices(let devices, let directories):
            guard devices[name] == nil else { return nil }
            let kind = CDIName(name)?.kind ?? ""
            let others = devices.keys.filter { CDIName($0)?.kind == kind }.sorted()
            let known = others.isEmpty ? "" : " (they define \(others.prefix(8).joined(separator: ", ")))"
            return "no CDI spec in \(directories.joined(separator: " or ")) defines \(name)\(known); "
                + "write the spec, or correct the name"
        }
    }

    private func obstacle(toGPU selection: DeviceSelection) -> String? {
        guard let gpus else { return nil }
        let has = "this host has \(gpus.count) GPU\(gpus.count == 1 ? "" : "s")"
        switch selection.choice {
        case .all: return gpus.isEmpty ? has : nil
        case .first(let count): return count > gpus.count ? "\(has), \(count) are asked for" : nil
        case .device(let id):
            if let index = Int(id.prefix { $0 != ":" }) {
                return index >= gpus.count ? "\(has), there is no GPU \(id)" : nil
            }
            // Without every UUID known, and for a part of a GPU, nobody can tell.
            guard id.hasPrefix("GPU-"), gpus.allSatisfy({ $0.uuid.hasPrefix("GPU-") }) else { return nil }
            // NVIDIA takes the beginning of a UUID for the whole.
            return gpus.contains { $0.uuid.hasPrefix(id) } ? nil : "this host has no GPU \(id)"
        }
    }

    /// The device nodes that a container with these requests has, as far as they are known.
    public func nodes(for requests: [DeviceRequest]) -> [CDINode] {
        var nodes: [CDINode] = []
        for request in requests {
            if request.isCDI, case .devices(let devices, _) = cdi {
                nodes += request.deviceIDs.flatMap { devices[$0] ?? [] }
            } else if request.isGPU, let gpus {
                for gpu in request.selections.flatMap({ selected($0, of: gpus) }) {
                    nodes.append(
                        CDINode(path: "/dev/nvidia\(gpu.minor)", hostPath: "/dev/nvidia\(gpu.minor)"))
                }
            }
        }
        var seen: Set<CDINode> = []
        return nodes.filter { seen.insert($0).inserted }
    }

    /// Whether both select the same device, as far as that is known.
    func overlaps(_ one: DeviceSelection, _ other: DeviceSelection) -> Bool {
        if !one.overlap(other).isEmpty { return true }
        // An index and a UUID may mean the same GPU.
        guard let gpus, one.kind == DeviceSelection.gpuKind, other.kind == one.kind else { return false }
        let minors = Set(selected(one, of: gpus).map(\.minor))
        return selected(other, of: gpus).contains { minors.contains($0.minor) }
    }

    private func selected(_ selection: DeviceSelection, of gpus: [HostGPU]) -> [HostGPU] {
        switch selection.choice {
        case .all: return gpus
        case .first(let count): return Array(gpus.prefix(count))
        case .device(let id):
            if let index = Int(id.prefix { $0 != ":" }) {
                return gpus.indices.contains(index) ? [gpus[index]] : []
            }
            return id.hasPrefix("GPU-") ? gpus.filter { $0.uuid.hasPrefix(id) } : []
        }
    }
}
