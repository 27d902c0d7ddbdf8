extension LiveContainer {
    /// Whether the container has these values in the fields that an update can change, as plans show them.
    public func shows(_ values: [(field: String, value: String)]) -> Bool {
        let side = ComparedContainer(
            spec: spec.normalised(image: nil, containerID: id), imageID: imageID)
        return values.allSatisfy { name, value in
            guard let field = ContainerField.all.first(where: { $0.name == name }) else { return false }
            return field.reading.value(side) == .scalar(value)
        }
    }
}
