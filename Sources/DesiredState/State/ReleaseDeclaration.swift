/// The key `release` of a blueprint: the FATE that it is made for, and what an upgrade to it takes.
struct ReleaseDeclaration: Sendable {
    var version: String
    /// The tag of the FATE images; its variables are not filled in.
    var tag: YAMLNode
    var upgrades: [PartyRelease.Upgrade]

    static func read(_ reader: inout MapReader) -> ReleaseDeclaration? {
        let version = readVersion(&reader)
        let tag = reader.node("tag", .required)
        let nodes = reader.list("upgrades") ?? []
        let upgrades = reader.collect { diagnostics in
            nodes.compactMap { node in
                MapReader.read(node, as: "the upgrade", into: &diagnostics) { readUpgrade(&$0) } ?? nil
            }
        }
        guard let version, let tag else { return nil }
        return ReleaseDeclaration(version: version, tag: tag, upgrades: upgrades)
    }

    private static func readVersion(_ reader: inout MapReader) -> String? {
        guard let text = reader.text("version", .required) else { return nil }
        if PartyRelease.version(ofTag: text) == text { return text }
        reader.report(
            "E-VALUE", at: reader.location(of: "version"),
            "\"version\" must be a version of FATE such as 1.5.1, found \(text.inQuotes)")
        return nil
    }

    private static func readUpgrade(_ reader: inout MapReader) -> PartyRelease.Upgrade? {
        let from = reader.text("from", .required)
        let steps = reader.list("steps", .required).map { _ in reader.strings("steps") ?? [] }
        guard let from, let steps else { return nil }
        if steps.isEmpty {
            reader.report("E-VALUE", at: reader.location(of: "steps"), "\"steps\" needs a step")
        }
        return PartyRelease.Upgrade(from: from, steps: steps.map(\.onOneLine))
    }
}

extension PartyScope {
    /// The release of the party, with a warning when its images are not those that the blueprint is made for.
    func release(into diagnostics: inout [Diagnostic]) -> PartyRelease {
        var release = PartyRelease(blueprint: blueprint.name)
        guard let declaration = blueprint.release else { return release }
        release.version = declaration.version
        release.upgrades = declaration.upgrades
        let node = fill(declaration.tag, &diagnostics)
        guard let tag = node.text("\"tag\"", into: &diagnostics) else { return release }
        release.tag = tag
        if let version = PartyRelease.version(ofTag: tag), version != declaration.version {
            let message =
                "the tag \(tag.inQuotes) is one of FATE \(version), but files, commands and paths of the "
                + "blueprint \(blueprint.name) are those of FATE \(declaration.version)"
            let place = blame.origin(of: node.location) ?? node.location
            diagnostics.append(Diagnostic(.warning, code: "W-RELEASE", at: place, message))
        }
        return release
    }
}
