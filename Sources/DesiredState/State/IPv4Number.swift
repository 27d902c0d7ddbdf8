/// An IPv4 address, read strictly: four decimal numbers without leading zeros.
struct IPv4Number: Hashable, Sendable {
    var value: UInt32

    init(value: UInt32) { self.value = value }

    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        value = 0
        for part in parts {
            guard PlainScalar.isDecimalInteger(String(part)), let number = UInt8(part) else { return nil }
            value = value << 8 | UInt32(number)
        }
    }

    /// What the address is reserved for, when nobody can dial it from another host.
    var specialUse: String? {
        switch value {
        case 0x0000_0000..<0x0100_0000: "the unspecified address"
        case 0x7F00_0000..<0x8000_0000: "a loopback address"
        case 0xA9FE_0000..<0xA9FF_0000: "a link-local address"
        case 0xE000_0000..<0xF000_0000: "a multicast address"
        case 0xF000_0000...0xFFFF_FFFF: "a reserved address"
        default: nil
        }
    }
}

/// An IPv4 network such as `192.168.136.0/24`.
struct IPv4Block: Hashable, Sendable {
    var base: UInt32
    var prefix: Int

    /// `nil` when the text is no network; host bits are kept for the caller to judge.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPv4Number(parts[0]),
            PlainScalar.isDecimalInteger(String(parts[1])), let prefix = Int(parts[1]),
            (0...32).contains(prefix)
        else { return nil }
        base = address.value
        self.prefix = prefix
    }

    private var mask: UInt32 { prefix == 0 ? 0 : ~0 << (32 - UInt32(prefix)) }
    var hasHostBits: Bool { base & ~mask != 0 }

    func overlaps(_ other: IPv4Block) -> Bool {
        let common = mask & other.mask
        return base & common == other.base & common
    }

    /// Whether every address of the block is set apart for private networks.
    var isPrivate: Bool {
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].contains { text in
            guard let range = IPv4Block(text) else { return false }
            return prefix >= range.prefix && overlaps(range)
        }
    }
}
