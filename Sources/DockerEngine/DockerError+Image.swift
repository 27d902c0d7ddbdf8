extension DockerError {
    /// Whether a registry said that there is no such image, or none for who asks.
    ///
    /// The engine answers 404 to that, or 500 with nothing but the registry's own code. It answers 404 and 500 to
    /// much else, so only words that are known count: a new wording is taken for trouble that passes.
    public var saysImageIsMissing: Bool {
        let text = reason.lowercased()
        if ["manifest unknown", "name unknown", "denied"].contains(text) { return true }
        if text.hasPrefix("no matching manifest for") { return true }
        return status == 404
            && ["manifest unknown", "name unknown", "not found", "does not exist"].contains(
                where: text.contains)
    }
}
