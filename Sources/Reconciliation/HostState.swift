public import DesiredState
import FoundationEssentials
public import Planning

/// What fatesync remembers between passes, one file in the state directory.
///
/// It is written atomically and can be lost: live state decides what is done, and the file only keeps what
/// Docker cannot say, namely which revision a party runs, which one failed, and what was adopted.
public struct HostState: Codable, Sendable, Equatable {
    public var schemaVersion = 1
    /// The newest commit that was accepted; the next one must descend from it.
    public var accepted: String?
    public var parties: [String: PartyState] = [:]
    /// By the full id of a container; `nil` in a file that an older fatesync wrote.
    var readers: [String: ReaderMemory]?
    /// Commits that the branch need not contain any more, because a person accepted another history, and the tip
    /// that it must contain instead; `nil` in a file that an older fatesync wrote.
    private var replacements: [String: String]?
    /// Revisions that every party of the host has reached, oldest first; what `rollback` goes back to.
    public var reached: [Revision]?
    /// When containers were made, in seconds since 1970 by name; older than an hour is forgotten.
    public var made: [String: [Int64]]?

    public init() {}

    var replaced: [String: String] {
        get { replacements ?? [:] }
        set { replacements = newValue.isEmpty ? nil : newValue }
    }

    /// More than anybody goes back at once.
    private static let reachedLimit = 50

    /// Notes that all parties stand at a revision.
    mutating func reach(_ revision: Revision) {
        guard reached?.last?.commit != revision.commit else { return }
        reached =
            (reached ?? []).filter { $0.commit != revision.commit }.suffix(Self.reachedLimit - 1) + [revision]
    }

    /// Forgets replaced commits that nothing stands at any more.
    mutating func pruneReplaced() {
        let known = Set(parties.values.compactMap(\.applied?.commit) + (accepted.map { [$0] } ?? []))
        replaced = replaced.filter { known.contains($0.key) }
    }

    /// One party's part.
    public struct PartyState: Codable, Sendable, Equatable {
        /// The commit whose desired state was reached last.
        public var applied: Revision?
        /// The blueprint that was reached last; `nil` in a file that an older fatesync wrote.
        public var blueprint: String?
        /// A commit whose containers failed; not tried again until another commit comes.
        public var failed: String?
        public var failure: String?
        /// Commit and digest of a plan that was begun and has not led to the desired state yet.
        public var attempted: String?
        /// The same for a plan that failed once although no container was at fault: it is tried once more.
        public var failedOnce: String?
        /// Since when running jobs hold a change, in seconds since 1970; `nil` when they hold none.
        public var heldSince: Int64?
        /// What the party has taken over without labels; `nil` when it has nothing of that kind.
        public var adopted: AdoptedObjects?

        public init() {}
    }
}

extension HostState {
    /// Reads the file; a missing one is a fresh state.
    static func read(_ path: String) throws(HostFileError) -> HostState {
        guard case .file(let content, _, _)? = try HostFiles.read(path) else { return HostState() }
        do {
            let state = try JSONDecoder().decode(HostState.self, from: Data(content))
            guard state.schemaVersion == 1 else {
                throw HostFileError(
                    "read \(path)",
                    reason: "it has schema version \(state.schemaVersion) and this fatesync knows 1; "
                        + "use the fatesync that wrote it, or move the file away")
            }
            return state
        } catch let error as HostFileError {
            throw error
        } catch {
            throw HostFileError(
                "read \(path)", reason: "it is damaged; move it away, and it is rebuilt by the next pass")
        }
    }

    func write(_ path: String) throws(HostFileError) {
        try JSONFile.write(self, to: path)
    }
}

/// Values as JSON files that are replaced atomically.
enum JSONFile {
    /// Reads what a person's command wrote; `nil` when it has gone meanwhile.
    static func read<Value: Decodable>(
        _ type: Value.Type, _ path: String
    ) throws(HostFileError) -> Value? {
        guard case .file(let content, _, _)? = try HostFiles.read(path) else { return nil }
        do {
            return try JSONDecoder().decode(type, from: Data(content))
        } catch {
            throw HostFileError("read \(path)", reason: "it is damaged; remove it and give the order again")
        }
    }

    static func write(
        _ value: some Encodable, to path: String, durably: Bool = true
    ) throws(HostFileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let data: Data
        do {
            data = try encoder.encode(value)
        } catch {
            throw HostFileError("write \(path)", reason: "\(error)")
        }
        try HostFiles.write(
            FileSpec(
                path: path, name: path, content: Array(data) + [0x0A], mode: 0o640, onChange: .nothing),
            durably: durably)
    }
}
