/// What values a variable can have.
enum VariableType: String, Sendable, CaseIterable {
    case string, integer, port, address, subnet, boolean, secret

    static func read(_ reader: inout MapReader) -> VariableType? {
        guard let node = reader.node("type", .required),
            let text = reader.collect({ node.string("\"type\"", into: &$0) })
        else { return nil }
        if let type = VariableType(rawValue: text) { return type }
        let names = allCases.map(\.rawValue)
        let hint = nearest(text, in: names).map { "did you mean \($0.inQuotes)?" }
        reader.report(
            "E-VALUE", at: node.location,
            "unknown type \(text.inQuotes) (\(hint ?? "allowed: " + names.joined(separator: ", ")))")
        return nil
    }

    /// The value of a node, or `nil` after a report.
    ///
    /// Not for secrets, whose values never come from a file.
    func value(of node: YAMLNode, what: String, into diagnostics: inout [Diagnostic]) -> VariableValue? {
        switch self {
        case .string:
            // A default that is another variable takes that one's type.
            let text =
                node.isSubstituted
                ? node.text(what, into: &diagnostics) : node.string(what, into: &diagnostics)
            return text.map(VariableValue.string)
        case .integer:
            return node.integer(what, into: &diagnostics).map(VariableValue.integer)
        case .port:
            return node.integer(what, in: 1...65535, into: &diagnostics).map(VariableValue.integer)
        case .boolean:
            return node.boolean(what, into: &diagnostics).map(VariableValue.boolean)
        case .address:
            guard let text = node.string(what, into: &diagnostics) else { return nil }
            guard let mistake = NetworkAddress.mistake(in: text) else { return .string(text) }
            diagnostics.append(
                Diagnostic(code: mistake.code, at: node.location, "\(what) \(mistake.message)"))
            return nil
        case .subnet:
            return subnet(node, what: what, into: &diagnostics).map(VariableValue.string)
        case .secret:
            return nil
        }
    }

    /// Some value of this type.
    var standIn: VariableValue {
        switch self {
        case .string, .secret: .string("x")
        case .integer, .port: .integer(1)
        case .boolean: .boolean(false)
        case .address: .string("192.0.2.1")
        case .subnet: .string("192.0.2.0/24")
        }
    }

    private func subnet(_ node: YAMLNode, what: String, into diagnostics: inout [Diagnostic]) -> String? {
        guard let text = node.string(what, into: &diagnostics) else { return nil }
        guard let block = IPv4Block(text) else {
            let message = "\(what) must be an IPv4 network such as 192.168.136.0/24, found \(text.inQuotes)"
            diagnostics.append(Diagnostic(code: "E-SUBNET", at: node.location, message))
            return nil
        }
        guard !block.hasHostBits, (8...30).contains(block.prefix) else {
            let reason =
                block.hasHostBits
                ? "\(text) has bits set behind its prefix"
                : "a prefix from /8 to /30 is needed, found \(text)"
            diagnostics.append(Diagnostic(code: "E-SUBNET", at: node.location, "\(what): \(reason)"))
            return nil
        }
        if !block.isPrivate {
            let message =
                "\(what): \(text) is public address space, so its real owner cannot be reached from here"
            diagnostics.append(Diagnostic(.warning, code: "W-SUBNET", at: node.location, message))
        }
        return text
    }
}
