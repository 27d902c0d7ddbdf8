import CLinux
import GitSource
import Glibc
import Synchronization

/// The watcher's control socket: takes requests from other programs of this host, and tells them what happens.
///
/// A thread of its own does all of the talking and never blocks on a client. The loop only leaves messages, so a
/// client that is silent, slow, gone or hostile costs it nothing.
public final class ControlServer: Sendable {
    private typealias Instant = ContinuousClock.Instant

    fileprivate struct State {
        var connections: [Int: ControlConnection] = [:]
        var next = 0
        var isStopping = false
    }

    private let triggers: TriggerQueue
    private let limits: ControlLimits
    private let greeting: ControlMessage
    private let state = Mutex(State())
    /// Reading and writing end of a pipe that wakes the thread.
    private let waker: (read: Int32, write: Int32)
    private let listener: ControlListener

    /// Listens; `run` then serves.
    ///
    /// - Parameters:
    ///   - path: The socket. A link to it is made in the state directory when it lies elsewhere.
    ///   - triggers: Where passes are asked for.
    /// - Throws: `HostFileError` when the path cannot be used.
    public convenience init(
        at path: String, _ configuration: WatcherConfiguration, triggers: TriggerQueue
    ) throws(HostFileError) {
        try self.init(at: path, configuration, triggers: triggers, limits: ControlLimits())
    }

    init(
        at path: String, _ configuration: WatcherConfiguration, triggers: TriggerQueue, limits: ControlLimits
    ) throws(HostFileError) {
        self.triggers = triggers
        self.limits = limits
        var greeting = ControlMessage(.accepted)
        greeting.watcher = getpid()
        greeting.repository = configuration.repository.description
        greeting.branch = configuration.branch
        self.greeting = greeting
        listener = try ControlListener(
            at: path, link: configuration.stateDirectory.controlSocket, group: configuration.controlGroup)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw HostFileError("make a pipe") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        waker = (ends[0], ends[1])
    }

    deinit {
        for connection in state.withLock(\.connections).values { close(connection.descriptor) }
        close(waker.read)
        close(waker.write)
    }

    // MARK: The loop's side

    /// Lets these clients, and those that wait for a commit, hear of the pass that begins.
    func follow(_ calls: [ControlCall]) {
        state.withLock { state in
            for call in calls { state.connections[call.connection]?.isFollowing = true }
        }
    }

    /// Tells those who follow the pass what happens.
    public func report(_ event: ProgressEvent) {
        guard hasFollowers, let message = ControlMessage(event) else { return }
        let line = message.line
        let now = ContinuousClock.now
        state.withLock { state in
            for id in state.connections.keys where state.connections[id]?.isFollowing == true {
                state.connections[id]?.send(line, isDroppable: message.isDroppable, now: now)
            }
        }
        wake()
    }

    /// The commits that those who follow the pass want to hear about.
    var revisions: Set<String> {
        state.withLock { state in
            Set(state.connections.values.filter(\.isFollowing).compactMap { $0.command?.revision })
        }
    }

    /// The clients that are connected.
    var connectionCount: Int { state.withLock { $0.connections.count } }

    private var hasFollowers: Bool {
        state.withLock { $0.connections.values.contains(where: \.isFollowing) }
    }

    /// Tells those who follow how the pass has ended; who waits for a commit goes on until it has come.
    ///
    /// - Parameter contained: Whether the pass was one of the commit or a descendant, by commit.
    func finish(_ outcome: PassOutcome, contained: [String: Bool]) {
        guard hasFollowers else { return }
        var message = ControlMessage(.outcome)
        message.outcome = PassDocument(outcome)
        let now = ContinuousClock.now
        state.withLock { state in
            for (id, connection) in state.connections where connection.isFollowing {
                message.contains = connection.command?.revision.flatMap { contained[$0] }
                state.connections[id]?.send(message.line, now: now)
                if case .wait? = connection.command, message.contains != true { continue }
                state.connections[id]?.end(now: now)
            }
        }
        wake()
    }

    // MARK: The thread's side

    /// Serves clients until `stop`.
    func run() {
        var refusesUntil: Instant?
        while true {
            let now = ContinuousClock.now
            if let end = refusesUntil, end <= now { refusesUntil = nil }
            let (ids, deadline) = state.withLock { ($0.connections.keys.sorted(), $0.earliestDeadline) }
            var descriptors = [
                pollfd(fd: waker.read, events: Int16(POLLIN), revents: 0),
                // A negative descriptor is passed over.
                pollfd(
                    fd: refusesUntil == nil ? listener.descriptor : -1, events: Int16(POLLIN), revents: 0),
            ]
            descriptors += state.withLock { state in
                ids.map { id in
                    let connection = state.connections[id]
                    return pollfd(
                        fd: connection?.descriptor ?? -1, events: connection?.interest ?? 0, revents: 0)
                }
            }
            let wait = [deadline, refusesUntil].compactMap(\.self).min().map { now.duration(to: $0) }
            let count = poll(&descriptors, nfds_t(descriptors.count), Self.milliseconds(wait))
            if count < 0, errno != EINTR { return }
            var discarded = [UInt8](repeating: 0, count: 256)
            while read(waker.read, &discarded, discarded.count) > 0 {}
            if state.withLock(\.isStopping) { return farewell() }
            // When no descriptor is left for a client, one more look at once would find the same.
            if descriptors[1].revents != 0, !accept() { refusesUntil = ContinuousClock.now + .seconds(1) }
            for (id, descriptor) in zip(ids, descriptors.dropFirst(2)) { serve(id, descriptor.revents) }
        }
    }

    /// Ends `run` and says so to every client.
    func stop() {
        state.withLock { $0.isStopping = true }
        wake()
    }

    private func wake() { _ = write(waker.write, [1], 1) }

    private static func milliseconds(_ wait: Duration?) -> Int32 {
        guard let wait else { return -1 }
        // Rounded up, so that what is waited for is over then.
        return Int32(clamping: max(0, wait.milliseconds + 1))
    }

    private func farewell() {
        let line = ControlMessage(refusal: "the watcher ends; the next one goes on").line
        let now = ContinuousClock.now
        state.withLock { state in
            for id in state.connections.keys {
                state.connections[id]?.end(line, now: now)
                state.connections[id]?.flush(now: now)
            }
            state.removeAll { _ in true }
        }
    }

    /// Takes clients that wait; false when the system has no descriptor for one.
    private func accept() -> Bool {
        // Not all of them at once: who connects faster than this must not keep the others waiting.
        for _ in 0..<limits.connections {
            let descriptor = clinux_accept(listener.descriptor)
            guard descriptor >= 0 else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return errno == EAGAIN
            }
            guard let peer = UnixSocket.peer(of: descriptor) else {
                close(descriptor)
                continue
            }
            admit(descriptor, peer)
        }
        return true
    }

    private func admit(_ descriptor: Int32, _ peer: UnixSocket.Peer) {
        let (all, own) = state.withLock { state in
            (state.connections.count, state.connections.values.count { $0.peer.uid == peer.user })
        }
        let now = ContinuousClock.now
        let isAdmitted = all < limits.connections && own < limits.connectionsPerUser
        // The name may take a while to find, so it is looked up for those who stay, and without the lock.
        let user = isAdmitted ? UserName.of(peer.user) : "\(peer.user)"
        var connection = ControlConnection(
            descriptor, ControlPeer(process: peer.process, uid: peer.user, user: user), limits, now: now)
        guard isAdmitted else {
            connection.end(
                ControlMessage(refusal: "too many clients are connected; try again later").line, now: now)
            connection.flush(now: now)
            close(descriptor)
            return
        }
        state.withLock { state in
            state.connections[state.next] = connection
            state.next += 1
        }
    }

    private func serve(_ id: Int, _ events: Int16) {
        let now = ContinuousClock.now
        let call = state.withLock { state -> ControlCall? in
            guard var connection = state.connections[id] else { return nil }
            var call: ControlCall?
            if events & Int16(POLLIN) != 0, connection.command == nil {
                switch connection.receive(now: now) {
                case .success(let command)?:
                    connection.send(greeting.line, now: now)
                    call = ControlCall(connection: id, command: command, peer: connection.peer)
                case .failure(let refusal)?:
                    connection.end(ControlMessage(refusal: refusal.description).line, now: now)
                case nil: break
                }
            }
            if events & Int16(POLLHUP | POLLERR) != 0 { connection.lose() }
            connection.flush(now: now)
            connection.expire(now: now)
            state.connections[id] = connection
            state.removeAll { $0.isDone }
            return call
        }
        if let call { triggers.raise(call.command.trigger, for: call) }
    }
}

extension ControlServer.State {
    fileprivate var earliestDeadline: ContinuousClock.Instant? { connections.values.map(\.deadline).min() }

    fileprivate mutating func removeAll(where isOver: (ControlConnection) -> Bool) {
        for (id, connection) in connections where isOver(connection) {
            close(connection.descriptor)
            connections[id] = nil
        }
    }
}
