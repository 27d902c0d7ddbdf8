/// What `deploy` says about resources.
struct DeployResources {
    var memory: Located<Int64>?
    var nanoCPUs: Located<Int64>?
    var pids: Located<Int64>?
    var devices = DeviceRequests()

    static func read(_ reader: inout MapReader) -> DeployResources {
        var result = DeployResources()
        _ = reader.map("resources") { reader in
            _ = reader.map("limits") { reader in
                result.memory = reader.located("memory", YAMLNode.memory)
                result.nanoCPUs = reader.located("cpus", YAMLNode.cpus)
                result.pids = reader.located("pids", YAMLNode.processCount)
            }
            _ = reader.map("reservations") { reader in
                result.devices.readReservations(&reader)
            }
        }
        return result
    }
}
