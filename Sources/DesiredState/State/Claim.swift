/// Something that a party takes for itself and that no other party may take, with the place it is written.
struct Claim: Sendable {
    enum Subject: Sendable, Hashable {
        case port(Int, proto: String, address: String)
        case subnet(IPv4Block, text: String)
        case container(String)
        case network(String)
        case volume(String)
        case project(String)
        case directory(String)
        case endpoint(String, port: Int)
        case device(DeviceClaim)
    }

    var subject: Subject
    var party: String
    /// Where only parties of one host get into each other's way; `nil` for what is unique everywhere.
    var host: String?
    var location: SourceLocation
    /// Whether the party stands at its last good state, whose files are not those of this revision.
    var isFallback = false

    /// Claims can only clash within one bucket.
    var bucket: String {
        let scope = host ?? ""
        return switch subject {
        case .port(let port, let proto, _): "\(scope) port \(port)/\(proto)"
        case .subnet: "\(scope) subnet"
        case .container(let name): "\(scope) container \(name)"
        case .network(let name): "\(scope) network \(name)"
        case .volume(let name): "\(scope) volume \(name)"
        case .project(let name): "\(scope) project \(name)"
        case .directory(let path): "\(scope) directory \(path)"
        case .endpoint(let address, let port): "endpoint \(address.lowercased()):\(port)"
        case .device(let claim): "\(scope) device \(claim.selection.kind)"
        }
    }

    /// Whether both cannot have what they claim; asked only within one bucket.
    func clashes(with other: Claim) -> Bool {
        guard party != other.party else { return false }
        switch (subject, other.subject) {
        case (.port(_, _, let mine), .port(_, _, let theirs)):
            return mine == theirs || Self.isEveryAddress(mine) || Self.isEveryAddress(theirs)
        case (.subnet(let mine, _), .subnet(let theirs, _)):
            return mine.overlaps(theirs)
        case (.device(let mine), .device(let theirs)):
            return mine.contested(with: theirs) != nil
        default:
            return true
        }
    }

    private static func isEveryAddress(_ address: String) -> Bool {
        ["", "0.0.0.0", "::"].contains(address)
    }

    /// The mistake of this claim, given the one that it clashes with.
    func mistake(against other: Claim) -> Diagnostic {
        let place = other.isFallback ? "\(other.location) of its last good state" : "\(other.location)"
        let owner = "party \(other.party) (\(place))"
        let (code, message) =
            switch subject {
            case .port(let port, let proto, _):
                (
                    "E-PORT-CLASH",
                    "host port \(port)\(proto == "tcp" ? "" : "/\(proto)") is also published by \(owner)"
                )
            case .subnet(_, let text):
                ("E-OVERLAP", "the subnet \(text) overlaps \(other.subject.text) of \(owner)")
            case .container(let name): ("E-NAME-CLASH", "the container name \(name) is also used by \(owner)")
            case .network(let name): ("E-NAME-CLASH", "the network name \(name) is also used by \(owner)")
            case .volume(let name): ("E-NAME-CLASH", "the volume name \(name) is also used by \(owner)")
            case .project(let name): ("E-NAME-CLASH", "the project name \(name) is also used by \(owner)")
            case .directory(let path): ("E-PATH-CLASH", "the directory \(path) is also used by \(owner)")
            case .endpoint(let address, let port):
                ("E-ENDPOINT-CLASH", "the endpoint \(address):\(port) is also that of \(owner)")
            case .device(let claim):
                (
                    "E-GPU-CLASH",
                    other.subject.device.map { claim.message(against: $0, of: owner) } ?? "\(claim.selection)"
                )
            }
        return Diagnostic(code: code, at: location, message)
    }
}

extension Claim.Subject {
    var isName: Bool {
        switch self {
        case .container, .network, .volume, .project: true
        case .port, .subnet, .directory, .endpoint, .device: false
        }
    }

    var device: DeviceClaim? {
        if case .device(let claim) = self { claim } else { nil }
    }

    /// What a person would look for in a file.
    var text: String {
        switch self {
        case .port(let port, _, _): String(port)
        case .subnet(_, let text): text
        case .container(let name), .network(let name), .volume(let name), .project(let name): name
        case .directory(let path): path
        case .endpoint(let address, _): address
        case .device(let claim): claim.text
        }
    }
}

/// A claim with another one that excludes it.
struct Clash: Sendable {
    var claim: Claim
    var other: Claim
}

extension [Clash] {
    /// The mistakes of the claims; of those that one value makes against one party, the first.
    var findings: [Finding] {
        var seen: Set<String> = []
        return compactMap { clash in
            let mistake = clash.claim.mistake(against: clash.other)
            let cause = "\(mistake.location) \(mistake.code) \(clash.claim.party) \(clash.other.party)"
            return seen.insert(cause).inserted ? Finding(mistake, in: [.party(clash.claim.party)]) : nil
        }
    }
}

extension [Claim] {
    /// Every claim that clashes, each with the first of the others.
    ///
    /// The answer does not depend on the order of the claims.
    func clashes() -> [Clash] {
        let buckets = Dictionary(grouping: self, by: \.bucket)
        return buckets.keys.sorted().flatMap { key in
            let claims = (buckets[key] ?? []).sorted { left, right in
                (left.party.utf8.count, left.party, left.location)
                    < (right.party.utf8.count, right.party, right.location)
            }
            return claims.compactMap { claim in
                claims.first { claim.clashes(with: $0) }.map { Clash(claim: claim, other: $0) }
            }
        }
    }
}
