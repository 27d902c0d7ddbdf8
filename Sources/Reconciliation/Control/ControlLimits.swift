/// How much the watcher puts up with from the clients of its control socket.
struct ControlLimits: Sendable {
    /// Bytes of a request, its line break included.
    var requestBytes = 64 << 10
    /// Time for a request to arrive after the connection was made.
    var requestTime: Duration = .seconds(5)
    /// Time in which a client has to read something of what waits for it.
    var silence: Duration = .seconds(10)
    /// Bytes that wait for a client; a single message may be longer.
    var outputBytes = 1 << 20
    var connections = 32
    /// Connections of one user, so that nobody takes all of them.
    var connectionsPerUser = 16
    /// Time that one connection may last.
    var duration: Duration = .seconds(3600)
}
