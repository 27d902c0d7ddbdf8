/// One entry of a directory, as git stores it.
struct TreeEntry: Equatable {
    enum Kind: Equatable {
        case file(isExecutable: Bool)
        case directory
        case link
        case submodule
        case unknown(mode: String)
    }

    let kind: Kind
    /// The name's bytes; git promises only that there is no NUL among them.
    let name: [UInt8]
    /// The 20 bytes of the object's id.
    let id: [UInt8]

    /// Takes the bytes of a tree object apart: `mode SP name NUL id`, again and again.
    ///
    /// - Returns: nil if the bytes are not that.
    static func parse(_ bytes: [UInt8]) -> [Self]? {
        var entries: [Self] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")), space - rest.startIndex <= 7 else {
                return nil
            }
            let mode = rest[..<space]
            rest = rest[(space + 1)...]
            guard let end = rest.firstIndex(of: 0), rest.endIndex - end > 20 else { return nil }
            let id = rest[(end + 1)...(end + 20)]
            entries.append(Self(kind: Kind(mode: mode), name: Array(rest[..<end]), id: Array(id)))
            rest = rest[(end + 21)...]
        }
        return entries
    }
}

extension TreeEntry.Kind {
    /// Reads the octal digits of a mode.
    ///
    /// Old versions of git wrote group-writable files, and some tools write a leading zero.
    init(mode bytes: ArraySlice<UInt8>) {
        let text = String(decoding: bytes, as: UTF8.self)
        switch Int(text, radix: 8) {
        case 0o100644, 0o100664: self = .file(isExecutable: false)
        case 0o100755, 0o100775: self = .file(isExecutable: true)
        case 0o040000: self = .directory
        case 0o120000: self = .link
        case 0o160000: self = .submodule
        default: self = .unknown(mode: text)
        }
    }
}
