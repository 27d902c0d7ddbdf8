/// Compares what rollsite is told in its properties with what the derived table says of it.
///
/// rollsite takes a message for its own only if the table's entry for its party holds the same address and port as
/// its properties; otherwise it sends the message to itself for ever.
struct RollsiteConsistency {
    let declaration: RouteTableDeclaration
    let table: RouteTable

    /// Whether the files configure a rollsite that sends plain text, whatever its table says of TLS.
    static func lacksTLS(_ files: [FileSpec]) -> Bool {
        let lines = files.filter { $0.name.hasSuffix(".properties") && $0.content.count < 1 << 20 }
            .flatMap { String(decoding: $0.content, as: UTF8.self).split(separator: "\n") }
        let authority = "eggroll.core.security.client.ca.crt.path="
        return lines.contains { $0.hasPrefix("eggroll.rollsite.") }
            && !lines.contains { $0.hasPrefix(authority) && $0.count > authority.count }
    }

    /// Reports properties of rollsite in `files` that contradict the table.
    func check(_ files: [FileSpec], into diagnostics: inout [Diagnostic]) {
        guard table.format == .rollsite, table.role == .party, let own = table.own,
            let written = declaration.own
        else { return }
        var expected = [
            ("eggroll.rollsite.host", own.address, written.address.location),
            ("eggroll.rollsite.party.id", table.party, declaration.pathLocation),
        ]
        for (key, property) in [
            ("port", "eggroll.rollsite.port"), ("securePort", "eggroll.rollsite.secure.port"),
        ] {
            guard let port = own.ports[key], let node = written.ports[key] else { continue }
            expected.append((property, String(port), node.location))
        }
        for file in files where file.name.hasSuffix(".properties") && file.content.count < 1 << 20 {
            let lines = String(decoding: file.content, as: UTF8.self).split(separator: "\n")
            for (key, value, location) in expected {
                guard let line = lines.first(where: { $0.hasPrefix(key + "=") }) else { continue }
                let found = String(line.dropFirst(key.utf8.count + 1))
                guard found != value else { continue }
                let other = file.isSecret ? "something else" : found.inQuotes
                let reason =
                    key.hasSuffix(".secure.port")
                    ? "others dial the one, and rollsite listens on the other"
                    : "rollsite knows its own messages only when both are equal"
                let message =
                    "the route table says \(value.inQuotes) and \(file.name) says \(other) for \(key); \(reason)"
                diagnostics.append(Diagnostic(code: "E-ROUTE", at: location, message))
            }
        }
    }
}
