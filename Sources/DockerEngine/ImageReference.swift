/// The parts of an image reference that the engine's API wants apart.
struct ImageReference {
    /// Registry and repository, as written.
    let name: String
    let tag: String?
    let digest: String?

    init(_ reference: String) {
        let halves = reference.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        digest = halves.count == 2 ? String(halves[1]) : nil
        let tagged = halves[0]
        // A colon before the last slash belongs to the registry's port.
        let lastPart = tagged.split(separator: "/", omittingEmptySubsequences: false).last ?? tagged
        if let colon = lastPart.lastIndex(of: ":") {
            name = String(tagged[..<colon])
            tag = String(tagged[tagged.index(after: colon)...])
        } else {
            name = String(tagged)
            tag = nil
        }
    }

    /// Without a tag or digest the engine may pull every tag of the repository.
    var pullQuery: String {
        if let digest { return "fromImage=\("\(name)@\(digest)".percentEncoded)" }
        return "fromImage=\(name.percentEncoded)&tag=\((tag ?? "latest").percentEncoded)"
    }

    /// The key of the registry in a Docker config file.
    var registry: String {
        let first =
            name.split(separator: "/", omittingEmptySubsequences: false).first.map(String.init) ?? name
        let isHost =
            name.contains("/") && (first.contains(".") || first.contains(":") || first == "localhost")
        return isHost ? first : "docker.io"
    }
}
