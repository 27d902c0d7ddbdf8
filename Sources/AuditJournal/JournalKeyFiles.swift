internal import Glibc

/// The files that hold the private key of the epoch, beside the journal.
///
/// There is never a moment without the key that signs the next record: the next key is durable in a second file
/// before `key.next` announces it, and only then the old one is destroyed.
struct JournalKeyFiles {
    static let name = "audit.key"
    static let nextName = "audit.key.next"

    let directory: JournalDirectory

    /// Makes the key that begins a journal.
    func begin(at time: JournalTime) throws(JournalError) -> JournalSigningKey {
        let key = JournalSigningKey(since: 0, begun: time)
        try directory.createFile(Self.name, holding: key.fileContent, mode: 0o600)
        return key
    }

    /// Makes the key for the records from `seq` on, durable in the second file.
    func prepareNext(since seq: UInt64, at time: JournalTime) throws(JournalError) -> JournalSigningKey {
        let key = JournalSigningKey(since: seq, begun: time)
        try directory.createFile(Self.nextName, holding: key.fileContent, mode: 0o600)
        return key
    }

    /// Destroys the old key, and gives the next one its name.
    func replace() throws(JournalError) {
        try destroy(Self.name)
        let path = directory.path(of: Self.nextName)
        guard rename(path, directory.path(of: Self.name)) == 0 else {
            throw JournalError(.unwritable, "name the file \(path)", errno: errno)
        }
        try directory.synchronize()
    }

    /// The key whose public half has this id, wherever a crash left it; the other one is destroyed.
    ///
    /// Throws when neither file has it: then nothing can be recorded in this journal any more.
    func key(withID id: String) throws(JournalError) -> JournalSigningKey {
        let current = try read(Self.name)
        let next = try read(Self.nextName)
        if let key = current.key, key.publicKey.id == id {
            if next.exists {
                try destroy(Self.nextName)
                unlink(directory.path(of: Self.nextName))
            }
            return key
        }
        if let key = next.key, key.publicKey.id == id {
            try replace()
            return key
        }
        throw JournalError(
            .noKey, "continue the journal in \(directory.path)",
            "\(Self.name) does not hold the private key \(id), which signs its next record; bring the file back, "
                + "or move the whole directory to another place to begin a new journal")
    }

    private func read(_ name: String) throws(JournalError) -> (key: JournalSigningKey?, exists: Bool) {
        do throws(JournalError) {
            let file = try JournalFile(directory.path(of: name), flags: O_RDONLY, as: .unreadable)
            guard try file.mode & 0o077 == 0 else {
                throw JournalError(
                    .noKey, "read \(file.path)",
                    "others can read the private key; run: chmod 600 \(file.path)")
            }
            return (JournalSigningKey(fileContent: try file.bytes(at: 0, count: 1024)), true)
        } catch {
            guard error.errno == ENOENT else { throw error }
            return (nil, false)
        }
    }

    /// Writes zeros over the file, and waits until they are on the disk.
    private func destroy(_ name: String) throws(JournalError) {
        let path = directory.path(of: name)
        do throws(JournalError) {
            let file = try JournalFile(path, flags: O_WRONLY, as: .unwritable)
            try file.overwrite([UInt8](repeating: 0, count: try file.size))
            try file.synchronize(.everything)
        } catch {
            guard error.errno == ENOENT else { throw error }
        }
    }
}
