/// How much fatesync is willing to read; a state repository is far below all of these.
enum Limits {
    /// One file of the state repository.
    static let fileBytes = 256 << 10
    /// All files together.
    static let totalBytes = 16 << 20
    static let files = 2000
    static let directories = 4000
    /// Names in a path, counted from the root of the state repository.
    static let depth = 8
    /// One name in a path.
    static let nameBytes = 64
    /// One directory as git stores it; 2,000 entries with names of 64 bytes take 184 KiB.
    static let treeBytes = 512 << 10
    /// Mistakes of one revision that are worth listing.
    static let errors = 200
    /// The target of a symbolic link, shown when it is refused.
    static let linkBytes = 4 << 10
    /// A commit object, message included.
    static let commitBytes = 1 << 20

    static let objectsPerPack = 200_000
    static let receivedBytes = 256 << 20
    static let mappedBytes = 256 << 20
    static let openPacks = 64
    static let cacheBytes = 16 << 20

    /// A token, a key or a list of host keys.
    static let credentialBytes = 1 << 20
    /// What the fetch process may print, and what it may be told.
    static let messageBytes = 64 << 10
}
