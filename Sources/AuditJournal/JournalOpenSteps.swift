/// The steps that were begun and have no result.
struct JournalOpenSteps {
    private struct Key: Hashable {
        let party: String?
        let plan: String?
        let step: Int?
        let action: String?
        let object: String?

        init(_ record: JournalRecord) {
            party = record.party
            plan = record.plan
            step = record.step
            // A step's number names it; the object's id is known only afterwards.
            action = record.step == nil ? record.action : nil
            object = record.step == nil ? record.object?.name : nil
        }
    }

    private var places: [Key: JournalPlace] = [:]

    /// Notes the intent; gives the place of an earlier one for the same step that was never finished.
    mutating func begin(_ entry: JournalEntry) -> JournalPlace? {
        places.updateValue(entry.place, forKey: Key(entry.record))
    }

    mutating func end(_ entry: JournalEntry) {
        places[Key(entry.record)] = nil
    }

    var open: [JournalPlace] { places.values.sorted { ($0.seq ?? 0) < ($1.seq ?? 0) } }
}
