import DesiredState

/// Hides secrets in what a plan shows.
struct SecretMask {
    static let text = "(secret)"
    private let secrets: [String]

    /// - Parameter secrets: Their values. Texts are shown line by line, so each line of a value is hidden.
    init(_ secrets: Set<String>) {
        let lines = secrets.flatMap { $0.split(whereSeparator: \.isNewline).map(String.init) }
        self.secrets = Set(lines).sorted()
    }

    func hides(_ text: String) -> Bool { secrets.contains { text.contains($0) } }

    /// The change without its values when one of them holds a secret.
    func masking(_ change: FieldChange) -> FieldChange {
        guard hides(change.old) || hides(change.new) else { return change }
        return FieldChange(change.field, Self.text, Self.text)
    }
}
