/// All that fatesync knows about one field of a resource.
///
/// What is compared, what a change needs and what the manual says about it follow from these entries alone.
/// `Side` is one side of a comparison, in its normalised form.
///
/// JSON paths are dotted; `[]` stands for each element of a list, `*` for each key of a map.
struct Field<Side: Sendable>: Sendable {
    /// The name in plans.
    let name: String
    /// The key in compose.yaml, below the resource's own key; empty where no file says it.
    let compose: String
    /// Paths in the body of the create call; a name that is part of the address is written `?name`.
    let sent: [String]
    /// Paths in the body of the call that changes a running container: `update`, or `connect`.
    let sentInPlace: [String]
    /// Paths in the engine's answer to `inspect`.
    let shown: [String]
    /// How both sides are made equal where they say the same, in one sentence.
    let rule: String
    /// What a change needs; `nil` where fatesync reports a difference and never removes it.
    let rung: Rung?
    let reading: FieldReading<Side>
    /// Adds the field to an update; answers whether the engine can take this value in place.
    let update: (@Sendable (Side, inout ResourceUpdate) -> Bool)?

    init(
        _ name: String, _ rung: Rung?, _ reading: FieldReading<Side>, compose: String? = nil,
        sent: [String], inPlace: [String] = [], shown: [String], rule: String,
        update: (@Sendable (Side, inout ResourceUpdate) -> Bool)? = nil
    ) {
        self.name = name
        self.compose = compose ?? name
        self.sent = sent
        sentInPlace = inPlace
        self.shown = shown
        self.rule = rule
        self.rung = rung
        self.reading = reading
        self.update = update
    }

    /// The differences that turn `live` into `desired`; empty when both are equal.
    func changes(from live: Side, to desired: Side) -> [FieldChange] {
        reading.kind == .identity || reading.kind == .handover
            ? [] : reading.value(live).changes(to: reading.value(desired), field: name)
    }
}

/// How two values of a field are compared.
enum FieldKind: String, Sendable {
    case value
    case list
    case set
    case map
    /// Finds the two sides that belong together, so it cannot differ.
    case identity
    /// No file says it, and a new container takes it over from the old one, so it cannot differ.
    case handover
}

/// The value of a field in the form that is compared and shown.
struct FieldReading<Side: Sendable>: Sendable {
    let kind: FieldKind
    let value: @Sendable (Side) -> FieldValue

    /// Compared as a whole.
    static func value(_ read: @escaping @Sendable (Side) -> String?) -> Self {
        Self(kind: .value) { .scalar(read($0) ?? "-") }
    }

    /// Compared element by element, in their order.
    static func list(_ read: @escaping @Sendable (Side) -> [String]?) -> Self {
        Self(kind: .list) { .list(read($0)) }
    }

    /// Compared element by element, in any order.
    static func set(_ read: @escaping @Sendable (Side) -> [String]) -> Self {
        Self(kind: .set) { .list(read($0).sorted()) }
    }

    /// Compared key by key.
    static func map(_ read: @escaping @Sendable (Side) -> [String: String]) -> Self {
        Self(kind: .map) { .entries(read($0)) }
    }

    static func identity(_ read: @escaping @Sendable (Side) -> String) -> Self {
        Self(kind: .identity) { .scalar(read($0)) }
    }

    static func handover(_ read: @escaping @Sendable (Side) -> String?) -> Self {
        Self(kind: .handover) { .scalar(read($0) ?? "-") }
    }
}

/// What every create call says in the same words, with the reason; no field of a resource.
struct FieldConstant: Sendable {
    let path: String
    let value: String
    let reason: String
}
