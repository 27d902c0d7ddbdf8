internal import Glibc

/// A file that the operator keeps for fatesync: a token, a key, a list of host keys.
struct CredentialFile {
    private let path: String
    private let content: String

    init(_ path: String, holding content: String) {
        self.path = path
        self.content = content
    }

    /// Checks that the file is there and hidden from other users.
    func check() throws(GitError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure(String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure("it is not a file") }
        guard status.st_mode & 0o007 == 0 else {
            throw failure("every user may read it; run: chmod 600 \(path)")
        }
    }

    /// The one line of a file that holds a secret.
    func line() throws(GitError) -> String {
        try check()
        let text = try text()
        let line = text.trimmingLineEnd
        guard !line.isEmpty else { throw failure("it is empty") }
        guard line.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 0x20 && $0.value < 0x7F }) else {
            throw failure("it must hold one line of printable ASCII without spaces")
        }
        return line
    }

    /// The whole file.
    func text() throws(GitError) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard file >= 0 else { throw failure(String(cString: strerror(errno))) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8192)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(String(cString: strerror(errno))) }
            guard count > 0 else { break }
            bytes += buffer[..<count]
            guard bytes.count <= Limits.credentialBytes else { throw failure("it is too large") }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("it is not UTF-8") }
        return text
    }

    private func failure(_ reason: String) -> GitError {
        GitError(.invalid, "read the \(content) file \(path)", reason)
    }
}

extension String {
    fileprivate var trimmingLineEnd: String {
        var text = Substring(self)
        while let last = text.unicodeScalars.last, last == "\n" || last == "\r" {
            text.unicodeScalars.removeLast()
        }
        return String(text)
    }
}
