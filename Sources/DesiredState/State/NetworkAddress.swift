/// What can be written as an address that others dial: an IPv4 address or a host name.
enum NetworkAddress {
    /// Why a text is no address.
    struct Mistake {
        var code: String
        var message: String
    }

    /// What is wrong with a text as an IPv4 address or host name; `nil` when nothing is.
    static func mistake(in text: String) -> Mistake? {
        if IPv4Number(text) != nil { return nil }
        if text.utf8.allSatisfy({ "0123456789.".utf8.contains($0) }) {
            return Mistake(
                code: "E-IP", message: "must be an IPv4 address such as 10.10.0.1, found \(text.inQuotes)")
        }
        if text.utf8.contains(UInt8(ascii: "@")) {
            // Perhaps with a password, so it is not repeated.
            return Mistake(
                code: "E-SECRET",
                message: "must be an address alone; remove the user name and what belongs to it")
        }
        if text.utf8.contains(UInt8(ascii: ":")) || text.utf8.contains(UInt8(ascii: "/")) {
            return Mistake(
                code: "E-IP",
                message: "must be an IPv4 address or a host name alone, without port, prefix or scheme, "
                    + "found \(text.inQuotes)")
        }
        return hostNameMistake(in: text)
    }

    /// What is wrong with a text as a host name; `nil` when nothing is.
    static func hostNameMistake(in text: String) -> Mistake? {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isName = text.utf8.count <= 253 && labels.allSatisfy(isLabel)
        guard !isName else { return nil }
        return Mistake(
            code: "E-HOST",
            message:
                "must be a host name: letters, digits and \"-\", in parts of at most 63 with \".\" between "
                + "them, found \(text.inQuotes)")
    }

    /// Why other hosts cannot dial an address; `nil` when they can, or when it is a name.
    static func unreachable(_ text: String) -> Mistake? {
        let kind: String? =
            if let address = IPv4Number(text) {
                address.specialUse
            } else {
                text.lowercased() == "localhost" ? "a loopback address" : nil
            }
        guard let kind else { return nil }
        return Mistake(
            code: "E-ADDR", message: "cannot be dialled by other hosts: \(text) is \(kind)")
    }

    private static func isLabel(_ label: Substring) -> Bool {
        let bytes = label.utf8
        guard (1...63).contains(bytes.count), bytes.first != UInt8(ascii: "-"),
            bytes.last != UInt8(ascii: "-")
        else { return false }
        return bytes.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
    }
}
