extension IPv4Number {
    /// The address as four decimal numbers.
    var text: String {
        [24, 16, 8, 0].map { String(value >> UInt32($0) & 0xFF) }.joined(separator: ".")
    }
}

extension IPv4Block {
    /// The block as `192.168.136.0/24`.
    var text: String { "\(IPv4Number(value: base).text)/\(prefix)" }

    /// The broadcast address.
    var last: IPv4Number {
        IPv4Number(value: base | (prefix == 0 ? .max : (1 << (32 - UInt32(prefix))) - 1))
    }

    func contains(_ address: IPv4Number) -> Bool {
        base <= address.value && address.value <= last.value
    }
}

extension YAMLNode {
    /// A subnet that a network can have.
    func subnet() throws(ComposeMistake) -> IPv4Block {
        guard let block = IPv4Block(try openWord()) else {
            throw mistake("E-SUBNET", "must be an IPv4 network such as 192.168.136.0/24")
        }
        if block.hasHostBits { throw mistake("E-SUBNET", "has bits set behind its prefix") }
        if (8...30).contains(block.prefix) { return block }
        throw mistake("E-SUBNET", "needs a prefix from /8 to /30")
    }

    /// A part of a subnet.
    func range(in subnet: IPv4Block?) throws(ComposeMistake) -> IPv4Block {
        guard let block = IPv4Block(try openWord()), !block.hasHostBits else {
            throw mistake("E-SUBNET", "must be an IPv4 network such as 192.168.136.128/25")
        }
        guard let subnet else { return block }
        if block.prefix >= subnet.prefix, block.overlaps(subnet) { return block }
        throw mistake("E-SUBNET", "must be a part of \(subnet.text)")
    }

    /// An IPv4 address, inside a subnet when there is one.
    func address(in subnet: IPv4Block? = nil) throws(ComposeMistake) -> IPv4Number {
        guard let address = IPv4Number(try openWord()) else {
            throw mistake("E-IP", "must be an IPv4 address such as 192.168.136.100")
        }
        guard let subnet else { return address }
        guard subnet.contains(address) else { throw mistake("E-IP", "must be inside \(subnet.text)") }
        if address.value == subnet.base {
            throw mistake("E-IP", "cannot be the address of \(subnet.text) itself")
        }
        if address == subnet.last {
            throw mistake("E-IP", "cannot be the broadcast address of \(subnet.text)")
        }
        return address
    }
}
