internal import Glibc

/// A file whose only use is its space: when the disk is full it makes room for the record which says so.
///
/// Who cannot make it does not begin to record, so that changes stop while there is still room to say why.
struct JournalReserve {
    static let name = "audit.reserve"

    let directory: JournalDirectory

    /// Takes the space unless it is taken.
    func hold(bytes: Int) throws(JournalError) {
        let path = directory.path(of: Self.name)
        let file = try JournalFile(path, flags: O_RDWR | O_CREAT, mode: 0o600, as: .unwritable)
        guard try file.size < bytes else { return }
        do throws(JournalError) {
            try file.allocate(bytes)
        } catch {
            release()
            throw error
        }
    }

    /// Gives the space back.
    func release() {
        unlink(directory.path(of: Self.name))
    }
}
