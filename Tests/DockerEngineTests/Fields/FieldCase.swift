/// One change of one field: two specs in which nothing else differs.
struct FieldCase<Spec: Sendable>: Sendable {
    /// The field's name in the table.
    let field: String
    let from: Spec
    let to: Spec

    init(
        _ field: String, of base: Spec, from prepare: (inout Spec) -> Void = { _ in },
        to change: (inout Spec) -> Void
    ) {
        self.field = field
        var spec = base
        prepare(&spec)
        from = spec
        change(&spec)
        to = spec
    }

    /// The stored properties of the spec that differ.
    var properties: Set<String> {
        let pairs = zip(Mirror(reflecting: from).children, Mirror(reflecting: to).children)
        return Set(
            pairs.compactMap { old, new in
                // Texts of sets and maps come in any order, so equal ones may look different; never the reverse.
                String(reflecting: old.value) == String(reflecting: new.value) ? nil : new.label
            })
    }
}
