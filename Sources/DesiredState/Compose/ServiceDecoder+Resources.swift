extension ServiceDecoder {
    /// Limits and devices, in the keys of a service and in `deploy`.
    mutating func readResources(_ reader: inout MapReader) {
        let deployed = reader.map("deploy") { DeployResources.read(&$0) } ?? DeployResources()
        let memory = reader.located("mem_limit", YAMLNode.memory)
        container.memory = reader.agreed("mem_limit", memory, "limits.memory", deployed.memory)?.value ?? 0
        readSwap(&reader)
        let cpus = reader.located("cpus", YAMLNode.cpus)
        container.nanoCPUs = reader.agreed("cpus", cpus, "limits.cpus", deployed.nanoCPUs)?.value ?? 0
        let pids = reader.located("pids_limit", YAMLNode.processCount)
        container.pidsLimit = reader.agreed("pids_limit", pids, "limits.pids", deployed.pids)?.value ?? 0
        container.shmSize = reader.value("shm_size", YAMLNode.bytes) ?? 0
        container.ulimits = Set((reader.entries("ulimits") ?? []).compactMap { reader.ulimit($0) })
        readDevices(&reader, deployed.devices)
    }

    private mutating func readSwap(_ reader: inout MapReader) {
        guard let swap = reader.located("memswap_limit", YAMLNode.swap) else { return }
        container.memorySwap = swap.value
        if container.memory == 0 {
            reader.report("E-SIZE", at: swap.location, "\"memswap_limit\" needs \"mem_limit\"")
        } else if swap.value != -1, swap.value < container.memory {
            let message =
                "\"memswap_limit\" counts memory and swap together, so it cannot be less than the "
                + "memory limit"
            reader.report("E-SIZE", at: swap.location, message)
        }
    }

    private mutating func readDevices(_ reader: inout MapReader, _ deployed: DeviceRequests) {
        var names: [Located<CDIName>] = []
        for node in reader.list("devices") ?? [] {
            if let name = (try? node.openWord()).flatMap(CDIName.init) {
                names.append(Located(name, at: node.location))
            } else if let device = reader.attempt("an element of \"devices\"", node, YAMLNode.deviceMapping) {
                container.devices.insert(device)
            }
        }
        var requests = DeviceRequests()
        requests.add(names)
        requests.readGPUs(&reader)
        requests.add(deployed, &reader)
        container.deviceRequests = requests.requests.map(\.value)
        service.devices = requests.selections
    }
}

extension MapReader {
    /// The one value of two keys that mean the same.
    fileprivate mutating func agreed(
        _ key: String, _ value: Located<Int64>?, _ otherKey: String, _ other: Located<Int64>?
    ) -> Located<Int64>? {
        if let value, let other, value.value != other.value {
            let message =
                "\(key.inQuotes) and \("deploy.resources.\(otherKey)".inQuotes) differ; remove one of them"
            report("E-EXCLUSIVE", at: value.location, message)
        }
        return value ?? other
    }

    /// `nofile: 1024` or a map of `soft` and `hard`; -1 is unlimited.
    fileprivate mutating func ulimit(_ entry: YAMLEntry) -> Ulimit? {
        let key = YAMLNode.quoted(entry.key, at: entry.keyLocation)
        guard
            attempt("\"ulimits\"", key, { node throws(ComposeMistake) in try node.choice(of: Ulimit.names) })
                != nil
        else { return nil }
        let range: ClosedRange<Int64> = -1 ... .max
        var limit: (soft: Int64, hard: Int64)?
        if entry.value.entries != nil {
            limit = collect { diagnostics in
                MapReader.read(entry.value, as: entry.key.inQuotes, into: &diagnostics) { reader in
                    let soft = reader.integer("soft", .required, in: range)
                    let hard = reader.integer("hard", .required, in: range)
                    return soft.flatMap { soft in hard.map { (soft, $0) } }
                } ?? nil
            }
        } else {
            limit = collect { entry.value.integer(entry.key.inQuotes, in: range, into: &$0) }.map { ($0, $0) }
        }
        guard let limit else { return nil }
        if limit.hard != -1, limit.soft == -1 || limit.soft > limit.hard {
            let message = "the soft limit of \(entry.key.inQuotes) cannot be above the hard one"
            report("E-RANGE", at: entry.value.location, message)
        }
        return Ulimit(name: entry.key, soft: limit.soft, hard: limit.hard)
    }
}

extension Ulimit {
    /// The names that the engine knows.
    fileprivate static let names = [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss",
        "rtprio",
        "rttime", "sigpending", "stack",
    ]
}

extension YAMLNode {
    /// A limit of memory that the engine takes.
    func memory() throws(ComposeMistake) -> Int64 {
        let value = try bytes()
        if value >= 6 << 20 { return value }
        throw mistake("E-SIZE", "must be at least 6m, the least that the engine takes")
    }

    fileprivate func swap() throws(ComposeMistake) -> Int64 { raw == "-1" ? -1 : try bytes() }

    /// A number of processes; 0 for no limit.
    func processCount() throws(ComposeMistake) -> Int64 {
        guard case .integer(let count) = content else { throw mistake("E-TYPE", "must be an integer") }
        if count == -1 { return 0 }
        guard count > 0 else { throw mistake("E-RANGE", "must be 1 or more, or -1 for no limit") }
        return count
    }

    /// `HOST`, `HOST:CONTAINER` or `HOST:CONTAINER:rwm`.
    fileprivate func deviceMapping() throws(ComposeMistake) -> DeviceMapping {
        let text = try openWord()
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 3, text.hasPrefix("/") else {
            throw mistake(
                "must be HOST, HOST:CONTAINER or HOST:CONTAINER:rwm with absolute paths, or a CDI name such as "
                    + "vendor.com/class=name")
        }
        let host = try parts[0].absolutePath(on: "the host")
        guard parts.count > 1 else { return DeviceMapping(hostPath: host, containerPath: host) }
        let container = try parts[1].absolutePath(on: "the container")
        let permissions = parts.count == 3 ? parts[2] : "rwm"
        let letters = Set(permissions)
        guard !letters.isEmpty, letters.isSubset(of: "rwm"), letters.count == permissions.count else {
            throw mistake("must end with letters of rwm")
        }
        return DeviceMapping(hostPath: host, containerPath: container, permissions: permissions)
    }
}
