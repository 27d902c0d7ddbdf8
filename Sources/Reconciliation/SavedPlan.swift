public import DesiredState
import Planning

/// What `sync --plan` needs of a plan that `plan -o json` has written: whose it is, and what it was made from.
public struct SavedPlan: Sendable, Equatable, Codable {
    public var host: String
    public var revision: Revision
    /// SHA-256 of the steps and of the ids of this host's containers.
    public var fingerprint: String

    /// Why the plan is not what a sync would carry out now; `nil` when it is.
    func objection(to comparison: Comparison) -> String? {
        let current = comparison.savedPlan
        let advice = "make it anew with `fatesync plan -o json`, and have it looked at again"
        if host != current.host {
            return "the plan was made for host \(host), and this is \(current.host)"
        }
        if revision.commit != current.revision.commit {
            return "the plan was made for \(revision.short), and now it would be \(current.revision.short); "
                + advice
        }
        if fingerprint != current.fingerprint {
            return "live state has moved since the plan was made; \(advice)"
        }
        return nil
    }
}

extension Comparison {
    /// The plan, in the form in which it can be recognised.
    var savedPlan: SavedPlan {
        let own = live.containers.values.filter { $0.spec.labels[Labels.host] == desired.host }
        let ids = own.map { "\($0.spec.name) \($0.id)" }.sorted()
        let text = ([plan.description] + ids).joined(separator: "\n")
        return SavedPlan(
            host: desired.host, revision: revision, fingerprint: PlanJournal.digest(of: Array(text.utf8)))
    }
}
