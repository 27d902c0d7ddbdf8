/// The requests of a service for devices that a driver injects: `gpus`, CDI names among `devices`, and `devices`
/// below `deploy`.
struct DeviceRequests {
    private(set) var requests: [Located<DeviceRequest>] = []
    /// What is asked for, each where it is written.
    private(set) var selections: [Located<DeviceSelection>] = []

    /// `gpus: all`, or a list.
    mutating func readGPUs(_ reader: inout MapReader) {
        guard let node = reader.node("gpus") else { return }
        guard node.elements == nil else { return readList("gpus", &reader, isGPU: true) }
        guard
            reader.attempt("\"gpus\"", node, { node throws(ComposeMistake) in try node.choice(of: ["all"]) })
                != nil
        else { return }
        let all = DeviceRequest(driver: "", count: -1, deviceIDs: [], capabilities: [["gpu"]])
        add(all, at: node.location)
    }

    /// `devices` below `deploy.resources.reservations`.
    mutating func readReservations(_ reader: inout MapReader) { readList("devices", &reader, isGPU: false) }

    /// CDI names from `devices` of the service: one request for all of them, like Compose.
    mutating func add(_ names: [Located<CDIName>]) {
        guard let first = names.first else { return }
        requests.append(
            Located(
                DeviceRequest(
                    driver: DeviceRequest.cdiDriver, count: 0, deviceIDs: names.map(\.value.description),
                    capabilities: []), at: first.location))
        selections += names.map { Located(DeviceSelection($0.value), at: $0.location) }
    }

    /// Adds what another part of the service asks for, and reports what the parts cannot ask for together.
    mutating func add(_ other: DeviceRequests, _ reader: inout MapReader) {
        requests += other.requests
        selections += other.selections
        refuseSecondRequest(&reader)
        refuseDuplicates(&reader)
    }

    private mutating func add(_ request: DeviceRequest, at location: SourceLocation) {
        requests.append(Located(request, at: location))
        selections += request.selections.map { Located($0, at: location) }
    }

    private mutating func readList(_ key: String, _ reader: inout MapReader, isGPU: Bool) {
        for element in reader.list(key) ?? [] {
            var ids: [Located<String>] = []
            let found = reader.collect { diagnostics in
                MapReader.read(element, as: "an element of \(key.inQuotes)", into: &diagnostics) { reader in
                    Self.request(&reader, isGPU: isGPU, &ids)
                }
            }
            guard let found else { continue }
            guard !ids.isEmpty else {
                add(found, at: element.location)
                continue
            }
            requests.append(Located(found, at: element.location))
            for (selection, id) in zip(found.selections, ids) {
                selections.append(Located(selection, at: id.location))
            }
        }
    }

    private static func request(
        _ reader: inout MapReader, isGPU: Bool, _ ids: inout [Located<String>]
    ) -> DeviceRequest {
        let driver = reader.word("driver") ?? ""
        var request = DeviceRequest(driver: driver, count: 0, deviceIDs: [], capabilities: [])
        let count = reader.value("count", YAMLNode.deviceCount)
        ids = reader.values("device_ids") { node throws(ComposeMistake) in try node.deviceID(for: request) }
        request.deviceIDs = ids.map(\.value)
        checkChoice(of: request, &reader)
        if !request.isCDI { request.count = count ?? (ids.isEmpty ? -1 : 0) }
        _ = reader.node("capabilities", isGPU ? .optional : .required)
        var capabilities = reader.values("capabilities", YAMLNode.openWord).map(\.value)
        if isGPU, !capabilities.contains("gpu") { capabilities.append("gpu") }
        if capabilities.isEmpty, reader.node("capabilities")?.elements?.isEmpty == true {
            let message = "\"capabilities\" needs at least one, such as gpu"
            reader.report("E-REQUIRED", at: reader.location(of: "capabilities"), message)
        }
        request.capabilities = [capabilities]
        return request
    }

    private static func checkChoice(of request: DeviceRequest, _ reader: inout MapReader) {
        let hasCount = reader.node("count") != nil
        let ids = reader.node("device_ids")
        if request.isCDI, hasCount {
            let message = "\"count\" means nothing to the driver cdi; name the devices in \"device_ids\""
            reader.report("E-EXCLUSIVE", at: reader.location(of: "count"), message)
        } else if hasCount, ids != nil {
            let message = "\"count\" and \"device_ids\" exclude each other; remove one of them"
            reader.report("E-EXCLUSIVE", at: reader.location(of: "count"), message)
        } else if request.isCDI, ids == nil {
            reader.report("E-REQUIRED", at: reader.location, "the driver cdi needs the key \"device_ids\"")
        }
        if let ids, ids.elements?.isEmpty == true {
            let message = "\"device_ids\" needs at least one, or remove it for every device"
            reader.report("E-REQUIRED", at: reader.location(of: "device_ids"), message)
        }
    }

    /// Each request to the engine's own driver sets the same variables of the container, so the last one would win.
    private func refuseSecondRequest(_ reader: inout MapReader) {
        let same = requests.filter(\.value.isGPU)
        for request in same.dropFirst() {
            let other = same[0].location.mention(from: request.location)
            let message = "only one request for GPUs takes effect; add to the one in \(other)"
            reader.report("E-EXCLUSIVE", at: request.location, message)
        }
    }

    private func refuseDuplicates(_ reader: inout MapReader) {
        var first: [DeviceSelection: SourceLocation] = [:]
        for selection in selections {
            if let other = first[selection.value] {
                let place = other.mention(from: selection.location)
                let message = "\(selection.value) is asked for twice, first in \(place)"
                reader.report("E-DUP", at: selection.location, message)
            } else {
                first[selection.value] = selection.location
            }
        }
    }
}

extension YAMLNode {
    /// A number of devices, -1 for all; Compose takes a number from a variable of any type.
    fileprivate func deviceCount() throws(ComposeMistake) -> Int {
        if case .string("all") = content { return -1 }
        if case .integer(-1) = content { return -1 }
        let number: Int64? =
            switch content {
            case .integer(let count): count
            case .string(let text) where isSubstituted && text.isDigits: Int64(text)
            default: nil
            }
        guard let number, (1...1024).contains(number) else {
            throw mistake("must be \"all\" or an integer from 1 to 1024")
        }
        return Int(number)
    }

    /// The id of a device as the driver of `request` knows it.
    fileprivate func deviceID(for request: DeviceRequest) throws(ComposeMistake) -> String {
        let id = try openWord()
        if request.isCDI {
            guard CDIName(id) != nil else {
                throw mistake("must be a CDI name such as vendor.com/class=name")
            }
        } else if CDIName(id) != nil {
            throw mistake("is a CDI name, which needs driver: cdi")
        } else if request.isGPU {
            if id == "all" { throw mistake("cannot be every device here; write count: all") }
            guard DeviceRequest.isGPU(id) else {
                throw mistake("must be the index or the UUID of a GPU, such as \"0\" or GPU-6a1b...")
            }
        } else if id.isEmpty || id.contains(where: { $0 == "," || $0.isWhitespace }) {
            throw mistake("must be one id")
        }
        return id
    }
}
