import FoundationEssentials
import Glibc

/// A request to a running watcher, and its answers.
public final class ControlClient {
    private let descriptor: Int32
    private let path: String
    private var input: [UInt8] = []
    /// A plan of many steps is the longest line.
    private static let longestLine = 32 << 20

    /// Connects to a watcher and sends it a request.
    public init(at path: String, _ request: ControlRequest) throws(ControlError) {
        guard let descriptor = UnixSocket.connect(to: path) else { throw ControlError(connecting: path) }
        self.descriptor = descriptor
        self.path = path
        // Text and names only, which always encode.
        let line = ((try? JSONEncoder().encode(request)).map { Array($0) } ?? []) + [0x0A]
        let count = line.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count == line.count else {
            throw ControlError(.lost, "ask the watcher at \(path)", "it hangs up")
        }
    }

    deinit { close(descriptor) }

    /// The next answer; `nil` when none comes before the deadline.
    ///
    /// - Throws: `ControlError`, code `.lost` when the watcher hangs up, `.refused` with its reason.
    public func next(
        before deadline: ContinuousClock.Instant? = nil
    ) throws(ControlError) -> ControlMessage? {
        while true {
            if let end = input.firstIndex(of: 0x0A) {
                let line = Array(input[..<end])
                input.removeFirst(end + 1)
                return try message(line)
            }
            guard try wait(until: deadline) else { return nil }
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0, input.count < Self.longestLine else {
                throw ControlError(
                    .lost, "follow the watcher at \(path)", "it has hung up; see `fatesync status`")
            }
            input += buffer[..<count]
        }
    }

    private func message(_ line: [UInt8]) throws(ControlError) -> ControlMessage {
        guard let message = try? ControlMessage(line: line) else {
            throw ControlError(
                .lost, "follow the watcher at \(path)",
                "its answer cannot be read; use the same fatesync on both sides")
        }
        if message.event == .refused {
            throw ControlError(.refused, "ask the watcher at \(path)", message.text ?? "it gives no reason")
        }
        return message
    }

    /// Whether something has come before the deadline.
    private func wait(until deadline: ContinuousClock.Instant?) throws(ControlError) -> Bool {
        while true {
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            var milliseconds: Int32 = -1
            if let deadline {
                let left = ContinuousClock.now.duration(to: deadline)
                guard left > .zero else { return false }
                milliseconds = Int32(clamping: left.milliseconds + 1)
            }
            let count = poll(&polled, 1, milliseconds)
            if count > 0 { return true }
            guard count == 0 || errno == EINTR else {
                throw ControlError(
                    .lost, "follow the watcher at \(path)", String(cString: strerror(errno)))
            }
        }
    }
}

/// Why a watcher could not be asked.
public struct ControlError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Code: Sendable {
        /// No watcher listens there.
        case absent
        /// This user may not connect.
        case forbidden
        /// The watcher does not do what it was asked for.
        case refused
        /// The connection ended, or cannot be understood.
        case lost
    }

    public let code: Code
    public let operation: String
    public let reason: String

    init(_ code: Code, _ operation: String, _ reason: String) {
        self.code = code
        self.operation = operation
        self.reason = reason
    }

    /// Takes the reason from `errno`.
    fileprivate init(connecting path: String) {
        let number = errno
        operation = "ask the watcher at \(path)"
        switch number {
        case ENOENT, ECONNREFUSED, ENOTDIR:
            code = .absent
            reason = "no watcher listens there"
        case EACCES, EPERM:
            code = .forbidden
            reason = "only root and the group of the repository may"
        default:
            code = .lost
            reason = String(cString: strerror(number))
        }
    }

    public var description: String { "cannot \(operation): \(reason)" }
}
