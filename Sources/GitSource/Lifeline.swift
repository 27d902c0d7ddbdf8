internal import Glibc

/// The pipe that carries the request, and whose end tells the fetch process that its parent is gone.
///
/// The request is in the pipe before the process starts, so a process that dies early raises no SIGPIPE here. The
/// kernel's own signal for a dead parent is of no use: it comes when the *thread* that started the process ends, and
/// threads of Swift's pool come and go.
struct Lifeline {
    /// For the process; closed by whoever starts it.
    let readEnd: CInt
    private let writeEnd: CInt

    init(_ request: [UInt8], _ operation: String) throws(GitError) {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw GitError(.other, operation, "pipe: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (readEnd, writeEnd) = (ends[0], ends[1])
        _ = fcntl(writeEnd, F_SETFL, O_NONBLOCK)
        let line = request + [UInt8(ascii: "\n")]
        guard write(writeEnd, line, line.count) == line.count else {
            Glibc.close(readEnd)
            close()
            throw GitError(
                .invalid, operation, "the request has \(line.count) bytes and does not fit into a pipe")
        }
    }

    /// Lets go of the process: it ends if it is still there.
    func close() {
        Glibc.close(writeEnd)
    }

    /// In the fetch process: ends it as soon as nobody holds the other end of standard input.
    static func endWithParent() {
        var thread = pthread_t()
        let result = pthread_create(
            &thread, nil,
            { _ in
                var byte: UInt8 = 0
                while read(STDIN_FILENO, &byte, 1) != 0 {}
                _exit(1)
            }, nil)
        precondition(result == 0, "the first thread of a process can always be had")
        pthread_detach(thread)
    }
}
