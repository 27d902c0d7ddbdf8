public import DesiredState

/// The files of one revision, and what was wrong with the entries that are missing from them.
public struct TreeReading: Sendable, Equatable {
    /// The files that could be read; their paths start at the folder that was asked for.
    public let tree: SourceTree
    /// The entries that were refused, sorted; a refused directory stands for all below it.
    public let diagnostics: [Diagnostic]
    /// Whether the walk came to the end. If not, a file that is missing says nothing, and nothing may be applied.
    public let isComplete: Bool
}
