import DesiredState
import GitSource
import Planning

extension Reconciler {
    /// Decodes a commit, with what was applied before in place of everything that has a mistake.
    ///
    /// `unreadable` says why nothing of the commit may be applied: then even a party that is absent may only
    /// not have been read.
    func decode(
        _ tip: String, in repository: borrowing StateRepository
    ) throws -> (state: ResolvedDesiredState, unreadable: String?) {
        let secrets = try SecretFiles.read(configuration.secretsDirectory)
        if let decoded, decoded.commit == tip, decoded.secrets == secrets { return (decoded.state, nil) }
        let context = DecodingContext(
            host: configuration.host, dataDirectory: configuration.dataDirectory, secrets: secrets,
            secretMode: .values)
        let reading = try repository.readTree(at: tip, folder: configuration.folder)
        let first = DesiredState.decode(reading.tree, context: context, reading: reading.diagnostics)
        if let reason = reading.obstacle { return (ResolvedDesiredState(first), reason) }
        guard !first.invalidUnits.isEmpty else {
            let state = ResolvedDesiredState(first)
            decoded = (tip, secrets, state)
            return (state, nil)
        }
        let lastGood = try lastGoodTrees(except: tip, in: repository)
        let memory = memory
        let state = DesiredState.decode(
            reading.tree, context: context, reading: reading.diagnostics
        ) { unit in
            let commit =
                switch unit {
                case .party(let id): memory.parties[id]?.applied?.commit ?? memory.accepted
                case .federation, .blueprint: memory.accepted
                }
            return commit.flatMap { lastGood[$0] }
        }
        return (state, nil)
    }

    /// The files of every commit that some party runs, by commit.
    private func lastGoodTrees(
        except tip: String, in repository: borrowing StateRepository
    ) throws(GitError) -> [String: SourceTree] {
        let applied = memory.parties.values.compactMap(\.applied?.commit)
        var trees: [String: SourceTree] = [:]
        for commit in Set(applied + [memory.accepted].compactMap(\.self)) where commit != tip {
            trees[commit] = try repository.readTree(at: commit, folder: configuration.folder).tree
        }
        return trees
    }

    /// Why nothing may be changed: a party that runs here has no valid desired state, old or new.
    func unusable(_ resolved: ResolvedDesiredState, live: LiveState) -> String? {
        let running = Set(live.containers.values.compactMap { $0.spec.labels[Labels.party] })
        for unit in resolved.unresolved.sorted(by: { "\($0)" < "\($1)" }) {
            switch unit {
            case .federation: return "federation.yaml is invalid, and no valid one was applied before"
            case .blueprint(let name) where !running.isEmpty:
                return "blueprint \(name) is invalid, and no valid one was applied before"
            case .party(let id) where running.contains(id):
                return "party \(id) runs here and is invalid, and what was applied before is not known"
            case .blueprint, .party: continue
            }
        }
        return nil
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
