extension String {
    /// The text as one part of a URL's path or query.
    var percentEncoded: String { percentEncoded(keeping: "") }

    /// The text with everything encoded but letters, digits, `-._~` and the bytes of `kept`.
    func percentEncoded(keeping kept: String) -> String {
        var encoded = ""
        for byte in utf8 {
            let scalar = UnicodeScalar(byte)
            let isPlain =
                byte < 0x80
                && (Character(scalar).isLetter || Character(scalar).isNumber || "-._~".utf8.contains(byte)
                    || kept.utf8.contains(byte))
            if isPlain {
                encoded.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return encoded
    }
}
