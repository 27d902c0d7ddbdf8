/// Cuts a stream of bytes into lines of a bounded length.
struct LineSplitter {
    private let limit: Int
    private let operation: String
    private var rest: [UInt8] = []

    init(limit: Int, operation: String) {
        self.limit = limit
        self.operation = operation
    }

    /// The lines that are whole with these bytes; empty ones are left out.
    mutating func split(_ bytes: UnsafeRawBufferPointer) throws(DockerError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if let line = takeRest() { lines.append(line) }
            } else {
                guard rest.count < limit else {
                    throw DockerError(.undecodable, operation, "a line is longer than \(limit) bytes")
                }
                rest.append(byte)
            }
        }
        return lines
    }

    /// The bytes behind the last end of line, without carriage returns; `nil` when there are none.
    mutating func takeRest() -> [UInt8]? {
        defer { rest.removeAll(keepingCapacity: true) }
        if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        return rest.isEmpty ? nil : rest
    }
}
