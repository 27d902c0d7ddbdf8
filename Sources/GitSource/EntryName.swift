internal import DesiredState

/// The rule for names in the state repository: `[A-Za-z0-9][A-Za-z0-9._-]*`, at most 64 bytes.
///
/// Reviewers see these names in terminals and pages, and fatesync makes paths from them: so nothing in them may
/// hide, reorder, escape or look like something else.
enum EntryName {
    struct Violation: Equatable {
        let code: String
        let reason: String
    }

    /// What is wrong with the name, or nil.
    static func violation(_ bytes: [UInt8]) -> Violation? {
        guard let name = String(validating: bytes, as: UTF8.self) else { return refusal("is not UTF-8") }
        if name.isEmpty { return refusal("is empty") }
        if let scalar = name.unicodeScalars.first(where: { $0.isUnsafeToPrint }) {
            return refusal("contains the control character \(scalar.codePoint)")
        }
        if name == "." || name == ".." { return refusal("is reserved") }
        if name.contains("/") { return refusal("contains \"/\"") }
        if isGitFolder(name) { return refusal("is reserved for git") }
        if bytes.count > Limits.nameBytes {
            return Violation(
                code: "E-LIMIT", reason: "has \(bytes.count) bytes; at most \(Limits.nameBytes) are allowed")
        }
        if let scalar = name.unicodeScalars.first(where: { !isAllowed($0) }) {
            let shown = scalar.isASCII ? "\"\(scalar)\"" : scalar.codePoint
            return refusal("contains \(shown); use letters, digits, \".\", \"_\" and \"-\"")
        }
        if let first = name.first, ".-_".contains(first) {
            return refusal("must start with a letter or a digit")
        }
        return nil
    }

    /// Whether the entry is none of fatesync's business.
    ///
    /// That is what git and hosting services keep in a repository, and at the top the files of every project.
    static func isIgnored(_ bytes: [UInt8], atTop: Bool) -> Bool {
        let name = String(decoding: bytes, as: UTF8.self)
        if [".gitignore", ".gitattributes", ".gitkeep"].contains(name) { return true }
        guard atTop, violation(Array(bytes.drop { $0 == UInt8(ascii: ".") })) == nil else { return false }
        if name.hasPrefix(".") { return !name.hasPrefix("..") && !isGitFolder(name) }
        return name.hasPrefix("README") || name.hasPrefix("LICENSE")
    }

    /// The names under which some file system would find `.git`.
    private static func isGitFolder(_ name: String) -> Bool {
        [".git", "git~1", ".git ", ".git."].contains(name.lowercased())
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
        default: false
        }
    }

    private static func refusal(_ reason: String) -> Violation {
        Violation(code: "E-TREE-NAME", reason: reason)
    }
}

extension Unicode.Scalar {
    /// The usual notation, such as `U+000A`.
    fileprivate var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
