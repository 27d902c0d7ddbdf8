import AuditJournal
public import DesiredState
import GitSource
import Planning

/// Where the values of one container come from: file and line, commit, author, and the entry in the journal.
public struct Explanation: Sendable, Encodable {
    /// A value with everything that is known of it.
    public struct Value: Sendable, Encodable {
        public var origin: ValueOrigin
        /// Who wrote the line last.
        public var written: Revision?
        /// The same for the lines that gave its variables their values, by name.
        public var variables: [String: Revision]
        /// The newest entry that brought the value into the container, or made the container.
        public var entry: Entry?
    }

    public struct Entry: Sendable, Encodable {
        public var seq: UInt64
        public var time: String
        public var action: String
        /// The commit that it was done for.
        public var commit: String?
    }

    public var container: String
    public var party: String
    public var service: String
    /// What the party runs, or should run when it runs nothing yet.
    public var revision: Revision
    public var values: [Value]

    /// Explains a field of a container, or all of them for `nil`.
    ///
    /// - Parameter field: As plans name it; `environment` stands for all below it.
    /// - Throws: `OrderError` with what there is when container or field does not exist.
    public init(_ container: String, field: String?, _ configuration: WatcherConfiguration) throws {
        let repository = try configuration.openRepository()
        let memory = try HostState.read(configuration.stateDirectory.hostState)
        guard let tip = try repository.tip(of: configuration.branch) else {
            throw OrderError(
                "branch \(configuration.branch) was not fetched yet; `fatesync plan` fetches it")
        }
        let context = DecodingContext(
            host: configuration.host, dataDirectory: configuration.dataDirectory, secrets: [:],
            secretMode: .placeholders)
        let commits = [tip] + memory.parties.values.compactMap(\.applied?.commit)
        var names: Set<String> = []
        var found: (party: String, service: String, commit: String, tree: SourceTree)?
        for commit in Set(commits).sorted(by: { $1 != tip && ($0 == tip || $0 < $1) }) {
            let tree = try repository.readTree(at: commit, folder: configuration.folder).tree
            for party in DesiredState.decode(tree, context: context).parties {
                // What a party runs counts more than what it should run some day.
                let applied = memory.parties[party.party]?.applied?.commit ?? tip
                guard applied == commit else { continue }
                for service in party.services {
                    names.insert(service.container.name)
                    guard service.container.name == container else { continue }
                    found = (party.party, service.name, commit, tree)
                }
            }
        }
        guard let found else {
            throw OrderError(
                "no party of this host has a container \(container); there are "
                    + names.sorted().joined(separator: ", "))
        }
        self.container = container
        (party, service) = (found.party, found.service)
        revision = try repository.revision(found.commit, branch: configuration.branch)
        let all = found.tree.origins(of: found.service, party: found.party, context: context) ?? []
        let wanted = all.filter { origin in
            field.map { origin.field == $0 || origin.field.hasPrefix($0 + ".") } ?? true
        }
        guard !wanted.isEmpty else {
            throw OrderError(
                "\(container) has no field \(field ?? ""); what the repository gives it is "
                    + all.map(\.field).joined(separator: ", "))
        }
        let search = OriginSearch(configuration: configuration, commit: found.commit)
        let entries = search.entries(of: container, party: found.party)
        values = try wanted.map { origin throws(GitError) in
            var variables: [String: Revision] = [:]
            for variable in origin.variables {
                guard let place = variable.location else { continue }
                variables[variable.name] = try search.author(of: place, in: repository)
            }
            return Value(
                origin: origin, written: try search.author(of: origin.location, in: repository),
                variables: variables, entry: search.entry(of: origin.field, among: entries))
        }
    }
}

/// Finds who wrote a line, and what the journal says of a field.
private struct OriginSearch {
    let configuration: WatcherConfiguration
    let commit: String

    func author(
        of place: SourceLocation, in repository: borrowing StateRepository
    ) throws(GitError) -> Revision {
        let path = configuration.folder.map { "\($0)/\(place.file)" } ?? place.file
        return try repository.author(
            ofLine: place.line, of: path, at: commit, branch: configuration.branch)
    }

    /// What was done to a container, newest first.
    func entries(of container: String, party: String) -> [JournalEntry] {
        var filter = JournalFilter()
        filter.party = party
        filter.kinds = [.stepResult, .stepIntent]
        // Before the first change there is no journal, and then there is nothing to tell.
        let all = (try? JournalReader(directory: configuration.stateDirectory.journal).query(filter)) ?? []
        return all.reversed().filter { $0.record.object?.name == container }
    }

    func entry(of field: String, among entries: [JournalEntry]) -> Explanation.Entry? {
        let name = field.prefix { $0 != "." }
        let found =
            entries.first { entry in
                entry.record.diff.contains { $0.field == field || $0.field == name }
            } ?? entries.first { $0.record.action == "container.create" }
        return found.map {
            Explanation.Entry(
                seq: $0.seq, time: "\($0.time)", action: $0.record.action ?? $0.record.kind.rawValue,
                commit: $0.record.source?.commit)
        }
    }
}
