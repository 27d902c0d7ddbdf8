import DesiredState

extension Planner {
    /// Whether the image is not here and not to be had now; then a warning says why.
    mutating func lacksImage(_ spec: ContainerSpec, party: String) -> Bool {
        guard let reason = missingImage(of: spec) else { return false }
        builder.hold(back: spec.name, of: party, because: "its image could not be pulled: \(reason)")
        return true
    }

    func missingImage(of spec: ContainerSpec) -> String? {
        live.images[spec.image] == nil ? desired.withoutPull[spec.image] : nil
    }
}
