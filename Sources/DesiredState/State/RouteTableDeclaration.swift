/// Which file of a blueprint is derived from the endpoints of all parties.
struct RouteTableDeclaration: Sendable {
    /// An address inside the party's own network; its variables are not filled in.
    struct Hop: Sendable {
        var address: YAMLNode
        var port: YAMLNode
    }

    /// Path below the directory for config files.
    var path: String
    var pathLocation: SourceLocation
    /// Where the party's own rollsite listens.
    var own: Hop
    /// Where the party's FATE Flow listens.
    var fateflow: Hop

    static func read(_ reader: inout MapReader) -> RouteTableDeclaration? {
        let pathNode = reader.node("path", .required)
        let path = reader.relativePath(pathNode)
        if let node = reader.node("format", .required),
            let text = reader.collect({ node.string("\"format\"", into: &$0) }), text != "rollsite"
        {
            reader.reportChoice("format", text, of: ["rollsite"], at: node.location)
        }
        let own = reader.map("self", .required) { readHop(&$0) } ?? nil
        let fateflow = reader.map("fateflow", .required) { readHop(&$0) } ?? nil
        guard let pathNode, let path, let own, let fateflow else { return nil }
        return RouteTableDeclaration(
            path: path, pathLocation: pathNode.location, own: own, fateflow: fateflow)
    }

    private static func readHop(_ reader: inout MapReader) -> Hop? {
        let address = reader.node("address", .required)
        let port = reader.node("port", .required)
        guard let address, let port else { return nil }
        return Hop(address: address, port: port)
    }
}
