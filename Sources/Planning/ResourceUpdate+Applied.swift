import DesiredState

extension ResourceUpdate {
    /// The fields of the update that a container does not show: name, what it shows, what was asked for.
    ///
    /// The engine answers 200 to an update of which it does nothing, and takes zero for "as it is".
    public func untaken(in container: LiveContainer) -> [FieldChange] {
        let live = container.spec.normalised(image: nil, containerID: container.id)
        let wanted = container.spec.applying(self).normalised(image: nil, containerID: container.id)
        return ContainerField.all.filter { $0.rung == .updateInPlace }.flatMap { field in
            field.changes(
                from: ComparedContainer(spec: live, imageID: ""),
                to: ComparedContainer(spec: wanted, imageID: ""))
        }
    }
}

extension ContainerSpec {
    /// The spec with every field that the update sets.
    func applying(_ update: ResourceUpdate) -> ContainerSpec {
        var spec = self
        spec.restart = update.restart ?? restart
        spec.memory = update.memory ?? memory
        spec.memorySwap = update.memorySwap ?? memorySwap
        spec.nanoCPUs = update.nanoCPUs ?? nanoCPUs
        spec.pidsLimit = update.pidsLimit ?? pidsLimit
        return spec
    }
}
