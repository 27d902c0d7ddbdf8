public import DesiredState
import GitSource
import Planning

/// The ways of the commit that was fetched last, and whether this host's route tables are as it says.
///
/// Nothing is fetched, and Docker is not asked.
public struct RouteSurvey: Sendable {
    /// A table of this host.
    public struct Table: Sendable {
        public var party: String
        /// Path below `confs/`.
        public var name: String
        /// Path on the host.
        public var path: String
        public var finding: Finding
    }

    /// What lies on the disk.
    public enum Finding: Sendable, Equatable {
        case asDesired
        case differs([ConfigKeyChange])
        /// Its reader cannot read it, or may have given up rereading it.
        case unreadable
        case missing
        /// It cannot be looked at, and why.
        case unknown(String)
    }

    public var revision: Revision
    /// What is desired, with the last good state where the commit has a mistake.
    public var state: DesiredState
    /// Ordered by party and name.
    public var tables: [Table]

    /// Decodes the commit and reads the tables; `nil` when nothing was fetched yet.
    public static func read(_ configuration: WatcherConfiguration) throws -> RouteSurvey? {
        guard let commit = try KnownState(configuration, nil).commit?.get() else { return nil }
        let state = commit.state.state
        let tables = state.parties.flatMap { party in
            state.routeMap.tables.filter { $0.party == party.party }.compactMap { table in
                party.files.first { $0.name == table.name }.map { file in
                    Table(party: party.party, name: file.name, path: file.path, finding: find(file))
                }
            }
        }
        return RouteSurvey(revision: commit.revision, state: state, tables: tables)
    }

    private static func find(_ file: FileSpec) -> Finding {
        do throws(HostFileError) {
            switch try HostFiles.read(file.path) {
            case nil: return .missing
            case .directory?: return .unknown("it is a directory")
            case .other(let kind)?: return .unknown("it is a \(kind)")
            case .file(let content, _, _)?:
                switch file.difference(from: content) {
                case .none: return .asDesired
                case .keys(let keys): return .differs(keys)
                case .unreadable, .bytes: return .unreadable
                }
            }
        } catch {
            return .unknown(error.reason)
        }
    }
}
