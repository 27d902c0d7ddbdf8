/// One party: a directory below `parties/`.
struct PartyFile: Sendable {
    var id: String
    /// The start of party.yaml.
    var location: SourceLocation
    /// A party of another organisation: routed to, not managed.
    var isExternal = false
    var blueprint: String?
    var blueprintLocation: SourceLocation
    var host: String?
    /// Services that run on another host, or are further instances of one.
    var services: [PlacedService] = []
    var endpoint: EndpointDeclaration?
    /// Whether objects that somebody else made under the party's names are taken over.
    var adoptsExisting = false
    var variables: [YAMLEntry] = []
    var variablesLocation: SourceLocation
    /// Devices that it shares with parties that say the same.
    var sharedDevices: Set<DeviceSelection> = []
    /// Seconds that running jobs may hold a change; `nil` is the default.
    var maxHold: Int?
    /// Service -> Compose keys, to be laid over the blueprint's.
    var serviceOverrides: [YAMLEntry] = []
    /// Path below `confs/` -> content, to be laid over the blueprint's.
    var confOverrides: [YAMLEntry] = []
    /// Config files that replace or add to the blueprint's, by their path below `confs/`.
    var confs: [String: [UInt8]]

    static func directory(of id: String) -> String { "parties/\(id)" }

    /// FATE keeps party ids in a column of ten characters.
    private static let ids: ClosedRange<Int64> = 1...9_999_999_999

    /// Whether a directory can be a party's.
    static func isID(_ name: String) -> Bool {
        PlainScalar.isDecimalInteger(name) && Int64(name).map(ids.contains) ?? false
    }

    /// Reads the directory of a party; `nil` after reporting why not.
    static func decode(
        _ id: String, from tree: SourceTree, into findings: inout [Finding]
    ) -> PartyFile? {
        let file = directory(of: id) + "/party.yaml"
        let location = SourceLocation(file: file)
        guard let bytes = tree.files[file] else {
            let message = "the party directory \(directory(of: id)) has no party.yaml"
            findings.append(Finding(Diagnostic(code: "E-MISSING-FILE", at: location, message)))
            return nil
        }
        var diagnostics: [Diagnostic] = []
        var units: Set<SourceUnit> = [.party(id)]
        let party: PartyFile? = FileHeader.read(bytes, file: file, kind: "Party", into: &diagnostics) {
            reader in
            var party = PartyFile(
                id: id, location: location, blueprintLocation: location, variablesLocation: location,
                confs: tree.files(below: directory(of: id) + "/confs"))
            if let written = party.readKeys(&reader), written != id { units.insert(.party(written)) }
            return party
        }
        findings += diagnostics.map { Finding($0, in: units) }
        return party
    }

    /// Reads the keys, and returns the id as it is written.
    private mutating func readKeys(_ reader: inout MapReader) -> String? {
        let written = readID(&reader)
        let external = reader.node("external").map { node in
            reader.collect { node.boolean("\"external\"", into: &$0) }
        }
        isExternal = external == true
        _ = reader.string("description")
        let presence: MapReader.Presence = isExternal ? .required : .optional
        endpoint =
            reader.map("endpoint", .required) { EndpointDeclaration.ofParty(&$0, ports: presence) } ?? nil
        if isExternal || external == .some(nil) {
            refuseManagedKeys(&reader)
            return written
        }
        readBlueprint(&reader)
        host = reader.hostName("host")?.value
        services = PlacedService.readAll(&reader)
        let adopt = reader.node("adopt").map { node in
            reader.collect { node.boolean("\"adopt\"", into: &$0) }
        }
        adoptsExisting = adopt == true
        variablesLocation = reader.location(of: "variables")
        variables = reader.entries("variables") ?? []
        sharedDevices = Self.sharedDevices(&reader)
        maxHold = Self.maxHold(&reader)
        readOverrides(&reader)
        return written
    }

    private func readID(_ reader: inout MapReader) -> String? {
        guard let node = reader.node("id", .required),
            let value = reader.collect({ node.integer("\"id\"", in: Self.ids, into: &$0) })
        else { return nil }
        if String(value) != id {
            let message = "\"id\" must equal the name of the directory, \(id), found \(value)"
            reader.report("E-PARTY-DIR", at: node.location, message)
        }
        return String(value)
    }

    private mutating func readBlueprint(_ reader: inout MapReader) {
        guard let node = reader.node("blueprint", .required) else { return }
        blueprint = reader.collect { node.string("\"blueprint\"", into: &$0) }
        blueprintLocation = node.location
    }

    private mutating func readOverrides(_ reader: inout MapReader) {
        let overrides = reader.map("overrides") { reader in
            (services: reader.entries("services") ?? [], confs: reader.entries("confs") ?? [])
        }
        serviceOverrides = overrides?.services ?? []
        confOverrides = overrides?.confs ?? []
    }

    /// The hosts that run something of the party.
    var hosts: Set<String> { Set(services.compactMap(\.host?.value) + [host].compactMap(\.self)) }

    /// Reports what an external party cannot have; nothing, when nobody knows whether it is one.
    private func refuseManagedKeys(_ reader: inout MapReader) {
        for key in [
            "blueprint", "host", "services", "adopt", "variables", "sharedDevices", "maxHold", "overrides",
        ] where reader.node(key) != nil && isExternal {
            let message = "an external party has no \(key.inQuotes): another organisation runs it"
            reader.report("E-KEY", at: reader.location(of: key), message)
        }
        if !confs.isEmpty, isExternal {
            let message = "an external party has no config files; remove \(Self.directory(of: id))/confs"
            reader.report("E-LAYOUT", at: location, message)
        }
    }
}
