/// The text of a file of the state repository, after the checks that hold for every format.
enum SourceText {
    /// Larger files are refused before they are read.
    static let maximumBytes = 256 * 1024

    /// The text of a file, or `nil` when it is no text that a person wrote.
    ///
    /// Reports what cannot be meant: an encoding other than UTF-8, characters that hide or reorder text
    /// (also in comments), files of Git LFS or of encryption tools, conflict markers of a merge.
    static func check(
        _ bytes: [UInt8], file: String, into diagnostics: inout [Diagnostic]
    ) -> String? {
        let start = SourceLocation(file: file)
        guard bytes.count <= maximumBytes else {
            let message = "the file has \(bytes.count) bytes, at most \(maximumBytes) are allowed"
            diagnostics.append(Diagnostic(code: "E-LIMIT", at: start, message))
            return nil
        }
        if let foreign = foreignContent(bytes) {
            diagnostics.append(Diagnostic(code: foreign.code, at: start, foreign.message))
            return nil
        }
        let found = diagnostics.count
        let text = scan(bytes, file: file, into: &diagnostics)
        guard let text, diagnostics.count == found else { return nil }
        checkLines(bytes, file: file, into: &diagnostics)
        return diagnostics.count == found ? text : nil
    }

    /// Files that another tool must turn into text first.
    private static func foreignContent(_ bytes: [UInt8]) -> (code: String, message: String)? {
        let head = bytes.prefix(64)
        if head.starts(with: "\0GITCRYPT\0".utf8) {
            return ("E-ENCRYPTED", "the file is encrypted by git-crypt; fatesync cannot read it")
        }
        if head.starts(with: "age-encryption.org/v1".utf8)
            || head.starts(with: "-----BEGIN AGE ENCRYPTED FILE-----".utf8)
        {
            return ("E-ENCRYPTED", "the file is encrypted by age; fatesync cannot read it here")
        }
        if head.starts(with: "$ANSIBLE_VAULT;".utf8) {
            return ("E-ENCRYPTED", "the file is encrypted by ansible-vault; fatesync cannot read it")
        }
        if head.starts(with: "version https://git-lfs.github.com/spec/".utf8) {
            return ("E-LFS", "this is a Git LFS pointer, not the file; store the file in git itself")
        }
        return nil
    }

    /// Decodes the bytes and reports the first byte or character that may not be there.
    private static func scan(
        _ bytes: [UInt8], file: String, into diagnostics: inout [Diagnostic]
    ) -> String? {
        // Nearly every file is plain ASCII, in which nothing can hide.
        if bytes.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x0A || $0 == 0x09 }) {
            return String(decoding: bytes, as: UTF8.self)
        }
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var place = (line: 1, column: 1, offset: 0)
        var previous: Unicode.Scalar?
        while true {
            guard case .valid(let encoded) = parser.parseScalar(from: &iterator) else { break }
            let scalar = Unicode.UTF8.decode(encoded)
            let isLoneReturn = previous == "\r" && scalar != "\n"
            if isLoneReturn || isForbidden(scalar) {
                let reported = isLoneReturn ? "\r" : scalar
                let column = isLoneReturn ? place.column - 1 : place.column
                if reported == "\0", looksLikeUTF16(bytes) { break }
                let at = SourceLocation(file: file, line: place.line, column: column)
                diagnostics.append(Diagnostic(code: "E-CHAR", at: at, forbidden(reported)))
                return nil
            }
            place.offset += encoded.count
            place =
                scalar == "\n"
                ? (place.line + 1, 1, place.offset) : (place.line, place.column + 1, place.offset)
            previous = scalar
        }
        if place.offset == bytes.count, previous != "\r" { return String(decoding: bytes, as: UTF8.self) }
        let at = SourceLocation(file: file, line: place.line, column: place.column)
        if place.offset == bytes.count {
            diagnostics.append(Diagnostic(code: "E-CHAR", at: at, forbidden("\r")))
        } else {
            diagnostics.append(Diagnostic(code: "E-UTF8", at: at, undecodable(bytes, at: place.offset)))
        }
        return nil
    }

    private static func undecodable(_ bytes: [UInt8], at offset: Int) -> String {
        if looksLikeUTF16(bytes) {
            return "the file is not UTF-8, it looks like UTF-16; save it as UTF-8"
        }
        let byte = String(bytes[offset], radix: 16, uppercase: true)
        let padded = byte.utf8.count < 2 ? "0" + byte : byte
        return "the file is not UTF-8: byte 0x\(padded) at offset \(offset)"
    }

    private static func looksLikeUTF16(_ bytes: [UInt8]) -> Bool {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return true }
        let head = bytes.prefix(64)
        let zeros = head.indices.filter { head[$0] == 0 }
        return head.count >= 4 && zeros.count * 5 >= head.count * 2
            && (zeros.allSatisfy { $0 % 2 == 0 } || zeros.allSatisfy { $0 % 2 == 1 })
    }

    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isUnsafeToPrint && scalar != "\n" && scalar != "\r" && scalar != "\t"
    }

    private static func forbidden(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\r": "carriage return without a line feed (\(scalar.codePoint)); end lines with a line feed"
        case "\u{FEFF}": "byte order mark (\(scalar.codePoint)); save the file without it"
        default: "character \(scalar.codePoint) is not allowed, not even in comments"
        }
    }

    /// Reports what a merge or sops left in the file.
    private static func checkLines(_ bytes: [UInt8], file: String, into diagnostics: inout [Diagnostic]) {
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let at = SourceLocation(file: file, line: number)
            if line.starts(with: "<<<<<<< ".utf8) || line.starts(with: ">>>>>>> ".utf8) {
                let message = "conflict marker of an unfinished merge; choose one side and remove the markers"
                return diagnostics.append(Diagnostic(code: "E-CONFLICT", at: at, message))
            }
            if line.contains(UInt8(ascii: "[")),
                String(decoding: line, as: UTF8.self).contains("ENC[AES256_GCM,")
            {
                let message = "the file is encrypted by sops; fatesync cannot read it"
                return diagnostics.append(Diagnostic(code: "E-ENCRYPTED", at: at, message))
            }
        }
    }
}

extension Unicode.Scalar {
    /// The scalar as `U+202E`.
    var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}

extension String {
    /// The text in quotes for a message, cut at 120 characters.
    var inQuotes: String {
        unicodeScalars.count <= 120 ? "\"\(self)\"" : "\"\(String(unicodeScalars.prefix(120)))...\""
    }
}
