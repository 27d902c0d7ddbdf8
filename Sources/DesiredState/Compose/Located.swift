/// A value with the place it was read from.
struct Located<Value: Sendable & Equatable>: Sendable, Equatable {
    var value: Value
    var location: SourceLocation

    init(_ value: Value, at location: SourceLocation) {
        self.value = value
        self.location = location
    }
}
