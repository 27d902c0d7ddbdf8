/// A desired state in which every unit with a mistake stands at its last good state.
public struct ResolvedDesiredState: Sendable {
    /// What to make true; its diagnostics are those of the new revision.
    public internal(set) var state: DesiredState
    /// The units that stand at their last good state.
    public internal(set) var fallbacks: Set<SourceUnit> = []
    /// The units that are invalid and have no last good state that still works.
    ///
    /// Nothing may be done to a party among them, least of all removed.
    public internal(set) var unresolved: Set<SourceUnit> = []

    public var diagnostics: [Diagnostic] { state.diagnostics }

    /// A desired state without a mistake.
    public init(_ state: DesiredState) { self.state = state }
}

extension DesiredState {
    /// Decodes a revision, with the last good state in place of everything that has a mistake.
    ///
    /// A party with a mistake, or whose blueprint or federation has one, stays wholly as it was: with the
    /// party's, the blueprint's and the federation's files of its last good revision. Its route table alone
    /// follows the others. `lastGood` returns the files of a unit in the last revision in which it was good; a
    /// tree that holds more than the unit is used whole, so that the three fit together. It is asked for
    /// units that are invalid, for the parties that use them, and for what these parties need. `rejected` are
    /// valid parties that are to stand at their last good state all the same; one that has none stays as it is.
    public static func decode(
        _ tree: SourceTree, context: DecodingContext, reading: [Diagnostic] = [], rejected: Set<String> = [],
        lastGood: (SourceUnit) -> SourceTree?
    ) -> ResolvedDesiredState {
        let decoded = DecodedRevision(tree, context: context, reading: reading)
        return withoutActuallyEscaping(lastGood) { lastGood in
            var resolution = Resolution(
                decoded, context: context, rejected: rejected, lastGood: lastGood)
            return resolution.resolve()
        }
    }
}
