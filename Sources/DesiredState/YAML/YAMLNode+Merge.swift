extension YAMLNode {
    /// This node with `other` laid over it: maps key by key, everything else replaced.
    ///
    /// Every value keeps the place that it was read from.
    func merging(_ other: YAMLNode) -> YAMLNode {
        guard case .map(var entries) = content, case .map(let changes) = other.content else { return other }
        for change in changes {
            if let index = entries.firstIndex(where: { $0.key == change.key }) {
                entries[index].value = entries[index].value.merging(change.value)
                entries[index].keyLocation = change.keyLocation
            } else {
                entries.append(change)
            }
        }
        var merged = self
        merged.content = .map(entries)
        return merged
    }
}
