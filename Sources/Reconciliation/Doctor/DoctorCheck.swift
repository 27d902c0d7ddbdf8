/// One question about this host, with what was found and the line that mends it.
public struct DoctorCheck: Sendable, Equatable, Encodable {
    public enum Result: String, Sendable, Encodable {
        case ok
        /// Nothing stops, but somebody should know.
        case warning
        /// fatesync cannot do its work.
        case failed
        /// It could not be asked, because an earlier check failed.
        case skipped
    }

    /// What is asked; the number of a check is its place here and never changes.
    public enum Question: String, Sendable, CaseIterable, Encodable {
        case configuration
        case stateDirectory = "state directory"
        case dataDirectory = "data directory"
        case credentials
        case repository
        case desiredState = "desired state"
        case dockerSocket = "docker socket"
        case engine
        case clock
        case watcher
    }

    public var number: Int
    public var name: Question
    public var result: Result
    public var found: String
    /// One line, mostly a command.
    public var mend: String?

    public init(_ name: Question, _ result: Result, _ found: String, mend: String? = nil) {
        self.name = name
        number = (Question.allCases.firstIndex(of: name) ?? 0) + 1
        self.result = result
        self.found = found
        self.mend = mend
    }
}
