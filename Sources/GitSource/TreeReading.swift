public import DesiredState

/// The files of one revision, and what was wrong with the entries that are missing from them.
public struct TreeReading: Sendable, Equatable {
    /// The files that could be read; their paths start at the folder that was asked for.
    public let tree: SourceTree
    /// What was refused, sorted by place.
    ///
    /// An error at a directory stands for everything below it, which is then missing from `tree`.
    public let diagnostics: [Diagnostic]
    /// Whether the walk came to its end.
    ///
    /// If not, a file that is missing says nothing, and nothing may be applied.
    public let isComplete: Bool
}
