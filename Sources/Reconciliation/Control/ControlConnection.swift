import FoundationEssentials
import Glibc

/// One client of the control socket: what has come from it and what waits for it.
///
/// Nothing here blocks.
struct ControlConnection {
    typealias Instant = ContinuousClock.Instant

    let descriptor: Int32
    let peer: ControlPeer
    private let limits: ControlLimits
    private let opened: Instant
    private var input: [UInt8] = []
    private var output: [UInt8] = []
    /// When the client last read something, or had nothing to read.
    private var progressed: Instant
    /// What it wants, once it has said so.
    private(set) var command: ControlCommand?
    /// Whether it hears of the pass that is under way.
    var isFollowing = false
    /// Whether the connection ends when the client has read everything.
    private(set) var isEnding = false
    /// Whether nobody is there any more, or nobody who behaves.
    private(set) var isLost = false

    init(_ descriptor: Int32, _ peer: ControlPeer, _ limits: ControlLimits, now: Instant) {
        self.descriptor = descriptor
        self.peer = peer
        self.limits = limits
        opened = now
        progressed = now
    }

    var isDone: Bool { isLost || (isEnding && output.isEmpty) }

    /// What to wait for; after its request a client has nothing to say, so more of it stays in the kernel.
    var interest: Int16 {
        let reading = command == nil && !isEnding ? Int16(POLLIN) : 0
        return output.isEmpty ? reading : reading | Int16(POLLOUT)
    }

    /// The time at which `expire` has something to do.
    var deadline: Instant {
        var deadline = opened + (command == nil ? limits.requestTime : limits.duration)
        if !output.isEmpty { deadline = min(deadline, progressed + limits.silence) }
        return deadline
    }

    /// Takes what has come; answers the request when it is complete.
    mutating func receive(now: Instant) -> Result<ControlCommand, ControlRefusal>? {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return nil }
            guard count > 0 else {
                isLost = true
                return nil
            }
            input += buffer[..<count]
            if let end = input.firstIndex(of: 0x0A), end < limits.requestBytes { return parse(input[..<end]) }
            guard input.count < limits.requestBytes else {
                return .failure(
                    ControlRefusal("a request is one line of at most \(limits.requestBytes) bytes"))
            }
        }
    }

    private mutating func parse(_ line: ArraySlice<UInt8>) -> Result<ControlCommand, ControlRefusal> {
        input = []
        guard let request = try? JSONDecoder().decode(ControlRequest.self, from: Data(line)) else {
            return .failure(
                ControlRefusal("a request is one line such as {\"version\":1,\"command\":\"sync\"}"))
        }
        do throws(ControlRefusal) {
            let command = try ControlCommand(request)
            self.command = command
            return .success(command)
        } catch {
            return .failure(error)
        }
    }

    /// Lets a message wait for the client, unless it does not read what waits already.
    mutating func send(_ line: [UInt8], isDroppable: Bool = false, now: Instant) {
        guard !isLost, !isEnding else { return }
        if output.isEmpty { progressed = now }
        if isDroppable, output.count > limits.outputBytes / 16 { return }
        guard output.isEmpty || output.count + line.count <= limits.outputBytes else {
            isLost = true
            return
        }
        output += line
    }

    /// Sends a last message.
    mutating func end(_ line: [UInt8] = [], now: Instant) {
        send(line, now: now)
        isEnding = true
    }

    /// Gives the client as much as it takes.
    mutating func flush(now: Instant) {
        while !output.isEmpty {
            let count = output.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            guard count > 0 else {
                isLost = true
                return
            }
            output.removeFirst(count)
            progressed = now
        }
    }

    /// Notes that the other end is closed.
    mutating func lose() { isLost = true }

    /// Ends what has taken too long.
    mutating func expire(now: Instant) {
        guard now >= deadline else { return }
        if command == nil || isEnding || (!output.isEmpty && now >= progressed + limits.silence) {
            isLost = true
        } else {
            end(ControlMessage(refusal: "the watcher ends connections that last so long").line, now: now)
            // The client has as long for this message as for every other.
            isLost = output.isEmpty
        }
    }
}
