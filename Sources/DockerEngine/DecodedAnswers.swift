/// What answers were decoded to, and from which bytes: where the engine says the same again, nothing is decoded.
///
/// Decoding takes a third of a pass that finds nothing to do.
struct DecodedAnswers {
    /// One kind of answer, by what was asked for.
    struct Kind<Value: Decodable> {
        private var entries: [String: (body: [UInt8], value: Value)] = [:]

        /// What the bytes say.
        func value(
            _ name: String, from body: [UInt8], _ operation: String
        ) throws(DockerError) -> Value {
            if let entry = entries[name], entry.body == body { return entry.value }
            return try decodeJSON(body, operation)
        }

        mutating func remember(_ name: String, _ body: [UInt8], _ value: Value) {
            entries[name] = (body, value)
        }
    }

    var containers = Kind<WireContainer>()
    var images = Kind<WireImage>()
}
