/// Which files and directories a state repository has.
struct StateLayout {
    /// Names below `blueprints/` and `parties/`, sorted.
    private(set) var blueprints: [String] = []
    private(set) var parties: [String] = []
    private(set) var findings: [Finding] = []

    private static let topLevel = ["federation.yaml", "blueprints", "parties"]
    private static let known = [
        SourceUnitKind.blueprint: ["blueprint.yaml", "compose.yaml", "confs"],
        .party: ["party.yaml", "confs"],
    ]

    private enum SourceUnitKind {
        case blueprint, party
    }

    init(_ tree: SourceTree) {
        var names: [SourceUnitKind: Set<String>] = [:]
        for path in tree.files.keys.sorted() {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            switch parts[0] {
            case "blueprints": checkInside(.blueprint, path, parts, &names)
            case "parties": checkInside(.party, path, parts, &names)
            default: checkOutside(path, parts)
            }
        }
        blueprints = (names[.blueprint] ?? []).sorted()
        parties = (names[.party] ?? []).sorted()
    }

    private mutating func checkInside(
        _ kind: SourceUnitKind, _ path: String, _ parts: [String],
        _ names: inout [SourceUnitKind: Set<String>]
    ) {
        guard parts.count > 2 else {
            if Self.isForPeople(parts[parts.count - 1]) { return }
            return report(path, "only directories belong into \(parts[0])/")
        }
        let name = parts[1]
        if names[kind, default: []].insert(name).inserted { checkName(name, of: kind, path: path) }
        let isDirectory = parts.count > 3
        let entry = parts[2]
        let known = Self.known[kind] ?? []
        if known.contains(entry), isDirectory == (entry == "confs") { return }
        if !isDirectory, Self.isForPeople(entry) { return }
        let hint = nearest(entry, in: known).flatMap { $0 == entry ? nil : "did you mean \($0.inQuotes)?" }
        let allowed = "\(parts[0])/\(name) holds " + known.joined(separator: ", ") + "/ and a README"
        report(path, "unknown \(isDirectory ? "directory" : "file") \(entry.inQuotes) (\(hint ?? allowed))")
    }

    private mutating func checkName(_ name: String, of kind: SourceUnitKind, path: String) {
        switch kind {
        case .party where !PartyFile.isID(name):
            let message = "the directory of a party is named after its id, a number; found \(name.inQuotes)"
            findings.append(Finding(Diagnostic(code: "E-PARTY-DIR", at: SourceLocation(file: path), message)))
        case .blueprint where !Self.isBlueprintName(name):
            let message =
                "a blueprint's name has small letters, digits, \".\", \"_\" and \"-\", at most 64; found \(name.inQuotes)"
            findings.append(Finding(Diagnostic(code: "E-NAME", at: SourceLocation(file: path), message)))
        default:
            break
        }
    }

    /// Looks for files that were meant to be read, but are not where they are read.
    private mutating func checkOutside(_ path: String, _ parts: [String]) {
        let first = parts[0]
        let last = parts[parts.count - 1]
        if first.hasPrefix(".") || path == FederationFile.path { return }
        if let near = nearest(first, in: Self.topLevel), near.hasSuffix(".yaml") == (parts.count == 1) {
            return report(
                path,
                "unknown \(parts.count == 1 ? "file" : "directory") \(first.inQuotes) (did you mean \(near.inQuotes)?)"
            )
        }
        let ours = ["federation.yaml", "party.yaml", "blueprint.yaml", "compose.yaml"]
        if let near = nearest(last, in: ours) {
            let place =
                switch near {
                case "federation.yaml": "federation.yaml"
                case "party.yaml": "parties/ID/party.yaml"
                default: "blueprints/NAME/\(near)"
                }
            report(path, "this file is not read here; \(near) belongs to \(place)")
        }
    }

    /// A misplaced file makes everything invalid, since what it should have said is missing elsewhere.
    private mutating func report(_ path: String, _ message: String) {
        findings.append(
            Finding(Diagnostic(code: "E-LAYOUT", at: SourceLocation(file: path), message)))
    }

    /// Files that stand beside ours in every repository.
    private static func isForPeople(_ name: String) -> Bool {
        name.hasPrefix(".") || name.hasPrefix("README") || name.hasPrefix("LICENSE") || name.hasSuffix(".md")
    }

    private static func isBlueprintName(_ name: String) -> Bool {
        guard (1...64).contains(name.utf8.count), let first = name.utf8.first else { return false }
        return first != UInt8(ascii: ".") && first != UInt8(ascii: "-") && first != UInt8(ascii: "_")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "._-".utf8.contains(byte)
                }
            }
    }
}
