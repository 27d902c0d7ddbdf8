import DesiredState
import GitSource
import Planning

/// One commit of the state repository as it concerns this host, and whether it may be used.
struct DecodedCommit: Sendable {
    /// What decoding depends on.
    struct Request: Sendable {
        /// The newest commit of the branch.
        var tip: String
        var configuration: WatcherConfiguration
        var memory: HostState
        var orders: OperatorOrders
        /// The last commit that was decoded, taken as it is if nothing that matters has changed.
        var cached: DecodedCommit?

        /// The commit that says what this host runs.
        var target: String { orders.pin(of: nil)?.revision.commit ?? tip }
    }

    /// What this host should run: the newest commit of the branch, or the one that the host is pinned to.
    var revision: Revision
    /// The newest commit of the branch.
    var branchTip: Revision
    /// What people had asked for.
    var orders: OperatorOrders
    var state: ResolvedDesiredState
    /// Why nothing of the commit may be applied: then even a party that is absent may only not have been read.
    var unreadable: String?
    /// Why the commit does not follow from what was applied.
    var rewriting: String?
    /// Commits that were applied and that the branch has lost, as a person accepted.
    var forsaken: Set<String>
    private var secrets: [String: String]
    private var memory: HostState

    /// Whether the same commit decodes to the same again: with a mistake it depends on what was applied before.
    var isReusable: Bool {
        unreadable == nil && rewriting == nil && !state.diagnostics.contains { $0.severity == .error }
    }

    /// Reads and decodes; blocks, and uses the repository on the calling thread only.
    init(_ request: Request) throws {
        let configuration = request.configuration
        let secrets = try SecretFiles.read(configuration.secretsDirectory)
        if let cached = request.cached, cached.branchTip.commit == request.tip, cached.secrets == secrets,
            cached.memory == request.memory, cached.orders == request.orders
        {
            self = cached
            return
        }
        let repository = try configuration.openRepository()
        let reader = Reader(request: request, secrets: secrets)
        branchTip = try repository.revision(request.tip, branch: configuration.branch)
        revision = try repository.revision(request.target, branch: configuration.branch)
        orders = request.orders
        (state, unreadable) = try reader.decode(repository)
        (rewriting, forsaken) = try reader.rewriting(in: repository)
        self.secrets = secrets
        memory = request.memory
    }
}

/// The steps of decoding, with what they share.
private struct Reader {
    let request: DecodedCommit.Request
    let secrets: [String: String]

    private var folder: String? { request.configuration.folder }

    /// Decodes, with what was applied before in place of everything that has a mistake.
    func decode(
        _ repository: borrowing StateRepository
    ) throws -> (state: ResolvedDesiredState, unreadable: String?) {
        let context = DecodingContext(
            host: request.configuration.host, dataDirectory: request.configuration.dataDirectory,
            secrets: secrets, secretMode: .values)
        // What no party uses is neither read nor judged here; with a mistake it may be what a message must name.
        let choice = DirectoryChoice(in: "blueprints", wanted: DesiredState.blueprintsInUse)
        var reading = try repository.readTree(at: request.target, folder: folder, choice: choice)
        var first = DesiredState.decode(reading.tree, context: context, reading: reading.diagnostics)
        if first.diagnostics.contains(where: { $0.severity == .error }) {
            reading = try repository.readTree(at: request.target, folder: folder)
            first = DesiredState.decode(reading.tree, context: context, reading: reading.diagnostics)
        }
        if let reason = reading.obstacle { return (ResolvedDesiredState(first), reason) }
        let memory = request.memory
        // What failed at this commit is kept as it was before it.
        let rejected = Set(memory.parties.filter { $0.value.failed == request.target }.keys)
        let pins = request.orders.pins.filter { $0.revision.commit != request.target }
        let pinned = Dictionary(pins.map { ($0.party ?? "", $0.revision.commit) }) { first, _ in first }
        guard !first.invalidUnits.isEmpty || !rejected.isEmpty || !pinned.isEmpty else {
            return (ResolvedDesiredState(first), nil)
        }
        let lastGood = try lastGoodTrees(in: repository)
        let state = DesiredState.decode(
            reading.tree, context: context, reading: reading.diagnostics,
            rejected: rejected.union(pinned.keys)
        ) { unit in
            let commit =
                switch unit {
                case .party(let id):
                    // What failed here is kept as it was, also where a pin asks for it.
                    (rejected.contains(id) ? nil : pinned[id]) ?? memory.parties[id]?.applied?.commit
                        ?? memory.accepted
                case .federation, .blueprint: memory.accepted
                }
            return commit.flatMap { lastGood[$0] }
        }
        return (state, nil)
    }

    /// The files of every commit that some party runs, by commit.
    private func lastGoodTrees(
        in repository: borrowing StateRepository
    ) throws(GitError) -> [String: SourceTree] {
        let applied = request.memory.parties.values.compactMap(\.applied?.commit)
        let accepted = request.memory.accepted.map { [$0] } ?? []
        var trees: [String: SourceTree] = [:]
        let pinned = request.orders.pins.map(\.revision.commit)
        for commit in Set(applied + accepted + pinned) where commit != request.target {
            trees[commit] = try repository.readTree(at: commit, folder: folder).tree
        }
        return trees
    }

    /// Why the tip does not follow from what was applied, `nil` when it does; and what it need not contain.
    ///
    /// A host that is pinned does not follow the branch, so nothing is asked of the tip.
    func rewriting(
        in repository: borrowing StateRepository
    ) throws(GitError) -> (reason: String?, forsaken: Set<String>) {
        let memory = request.memory
        guard request.orders.pin(of: nil) == nil else { return (nil, []) }
        let accepted = memory.accepted.map { [$0] } ?? []
        let applied = memory.parties.values.compactMap(\.applied?.commit)
        var forsaken: Set<String> = []
        for commit in Set(accepted + applied).sorted() {
            let required = memory.replaced[commit] ?? commit
            guard required != request.tip else { continue }
            do throws(GitError) {
                try repository.requireGrowth(
                    of: request.configuration.branch, from: required, to: request.tip)
            } catch {
                guard error.code == .rewritten else { throw error }
                guard request.orders.acceptedTips.contains(request.tip) else { return ("\(error)", []) }
                forsaken.insert(commit)
            }
        }
        return (nil, forsaken)
    }
}

extension TreeReading {
    /// Why the commit as a whole cannot be used; `nil` when every mistake belongs to one party or blueprint.
    fileprivate var obstacle: String? {
        let errors = diagnostics.filter { $0.severity == .error }
        if !isComplete { return "the commit could not be read to its end: \(errors.last?.description ?? "")" }
        return errors.first { SourceUnit(path: $0.location.file) == nil }
            .map { "a part of the commit that no party owns could not be read: \($0)" }
    }
}
