/// `GET /exec/{id}/json`.
struct WireExec: Decodable {
    var isRunning: Bool
    /// `null` until the command has ended.
    var exitCode: Int?

    enum CodingKeys: String, CodingKey {
        case isRunning = "Running"
        case exitCode = "ExitCode"
    }
}

/// One line of `GET /containers/{id}/changes`.
struct WireChange: Decodable {
    var path: String

    enum CodingKeys: String, CodingKey {
        case path = "Path"
    }
}
