import DesiredState

extension ContainerField {
    /// Limits and devices.
    ///
    /// An update takes 0 for "unchanged", so a limit that goes away needs a new container; only that of the
    /// processes has a number for "none".
    static let resources = [
        ContainerField(
            "mem_limit", .updateInPlace, .value { "\($0.memory)" },
            compose: "mem_limit, deploy.resources.limits.memory",
            sent: ["HostConfig.Memory"], inPlace: ["Memory", "MemorySwap"], shown: ["HostConfig.Memory"],
            rule: "Bytes; 0 is no limit, and taking a limit away needs a new container.", update: fillMemory),
        ContainerField(
            "memswap_limit", .updateInPlace, .value { "\($0.memorySwap)" },
            sent: ["HostConfig.MemorySwap"], inPlace: ["Memory", "MemorySwap"],
            shown: ["HostConfig.MemorySwap"],
            rule: """
                Bytes of memory and swap, -1 is no limit; absent is twice `mem_limit`, or whatever the engine of a \
                kernel without swap accounting shows, which is -1.
                """, update: fillMemory),
        ContainerField(
            "cpus", .updateInPlace, .value { "\($0.nanoCPUs)n" },
            compose: "cpus, deploy.resources.limits.cpus",
            sent: ["HostConfig.NanoCpus"], inPlace: ["NanoCpus"], shown: ["HostConfig.NanoCpus"],
            rule: "Billionths of a CPU; 0 is no limit, and taking a limit away needs a new container."
        ) { desired, update in
            update.nanoCPUs = desired.nanoCPUs
            return desired.nanoCPUs != 0
        },
        ContainerField(
            "pids_limit", .updateInPlace, .value { "\($0.pidsLimit)" },
            compose: "pids_limit, deploy.resources.limits.pids",
            sent: ["HostConfig.PidsLimit"], inPlace: ["PidsLimit"], shown: ["HostConfig.PidsLimit"],
            rule: "Absent, 0 and -1 are no limit."
        ) { desired, update in
            update.pidsLimit = desired.pidsLimit
            return true
        },
        ContainerField(
            "shm_size", .recreate, .value { "\($0.shmSize)" },
            sent: ["HostConfig.ShmSize"], shown: ["HostConfig.ShmSize"],
            rule: "Bytes; absent is 64 MiB, sent in so many words because a daemon can have another default."),
        ContainerField(
            "ulimits", .recreate, .set { $0.ulimits.map { "\($0.name)=\($0.soft):\($0.hard)" } },
            sent: [
                "HostConfig.Ulimits[].Name", "HostConfig.Ulimits[].Soft", "HostConfig.Ulimits[].Hard",
            ], shown: ["HostConfig.Ulimits"],
            rule: "One number is both limits; -1 is unlimited."),
        ContainerField(
            "devices", .recreate,
            .set { $0.devices.map { "\($0.hostPath):\($0.containerPath):\($0.permissions)" } },
            sent: [
                "HostConfig.Devices[].PathOnHost", "HostConfig.Devices[].PathInContainer",
                "HostConfig.Devices[].CgroupPermissions",
            ], shown: ["HostConfig.Devices"],
            rule: "No path in the container is that of the host; no permissions are `rwm`."),
        ContainerField(
            "gpus", .recreate, .set { $0.deviceRequests.map(\.text) },
            compose: "gpus, deploy.resources.reservations.devices",
            sent: [
                "HostConfig.DeviceRequests[].Driver", "HostConfig.DeviceRequests[].Count",
                "HostConfig.DeviceRequests[].DeviceIDs[]", "HostConfig.DeviceRequests[].Capabilities[][]",
            ], shown: ["HostConfig.DeviceRequests"],
            rule: "A count of -1 is all; capabilities count in any order, ids in theirs."),
    ]

    /// Both together, because a memory limit that grows past the stored swap limit is refused.
    private static let fillMemory: @Sendable (ComparedContainer, inout ResourceUpdate) -> Bool = {
        desired, update in
        update.memory = desired.memory
        update.memorySwap = desired.memorySwap
        return desired.memory != 0
    }
}

extension DeviceRequest {
    var text: String {
        let ids = deviceIDs.isEmpty ? "count=\(count)" : "ids=\(deviceIDs.joined(separator: ","))"
        let wanted = capabilities.map { $0.sorted().joined(separator: "+") }.joined(separator: "|")
        return "\(driver.isEmpty ? "default" : driver) \(ids) \(wanted)"
    }
}
