/// Reads requests for devices: `gpus`, and `devices` below `deploy`.
enum DeviceRequests {
    static func gpus(_ reader: inout MapReader) -> [Located<DeviceRequest>] {
        guard let node = reader.node("gpus") else { return [] }
        guard node.elements == nil else { return requests("gpus", &reader, isGPU: true) }
        guard
            reader.attempt("\"gpus\"", node, { node throws(ComposeMistake) in try node.choice(of: ["all"]) })
                != nil
        else { return [] }
        let all = DeviceRequest(driver: "", count: -1, deviceIDs: [], capabilities: [["gpu"]])
        return [Located(all, at: node.location)]
    }

    static func reservations(_ reader: inout MapReader) -> [Located<DeviceRequest>] {
        requests("devices", &reader, isGPU: false)
    }

    private static func requests(
        _ key: String, _ reader: inout MapReader, isGPU: Bool
    ) -> [Located<DeviceRequest>] {
        (reader.list(key) ?? []).compactMap { element in
            let found = reader.collect { diagnostics in
                MapReader.read(element, as: "an element of \(key.inQuotes)", into: &diagnostics) { reader in
                    request(&reader, isGPU: isGPU)
                }
            }
            return found.map { Located($0, at: element.location) }
        }
    }

    private static func request(_ reader: inout MapReader, isGPU: Bool) -> DeviceRequest {
        let driver = reader.word("driver")
        let count = reader.value("count", YAMLNode.deviceCount)
        let ids = reader.values("device_ids", YAMLNode.openWord).map(\.value)
        if reader.node("count") != nil, reader.node("device_ids") != nil {
            let message = "\"count\" and \"device_ids\" exclude each other; remove one of them"
            reader.report("E-EXCLUSIVE", at: reader.location(of: "count"), message)
        }
        _ = reader.node("capabilities", isGPU ? .optional : .required)
        var capabilities = reader.values("capabilities", YAMLNode.openWord).map(\.value)
        if isGPU, !capabilities.contains("gpu") { capabilities.append("gpu") }
        if capabilities.isEmpty, reader.node("capabilities")?.elements?.isEmpty == true {
            let message = "\"capabilities\" needs at least one, such as gpu"
            reader.report("E-REQUIRED", at: reader.location(of: "capabilities"), message)
        }
        return DeviceRequest(
            driver: driver ?? "", count: count ?? (ids.isEmpty ? -1 : 0), deviceIDs: ids,
            capabilities: [capabilities])
    }
}

extension YAMLNode {
    /// A number of devices, -1 for all.
    fileprivate func deviceCount() throws(ComposeMistake) -> Int {
        if case .string("all") = content { return -1 }
        if case .integer(-1) = content { return -1 }
        guard case .integer(let count) = content, (1...1024).contains(count) else {
            throw mistake("must be \"all\" or an integer from 1 to 1024")
        }
        return Int(count)
    }
}
