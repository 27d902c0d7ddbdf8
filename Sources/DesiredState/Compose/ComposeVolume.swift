/// A volume of compose.yaml.
struct ComposeVolume: Sendable, Equatable {
    /// The key in compose.yaml; `spec.name` is the name in Docker.
    var key: String
    var spec: VolumeSpec
    /// Where the name is written, or the key when it has none.
    var location: SourceLocation
    /// Whether somebody else makes it, so that it is not to be created.
    var isExternal = false
    /// The directory of the host that a bind volume shows.
    var device: Located<String>?

    static func decode(
        _ entry: YAMLEntry, project: String, into diagnostics: inout [Diagnostic]
    ) -> ComposeVolume? {
        guard entry.isResourceKey("volume", into: &diagnostics) else { return nil }
        var volume = ComposeVolume(
            key: entry.key, spec: VolumeSpec(name: "\(project)_\(entry.key)"), location: entry.keyLocation)
        if entry.value.isNull { return volume }
        return MapReader.read(entry.value, as: "volume \(entry.key.inQuotes)", into: &diagnostics) { reader in
            volume.readKeys(&reader)
            return volume
        }
    }

    private mutating func readKeys(_ reader: inout MapReader) {
        let name = reader.located("name", YAMLNode.dockerName)
        isExternal = reader.boolean("external") ?? false
        spec.driver = reader.word("driver") ?? spec.driver
        spec.driverOptions = reader.options("driver_opts")
        spec.labels = reader.labels()
        if let name {
            spec.name = name.value
            location = name.location
        } else if isExternal {
            spec.name = key
        }
        if isExternal { refuseKeysOfOthers(&reader) }
        readDevice(&reader)
    }

    private func refuseKeysOfOthers(_ reader: inout MapReader) {
        for word in ["driver", "driver_opts", "labels"] where reader.node(word) != nil {
            let message = "\(word.inQuotes) has no effect on an external volume; remove it"
            reader.report("E-EXCLUSIVE", at: reader.location(of: word), message)
        }
    }

    private mutating func readDevice(_ reader: inout MapReader) {
        let flags = spec.driverOptions["o"]?.split(separator: ",") ?? []
        guard spec.driver == "local", flags.contains("bind") || flags.contains("rbind"),
            let node = reader.node("driver_opts")?["device"]
        else { return }
        device = reader.attempt("\"device\"", node) { node throws(ComposeMistake) in
            Located(try node.hostPath(), at: node.location)
        }
    }
}
