internal import CGit2
public import DesiredState

/// The fetched state repository: reads commits and files from the object database, never a checkout.
///
/// Open one where it is used and let it go afterwards. It is neither `Copyable` nor `Sendable`, because libgit2
/// lets only one thread at a time use a repository.
public struct StateRepository: ~Copyable {
    let handle: GitHandle
    let objects: GitHandle
    let path: String

    /// Opens the bare repository that a fetch has filled.
    ///
    /// - Parameter ofService: Whether the fetch service keeps it, whose user then owns it.
    /// - Throws: `GitError`, code `.notFound` if nothing was fetched yet.
    public init(opening path: String, ofService: Bool = false) throws(GitError) {
        try LibGit2.start()
        if ofService { try LibGit2.leaveOwnersToUs() }
        try self.init(try GitHandle(opening: path, ofAnyUser: ofService), at: path)
    }

    /// - Parameter quarantine: Another folder with objects, for a repository that is being pushed to.
    init(
        _ repository: consuming GitHandle, at path: String, quarantine: String? = nil
    ) throws(GitError) {
        let pointer = repository.pointer
        let database = try GitHandle("open the objects of \(path)", free: git_odb_free) { opened in
            git_repository_odb(&opened, pointer)
        }
        if let quarantine {
            try GitError.check("read the pushed objects in \(quarantine)") {
                git_odb_add_disk_alternate(database.pointer, quarantine)
            }
        }
        self.path = path
        handle = repository
        objects = database
    }

    /// The commit that the last fetch found at the end of `branch`; nil if it was never fetched.
    public func tip(of branch: String) throws(GitError) -> String? {
        var id = git_oid()
        do {
            try GitError.check("read branch \(branch) in \(path)") {
                git_reference_name_to_id(&id, handle.pointer, FetchedReference.name(of: branch))
            }
        } catch  where error.code == .notFound {
            return nil
        }
        return id.hexadecimal
    }

    /// What a commit says about itself.
    ///
    /// Author and subject are texts from strangers: shortened, and to be escaped when shown.
    public func revision(_ commit: String, branch: String) throws(GitError) -> Revision {
        let object = try lookup(commit)
        let author = git_commit_author(object.pointer)?.pointee
        return Revision(
            commit: commit, branch: branch,
            author: "\(Self.text(author?.name)) <\(Self.text(author?.email))>",
            subject: Self.text(git_commit_summary(object.pointer)),
            time: git_commit_time(object.pointer))
    }

    /// Finds a commit by its full id.
    ///
    /// - Throws: `GitError`, code `.notFound` if there is no such commit here.
    func lookup(_ commit: String) throws(GitError) -> GitHandle {
        var id = try git_oid(commit: commit)
        return try GitHandle("read commit \(commit) in \(path)", free: git_commit_free) { pointer in
            git_commit_lookup(&pointer, handle.pointer, &id)
        }
    }

    private static func text(_ bytes: UnsafePointer<CChar>?) -> String {
        guard let bytes else { return "" }
        return String(String(cString: bytes).prefix(256))
    }
}
