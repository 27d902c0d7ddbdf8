/// A value with the place it was read from.
struct Located<Value: Sendable & Equatable>: Sendable, Equatable {
    var value: Value
    var location: SourceLocation

    init(_ value: Value, at location: SourceLocation) {
        self.value = value
        self.location = location
    }
}

extension SourceLocation {
    /// This place as a reader of `other` looks it up: a line, with the file if it is another one.
    func mention(from other: SourceLocation) -> String {
        file == other.file ? "line \(line)" : "\(file):\(line)"
    }
}
