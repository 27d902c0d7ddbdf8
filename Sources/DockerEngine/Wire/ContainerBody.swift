import DesiredState
import Planning

/// The body of `POST /containers/create`.
///
/// The engine fills what is left out with its own and the image's defaults, and keeps some promises only when
/// it is told twice; so everything that a spec decides is sent, and nothing else.
struct ContainerBody {
    let spec: ContainerSpec
    let apiVersion: String

    var json: JSONText {
        let networks = spec.networksAtCreate(apiVersion: apiVersion)
        var members = config
        members["HostConfig"] = .object(hostConfig)
        if !EngineIdentity.describesEndpoints(apiVersion), let main = spec.mainNetwork,
            let address = spec.networks[main]?.macAddress
        {
            members["MacAddress"] = .string(address)
        }
        let endpoints = spec.networks.filter { networks.contains($0.key) }.mapValues(\.json)
        if !endpoints.isEmpty { members["NetworkingConfig"] = ["EndpointsConfig": .object(endpoints)] }
        return .object(members)
    }

    private var config: [String: JSONText] {
        // A port that is bound but not exposed is published by no engine before 29, and none complains.
        let exposed = spec.exposedPorts.union(spec.ports.map(\.key))
        let environment = spec.environment.map { name, value in value.map { "\(name)=\($0)" } ?? name }
        var members: [String: JSONText] = [
            "Image": .string(spec.image),
            "Env": .strings(environment.sorted()),
            "Labels": .strings(spec.labels),
            "ExposedPorts": .object(Dictionary(uniqueKeysWithValues: exposed.map { ($0, [:]) })),
        ]
        if let command = spec.command { members["Cmd"] = .strings(command) }
        if let entrypoint = spec.entrypoint { members["Entrypoint"] = .strings(entrypoint) }
        if let user = spec.user { members["User"] = .string(user) }
        if let directory = spec.workingDirectory { members["WorkingDir"] = .string(directory) }
        if let hostname = spec.hostname { members["Hostname"] = .string(hostname) }
        if let healthcheck = spec.healthcheck { members["Healthcheck"] = healthcheck.json }
        if let timeout = spec.stopTimeout { members["StopTimeout"] = .int(timeout) }
        if let signal = spec.stopSignal { members["StopSignal"] = .string(signal) }
        return members
    }

    private var hostConfig: [String: JSONText] {
        var members = resources
        members["RestartPolicy"] = spec.restart.json
        members["PortBindings"] = portBindings
        members["Mounts"] = .array(spec.mounts.sorted { $0.target < $1.target }.map(\.json))
        members["CapAdd"] = .strings(spec.capAdd.sorted())
        members["CapDrop"] = .strings(spec.capDrop.sorted())
        members["SecurityOpt"] = .strings(spec.securityOptions.sorted())
        members["Tmpfs"] = .strings(spec.tmpfs)
        members["ReadonlyRootfs"] = .bool(spec.readOnly)
        members["Sysctls"] = .strings(spec.sysctls)
        members["ExtraHosts"] = .strings(spec.extraHosts.sorted())
        if let mode = spec.networkMode ?? spec.mainNetwork { members["NetworkMode"] = .string(mode) }
        // A daemon can have another default than the one that a comparison assumes.
        members["IpcMode"] = .string(spec.ipcMode ?? "private")
        if let usesInit = spec.usesInit { members["Init"] = .bool(usesInit) }
        if let logging = spec.logging {
            members["LogConfig"] = ["Type": .string(logging.driver), "Config": .strings(logging.options)]
        }
        return members
    }

    private var resources: [String: JSONText] {
        [
            "Memory": .int(spec.memory),
            "MemorySwap": .int(memorySwap(spec.memorySwap, with: spec.memory)),
            "NanoCpus": .int(spec.nanoCPUs),
            "PidsLimit": .int(spec.pidsLimit),
            "ShmSize": .int(spec.shmSize == 0 ? 64 << 20 : spec.shmSize),
            "Ulimits": .array(spec.ulimits.sorted { $0.name < $1.name }.map(\.json)),
            "Devices": .array(spec.devices.sorted { $0.containerPath < $1.containerPath }.map(\.json)),
            "DeviceRequests": .array(spec.deviceRequests.map(\.json)),
        ]
    }

    private var portBindings: JSONText {
        let sorted = spec.ports.sorted { ($0.hostAddress, $0.hostPort) < ($1.hostAddress, $1.hostPort) }
        let bindings = Dictionary(grouping: sorted, by: \.key).mapValues { bindings in
            JSONText.array(
                bindings.map { binding in
                    let port = binding.hostPort == 0 ? "" : String(binding.hostPort)
                    return ["HostIp": .string(binding.hostAddress), "HostPort": .string(port)]
                })
        }
        return .object(bindings)
    }
}

/// What the engine makes of a memory limit without a swap limit, sent in so many words.
///
/// A memory limit that comes alone is refused by `update` when it grows past the stored swap limit.
func memorySwap(_ swap: Int64, with memory: Int64) -> Int64 {
    swap == 0 && memory > 0 ? 2 * memory : swap
}

extension PortBinding {
    var key: String { "\(containerPort)/\(proto)" }
}

extension RestartPolicy {
    var json: JSONText { ["Name": .string(name), "MaximumRetryCount": .int(maximumRetries)] }
}

extension EndpointSpec {
    var json: JSONText {
        var members: [String: JSONText] = ["Aliases": .strings(aliases.sorted())]
        if let ipv4Address { members["IPAMConfig"] = ["IPv4Address": .string(ipv4Address)] }
        if let macAddress { members["MacAddress"] = .string(macAddress) }
        return .object(members)
    }
}

extension Healthcheck {
    fileprivate var json: JSONText {
        [
            "Test": .strings(test), "Interval": .int(interval), "Timeout": .int(timeout),
            "StartPeriod": .int(startPeriod), "Retries": .int(retries),
        ]
    }
}

extension Mount {
    fileprivate var json: JSONText {
        [
            "Type": .string(kind.rawValue), "Source": .string(source), "Target": .string(target),
            "ReadOnly": .bool(readOnly),
        ]
    }
}

extension Ulimit {
    fileprivate var json: JSONText { ["Name": .string(name), "Soft": .int(soft), "Hard": .int(hard)] }
}

extension DeviceMapping {
    fileprivate var json: JSONText {
        [
            "PathOnHost": .string(hostPath), "PathInContainer": .string(containerPath),
            "CgroupPermissions": .string(permissions),
        ]
    }
}

extension DeviceRequest {
    fileprivate var json: JSONText {
        [
            "Driver": .string(driver), "Count": .int(count), "DeviceIDs": .strings(deviceIDs),
            "Capabilities": .array(capabilities.map { .strings($0) }), "Options": [:],
        ]
    }
}
