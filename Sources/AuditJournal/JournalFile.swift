internal import Glibc

/// An open file or directory, closed when its one owner lets go of it.
struct JournalFile: ~Copyable {
    let path: String
    private let descriptor: Int32

    /// Opens `path`; `O_CLOEXEC` and `O_NOFOLLOW` are always set.
    init(
        _ path: String, flags: Int32, mode: mode_t = 0, as code: JournalError.Code
    ) throws(JournalError) {
        self.path = path
        let result = Self.retrying { open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode) }
        guard result >= 0 else { throw JournalError(code, "open \(path)", errno: Glibc.errno) }
        descriptor = result
    }

    deinit { close(descriptor) }

    var size: Int {
        get throws(JournalError) { Int(try status.st_size) }
    }

    /// The permission bits.
    var mode: mode_t {
        get throws(JournalError) { try status.st_mode & 0o7777 }
    }

    private var status: stat {
        get throws(JournalError) {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else {
                throw JournalError(.unreadable, "read size and mode of \(path)", errno: Glibc.errno)
            }
            return status
        }
    }

    /// Reads into `buffer` from `offset`, and says how many bytes there were; fewer only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(JournalError) -> Int {
        var done = 0
        while done < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = Self.retrying {
                pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            }
            guard count >= 0 else { throw JournalError(.unreadable, "read \(path)", errno: Glibc.errno) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// The bytes from `offset`, at most `count`.
    func bytes(at offset: Int, count: Int) throws(JournalError) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: count)
        // Array's closure does not carry the error type.
        let outcome: Result<Int, JournalError> = result.withUnsafeMutableBytes { buffer in
            do throws(JournalError) {
                return .success(try read(into: buffer, at: offset))
            } catch {
                return .failure(error)
            }
        }
        result.removeLast(count - (try outcome.get()))
        return result
    }

    /// Writes all bytes at the end of a file opened with `O_APPEND`.
    ///
    /// After an error some of the bytes may be in the file.
    func append(_ bytes: [UInt8]) throws(JournalError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                let rest = UnsafeRawBufferPointer(rebasing: all[done...])
                return Self.retrying { write(descriptor, rest.baseAddress, rest.count) }
            }
            guard count > 0 else {
                throw JournalError(
                    .unwritable, "write to \(path)", errno: count < 0 ? Glibc.errno : ENOSPC,
                    advice: "nothing more is recorded before the journal is opened again")
            }
            done += count
        }
    }

    /// Takes space on the disk for the first `count` bytes.
    func allocate(_ count: Int) throws(JournalError) {
        // It gives the error number back instead of leaving it in errno.
        let code = posix_fallocate(descriptor, 0, off_t(count))
        guard code == 0 else {
            throw JournalError(
                .unwritable, "set \(count) bytes aside in \(path)", errno: code,
                advice: "nothing is recorded without that reserve")
        }
    }

    /// Writes `bytes` over the beginning of the file.
    func overwrite(_ bytes: [UInt8]) throws(JournalError) {
        let count = Self.retrying { pwrite(descriptor, bytes, bytes.count, 0) }
        guard count == bytes.count else {
            throw JournalError(.unwritable, "write to \(path)", errno: count < 0 ? Glibc.errno : ENOSPC)
        }
    }

    /// Waits until everything written is on the disk.
    ///
    /// Never call it again after an error: the kernel marks pages clean that it could not write, so that a
    /// second call succeeds though the bytes are lost. An interrupted call counts as failed for that reason.
    func synchronize(_ what: Durability = .contents) throws(JournalError) {
        let result = what == .contents ? fdatasync(descriptor) : fsync(descriptor)
        guard result == 0 else {
            throw JournalError(
                .notDurable, "make \(path) durable", errno: Glibc.errno,
                advice: "nothing more is recorded before the journal is opened again")
        }
    }

    enum Durability {
        /// The bytes and what is needed to read them back.
        case contents
        /// Owner, mode and times as well; also for directories.
        case everything
    }

    func setMode(_ mode: mode_t) throws(JournalError) {
        guard fchmod(descriptor, mode) == 0 else {
            throw JournalError(.unwritable, "set the mode of \(path)", errno: Glibc.errno)
        }
    }

    /// Makes the next reads come from the disk, not from pages that an earlier failed write left in memory.
    func forgetCachedPages() {
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    }

    private static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            if result == -1, Glibc.errno == EINTR { continue }
            return result
        }
    }
}
