import DesiredState
import Planning

extension NetworkSpec {
    /// The body of `POST /networks/create`.
    var json: JSONText {
        [
            "Name": .string(name),
            // Engines before 25 make a second network of the same name without it.
            "CheckDuplicate": true,
            "Driver": .string(driver),
            "Options": .strings(driverOptions),
            "IPAM": ["Driver": "default", "Config": .array(pools.map(\.json))],
            "Attachable": .bool(attachable),
            "Internal": .bool(isInternal),
            "Labels": .strings(labels),
        ]
    }
}

extension AddressPool {
    fileprivate var json: JSONText {
        var members: [String: JSONText] = ["Subnet": .string(subnet)]
        if let gateway { members["Gateway"] = .string(gateway) }
        if let range { members["IPRange"] = .string(range) }
        return .object(members)
    }
}

extension VolumeSpec {
    /// The body of `POST /volumes/create`.
    var json: JSONText {
        [
            "Name": .string(name), "Driver": .string(driver), "DriverOpts": .strings(driverOptions),
            "Labels": .strings(labels),
        ]
    }
}

extension ResourceUpdate {
    /// The body of `POST /containers/{id}/update`.
    var json: JSONText {
        var members: [String: JSONText] = [:]
        if let restart { members["RestartPolicy"] = restart.json }
        if let memory { members["Memory"] = .int(memory) }
        if let swap = memorySwap {
            members["MemorySwap"] = .int(DockerEngine.memorySwap(swap, with: memory ?? 0))
        }
        if let nanoCPUs { members["NanoCpus"] = .int(nanoCPUs) }
        if let pidsLimit { members["PidsLimit"] = .int(pidsLimit) }
        return .object(members)
    }
}
