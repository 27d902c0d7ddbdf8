import Planning
import Reconciliation

/// One object's steps in a plan: a recreate is one change, whatever calls it takes.
struct PlanChange {
    let party: String
    let object: String
    private(set) var rung: Rung
    let cause: String
    private(set) var changes: [FieldChange]
    private(set) var disruptions: [Disruption]

    /// The changes in the order of their first steps.
    static func all(in plan: PlanDocument) -> [PlanChange] {
        var all: [PlanChange] = []
        for step in plan.steps {
            let disruptions = step.disruption.map { [$0] } ?? []
            // One that a newer watcher knows is shown as what it may be.
            let rung = Rung(name: step.rung) ?? .recreate
            if let index = all.firstIndex(where: { $0.party == step.party && $0.object == step.object }) {
                all[index].rung = max(all[index].rung, rung)
                all[index].changes += step.changes.filter { !all[index].changes.contains($0) }
                all[index].disruptions += disruptions
            } else {
                all.append(
                    PlanChange(
                        party: step.party, object: step.object, rung: rung, cause: step.cause,
                        changes: step.changes, disruptions: disruptions))
            }
        }
        return all
    }
}
