import DesiredState

extension Plan {
    /// The steps that bring the old container of a failed recreate back.
    ///
    /// - Parameters:
    ///   - index: Position in `recreates`.
    ///   - done: Steps of this plan that succeeded.
    ///   - attempted: Steps of this plan that were sent, whatever came of them.
    ///   - firstID: The id that the first new step gets.
    /// - Returns: Steps in order, each waiting for the one before; empty when nothing was changed yet.
    public func rollback(
        ofRecreate index: Int, done: Set<Int>, attempted: Set<Int>, firstID: Int
    ) -> [Step] {
        let recreate = recreates[index]
        let members = steps.filter { $0.recreate == index }
        let new = ContainerReference.created(byStep: recreate.createStep)
        var actions: [Action] = []
        var isRenamed = false
        var isStopped = false
        for step in members where attempted.contains(step.id) {
            switch step.action {
            // The new container has proved itself; only the old one could not be removed.
            case .awaitContainer where done.contains(step.id): return []
            case .createContainer where done.contains(step.id):
                actions.append(.discardContainer(new))
            case .renameContainer(.id, to: _) where done.contains(step.id): isRenamed = true
            // A stop that was sent may have happened even if no answer came.
            case .stopContainer: isStopped = true
            default: break
            }
        }
        let old = ContainerReference.id(recreate.oldID)
        if isRenamed { actions.append(.renameContainer(old, to: recreate.name)) }
        if isStopped, recreate.oldWasRunning { actions.append(.startContainer(old)) }
        return actions.enumerated().map { offset, action in
            Step(
                id: firstID + offset, party: recreate.party, action: action, object: recreate.name,
                changes: [], cause: "the new container failed; the old one comes back", rung: .recreate,
                after: offset == 0 ? [] : [firstID + offset - 1], recreate: index)
        }
    }
}
