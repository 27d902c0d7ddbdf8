/// Warnings of images that are other ones on another day: one for each, where it is used first.
struct FloatingImages {
    private(set) var diagnostics: [Diagnostic] = []

    init(_ services: [ComposeService]) {
        var seen: Set<String> = []
        for service in services {
            guard let warning = service.imageWarning, seen.insert(service.image.value).inserted else {
                continue
            }
            diagnostics.append(
                Diagnostic(.warning, code: "W-IMAGE", at: service.image.location, warning))
        }
    }
}

extension ImageName {
    /// Why the tag may be another image on another day; `nil` for the tag of one version.
    ///
    /// A version has three numbers (`8.0.28`, `v1.5.1-release`); a commit or a date is one, too.
    static func warning(_ text: String, tag: Substring?) -> String? {
        guard let tag else {
            return "the image \(text) has no tag, so it is whatever \"latest\" is on the day; write a tag"
        }
        if tag == "latest" {
            return "the image \(text) is a different one on another day; write the tag of a version"
        }
        guard !isVersion(tag) else { return nil }
        return
            "the tag of the image \(text) is no full version, so it is a different image on another day; "
            + "write one such as 8.0.28, or a digest"
    }

    private static func isVersion(_ tag: Substring) -> Bool {
        let digits = tag.first == "v" ? tag.dropFirst() : tag
        let words = digits.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        let isNumbered =
            words.count == 3 && words[0].isDigits && words[1].isDigits && words[2].first?.isNumber == true
        if isNumbered, words.prefix(2).allSatisfy({ !$0.isEmpty }) { return true }
        // A commit, or a date without dashes or with them.
        let name = tag.filter { $0 != "-" }
        return name.utf8.count >= 7 && name.utf8.contains { (0x30...0x39).contains($0) }
            && name.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    }
}
