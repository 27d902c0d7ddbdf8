import DesiredState
import Testing

@testable import Planning
@testable import Reconciliation

/// A plan of steps `(name, after)`; the names are only for reading.
private func plan(_ steps: [(Action, Set<Int>)], recreate: Plan.Recreate? = nil) -> Plan {
    var plan = Plan()
    for (index, (action, after)) in steps.enumerated() {
        plan.steps.append(
            Plan.Step(
                id: index, party: "1", action: action, object: "web", changes: [], cause: "test",
                rung: .recreate, after: after, recreate: recreate == nil ? nil : 0))
    }
    if let recreate { plan.recreates = [recreate] }
    return plan
}

private let spec = ContainerSpec(name: "web", image: "busybox:1")
private let old = ContainerReference.id("old")
private let new = ContainerReference.created(byStep: 0)

/// The steps of a recreate, in the order of the planner.
private let recreate = plan(
    [
        (.createContainer(spec, name: "web.next"), []), (.renameContainer(old, to: "web.old"), [0]),
        (.renameContainer(new, to: "web"), [1]), (.stopContainer(old, timeout: nil), [2]),
        (.startContainer(new), [3]), (.awaitContainer(new, Readiness()), [4]),
        (.removeContainer(old, force: false), [5]),
    ],
    recreate: Plan.Recreate(
        party: "1", service: "web", name: "web", oldID: "old", oldWasRunning: true, createStep: 0))

@Suite struct ExecutionTests {
    @Test func independentStepsAreReadyTogetherUpToTheLimit() {
        var execution = Execution(
            plan([(.startContainer(old), []), (.startContainer(old), []), (.startContainer(old), [0, 1])]))
        #expect(execution.takeReady(limit: 1).map(\.id) == [0])
        #expect(execution.takeReady(limit: 9).map(\.id) == [1])
        execution.succeed(0)
        #expect(execution.takeReady(limit: 9).isEmpty)
        execution.succeed(1)
        #expect(execution.takeReady(limit: 9).map(\.id) == [2])
    }

    @Test func aRecreateThatWaitsForWhatFailsLeavesNothing() {
        func begun() -> Execution {
            var plan = recreate
            // Another party's step, for which the recreate waits once its container is made.
            plan.steps.append(
                Plan.Step(
                    id: 7, party: "2", action: .startContainer(old), object: "other", changes: [],
                    cause: "test",
                    rung: .start, after: []))
            plan.steps[1].after = [0, 7]
            var execution = Execution(plan)
            #expect(execution.takeReady(limit: 9).map(\.id) == [0, 7])
            return execution
        }
        var execution = begun()
        execution.succeed(0, createdID: "new")
        execution.fail(7, reason: "no", isBroken: true)
        #expect(execution.takeReady(limit: 9).map(\.action) == [.discardContainer(new)])
        #expect(execution.rolledBackParties.isEmpty)
        execution = begun()
        execution.fail(7, reason: "no")
        #expect(execution.takeReady(limit: 9).isEmpty)
        execution.succeed(0, createdID: "new")
        #expect(execution.takeReady(limit: 9).map(\.action) == [.discardContainer(new)])
        // A stop leaves it to the next pass, like everything that has not begun.
        execution = begun()
        execution.cancelWaiting()
        execution.fail(7, reason: "no")
        execution.succeed(0, createdID: "new")
        #expect(execution.takeReady(limit: 9).isEmpty)
    }

    @Test func thePartiesBehindAStepAreKnown() {
        var shared = plan([
            (.pullImage("a:1"), []), (.createContainer(spec, name: "web"), [0]), (.startContainer(old), [1]),
            (.startContainer(old), []),
        ])
        for index in shared.steps.indices { shared.steps[index].party = "\(index)" }
        let execution = Execution(shared)
        #expect(execution.parties(waitingFor: 0, atOnce: true) == ["0", "1"])
        #expect(execution.parties(waitingFor: 0, atOnce: false) == ["0", "1", "2"])
    }

    @Test func whatWaitsForAFailedStepIsSkippedAndTheRestGoesOn() {
        var execution = Execution(
            plan([
                (.startContainer(old), []), (.startContainer(old), [0]), (.startContainer(old), [1]),
                (.startContainer(old), []),
            ]))
        #expect(execution.takeReady(limit: 9).map(\.id) == [0, 3])
        execution.fail(0, reason: "no")
        execution.succeed(3)
        #expect(execution.states[1] == .skipped)
        #expect(execution.states[2] == .skipped)
        #expect(execution.isDone)
        #expect(execution.failures["1"]?.map(\.reason) == ["no"])
    }

    /// Runs the recreate, failing at `step`, and answers the actions that were performed after the failure.
    private func actions(afterFailureAt step: Int) -> [String] {
        var execution = Execution(recreate)
        var performed: [String] = []
        var hasFailed = false
        while !execution.isDone {
            for ready in execution.takeReady(limit: 1) {
                if hasFailed {
                    performed.append("\(ready.action.name) \(execution.resolve(ready.action) ?? "")")
                }
                if ready.id == step, !hasFailed {
                    hasFailed = true
                    execution.fail(ready.id, reason: "no")
                } else {
                    execution.succeed(ready.id, createdID: ready.id == 0 ? "new" : nil)
                }
            }
        }
        return performed
    }

    @Test func aFailedRecreateUndoesExactlyWhatWasDone() {
        #expect(actions(afterFailureAt: 0) == [])
        #expect(actions(afterFailureAt: 1) == ["container.remove new"])
        #expect(actions(afterFailureAt: 2) == ["container.remove new", "container.rename old"])
        let whole = ["container.remove new", "container.rename old", "container.start old"]
        #expect(actions(afterFailureAt: 3) == whole)
        #expect(actions(afterFailureAt: 4) == whole)
        #expect(actions(afterFailureAt: 5) == whole)
        // The new container has proved itself by then; the next pass removes the old one.
        #expect(actions(afterFailureAt: 6) == [])
    }

    /// An engine in trouble says nothing about a revision.
    @Test(arguments: [true, false])
    func onlyAContainerThatIsAtFaultCondemnsTheRevision(isBroken: Bool) {
        var execution = Execution(recreate)
        while !execution.isDone {
            for step in execution.takeReady(limit: 9) {
                if step.id == 4 {
                    execution.fail(4, reason: "no", isBroken: isBroken)
                } else {
                    execution.succeed(step.id, createdID: step.id == 0 ? "new" : nil)
                }
            }
        }
        #expect(execution.rolledBackParties == (isBroken ? ["1"] : []))
        #expect(execution.brokenParties == (isBroken ? ["1"] : []))
    }

    @Test func aStopLetsABegunRecreateEndAndStartsNothingElse() {
        var execution = Execution(recreate)
        #expect(execution.takeReady(limit: 9).map(\.id) == [0])
        execution.succeed(0, createdID: "new")
        #expect(execution.takeReady(limit: 9).map(\.id) == [1])
        execution.succeed(1)
        execution.cancelWaiting()
        var rest: [Int] = []
        while !execution.isDone {
            for step in execution.takeReady(limit: 9) {
                rest.append(step.id)
                execution.succeed(step.id)
            }
        }
        #expect(rest == [2, 3, 4, 5, 6])
        var untouched = Execution(recreate)
        untouched.cancelWaiting()
        #expect(untouched.isDone)
        #expect(untouched.states.allSatisfy { $0 == .skipped })
    }
}

extension Execution {
    fileprivate func resolve(_ action: Action) -> String? { action.container.flatMap(resolve) }
}
