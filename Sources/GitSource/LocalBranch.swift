internal import CGit2

/// A branch of a repository on this machine.
///
/// Where nothing was pushed, one look at a local repository saves a fetch process: it neither waits for a server
/// nor reads anything but a reference.
enum LocalBranch {
    /// The tip of the branch if it is the one that was fetched last; nil if a fetch has to tell.
    static func unchangedTip(_ request: FetchRequest, at url: RepositoryURL) -> String? {
        guard url.transport == .local else { return nil }
        // Whatever is odd about the source is the fetch's to find and to explain.
        guard let known = try? StateRepository(opening: request.bareRepository).tip(of: request.branch),
            let source = try? GitHandle(opening: url.path)
        else { return nil }
        var id = git_oid()
        guard git_reference_name_to_id(&id, source.pointer, "refs/heads/\(request.branch)") == 0 else {
            return nil
        }
        return id.hexadecimal == known ? known : nil
    }
}
