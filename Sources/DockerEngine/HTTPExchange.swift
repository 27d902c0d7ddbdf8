/// One request as it goes out, with what its answer may cost.
struct HTTPRequest {
    /// What the call does, for errors: "start container 1a2b".
    var operation: String
    var method: String
    /// With the version prefix and the query, percent-encoded.
    var path: String
    var body: [UInt8] = []
    /// Complete header lines beyond those that every request has.
    var headers: [String] = []
    var limits: RequestLimits
    /// Takes the body of a 200 answer piece by piece; without it the body is collected.
    var consumer: ((UnsafeRawBufferPointer) throws(DockerError) -> Void)?

    /// Whether the request may change something in the engine.
    var isMutation: Bool { method != "GET" && method != "HEAD" }
}

/// How long and how large an answer may be.
struct RequestLimits {
    enum Clock {
        /// The whole exchange counts.
        case total
        /// Only the time since the last byte counts.
        case sinceLastByte
    }

    var deadline: Duration
    var clock = Clock.total
    /// Whether the engine takes its time by design, so that quick calls must not queue behind it.
    var isSlow = false
}

/// A whole answer.
struct HTTPAnswer {
    var status: Int
    var body: [UInt8]
    /// The `Server` header, such as `Docker/20.10.24 (linux)`.
    var server: String?
    /// The `Api-Version` header: the newest version that the engine speaks.
    var apiVersion: String?
}
