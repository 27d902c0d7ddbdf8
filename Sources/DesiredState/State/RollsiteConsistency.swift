/// Compares what rollsite is told in its properties with what the derived table says of it.
///
/// rollsite takes a message for its own only if the table's entry for its party holds the same address and port as
/// its properties; otherwise it sends the message to itself for ever.
struct RollsiteConsistency {
    let declaration: RouteTableDeclaration
    let table: RouteTable

    /// Whether the files configure a rollsite that sends plain text, whatever its table says of TLS.
    static func lacksTLS(_ files: [FileSpec]) -> Bool {
        let lines = files.flatMap(propertyLines)
        let authority = "eggroll.core.security.client.ca.crt.path=".utf8
        return lines.contains { $0.starts(with: "eggroll.rollsite.".utf8) }
            && !lines.contains { $0.starts(with: authority) && $0.count > authority.count }
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
        for file in files {
            let lines = Self.propertyLines(file)
            for (key, value, location) in expected {
                guard let line = lines.first(where: { $0.starts(with: "\(key)=".utf8) }) else { continue }
                let found = String(decoding: line.dropFirst(key.utf8.count + 1), as: UTF8.self)
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

    /// The lines of a properties file, as bytes: decoding them all takes longer than looking for a few.
    private static func propertyLines(_ file: FileSpec) -> [ArraySlice<UInt8>] {
        guard file.name.hasSuffix(".properties"), file.content.count < 1 << 20 else { return [] }
        return file.content.split(separator: UInt8(ascii: "\n"))
    }
}
