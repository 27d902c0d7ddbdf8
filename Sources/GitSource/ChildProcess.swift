internal import Glibc

/// A process in a session of its own, with three pipes, talked to for a limited time.
struct ChildProcess {
    enum Ending {
        case ended(output: [UInt8], errors: [UInt8], status: Int32)
        case timedOut
        case cancelled
    }

    private let id: pid_t
    private let input: CInt
    private let output: CInt
    private let errors: CInt

    /// Starts the process. `posix_spawn` shares memory with the child until it executes, so this costs the same
    /// however large the watcher has grown.
    init(executable: String, arguments: [String], environment: [String], operation: String) throws(GitError) {
        var pipes: [Pipe] = []
        for _ in 0..<3 {
            guard let pipe = Pipe() else {
                let reason = "pipe: \(String(cString: strerror(errno)))"
                for pipe in pipes { pipe.close() }
                throw GitError(.other, operation, reason)
            }
            pipes.append(pipe)
        }
        var child = pid_t()
        let result = Self.spawn(
            &child, executable, arguments, environment,
            standard: [pipes[0].readEnd, pipes[1].writeEnd, pipes[2].writeEnd])
        close(pipes[0].readEnd)
        close(pipes[1].writeEnd)
        close(pipes[2].writeEnd)
        (input, output, errors) = (pipes[0].writeEnd, pipes[1].readEnd, pipes[2].readEnd)
        id = child
        guard result == 0 else {
            closePipes()
            throw GitError(.other, operation, "cannot start \(executable): \(String(cString: strerror(result)))")
        }
    }

    /// Sends `bytes`, collects what the process prints, and waits for its end; kills it and all it started when the
    /// time is up, when cancelled, or when it prints too much.
    func converse(input bytes: [UInt8], seconds: Int, cancellation: CancellationSignal) -> Ending {
        let deadline = ContinuousClock.now + .seconds(seconds)
        // An empty pipe holds 64 KiB, more than a request has; if the process is gone already, reading tells.
        _ = bytes.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
        close(input)
        var collected = Collected()
        let interruption = collect(&collected, until: deadline, cancellation)
        var status: Int32 = 0
        if interruption != nil || !reap(&status, until: deadline) {
            kill(-id, SIGKILL)
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
        }
        // Whatever the process started shares its session and must not outlive it.
        kill(-id, SIGKILL)
        close(output)
        close(errors)
        return interruption ?? .ended(output: collected.output, errors: collected.errors, status: status)
    }

    private func closePipes() {
        for descriptor in [input, output, errors] { close(descriptor) }
    }
}

extension ChildProcess {
    private struct Collected {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        var size: Int { output.count + errors.count }
    }

    /// Reads until the process has closed its output; nil then, or what interrupted the reading.
    private func collect(
        _ collected: inout Collected, until deadline: ContinuousClock.Instant, _ cancellation: CancellationSignal
    ) -> Ending? {
        var waiting = [output, errors, cancellation.descriptor].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var buffer = [UInt8](repeating: 0, count: 8192)
        while waiting[0].fd >= 0 || waiting[1].fd >= 0 {
            let left = deadline - .now
            guard left > .zero else { return .timedOut }
            guard poll(&waiting, nfds_t(waiting.count), left.pollMilliseconds) >= 0 || errno == EINTR else {
                preconditionFailure("poll refused three open descriptors: errno \(errno)")
            }
            if waiting[2].revents != 0 { return .cancelled }
            for index in 0..<2 where waiting[index].fd >= 0 && waiting[index].revents != 0 {
                let count = read(waiting[index].fd, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                // poll ignores negative descriptors.
                guard count > 0, collected.size < Limits.messageBytes else {
                    waiting[index].fd = -1
                    continue
                }
                if index == 0 { collected.output += buffer[..<count] } else { collected.errors += buffer[..<count] }
            }
        }
        return nil
    }

    /// Waits for the process, which has closed its output and is about to end.
    private func reap(_ status: inout Int32, until deadline: ContinuousClock.Instant) -> Bool {
        while true {
            let result = waitpid(id, &status, WNOHANG)
            if result == id { return true }
            guard result == 0 || errno == EINTR, ContinuousClock.now < deadline else { return false }
            poll(nil, 0, 1)
        }
    }
}

extension ChildProcess {
    private struct Pipe {
        let readEnd: CInt
        let writeEnd: CInt

        init?() {
            var ends: [CInt] = [-1, -1]
            guard pipe2(&ends, O_CLOEXEC) == 0 else { return nil }
            (readEnd, writeEnd) = (ends[0], ends[1])
        }

        func close() {
            Glibc.close(readEnd)
            Glibc.close(writeEnd)
        }
    }

    /// Calls `posix_spawn` with `standard` as descriptors 0, 1 and 2, every other one closed, default signals.
    private static func spawn(
        _ child: inout pid_t, _ executable: String, _ arguments: [String], _ environment: [String], standard: [CInt]
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Copies above the standard descriptors first: a source may itself be 0, 1 or 2 if the parent closed those.
        for (offset, descriptor) in standard.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, 100 + CInt(offset))
        }
        for offset in 0..<CInt(standard.count) {
            posix_spawn_file_actions_adddup2(&actions, 100 + offset, offset)
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        let flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var words = arguments.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for copy in words + variables { free(copy) } }
        return posix_spawn(&child, executable, &actions, &attributes, &words, &variables)
    }
}

extension Duration {
    /// Rounded up, so that waiting that long is long enough.
    fileprivate var pollMilliseconds: CInt {
        let (seconds, attoseconds) = components
        return CInt(clamping: seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
