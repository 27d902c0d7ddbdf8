import Planning

extension DockerClient {
    /// Reads all containers, whoever made them, with their images, all networks and all volumes.
    public func observeEverything() throws(DockerError) -> ObservedEngine {
        var scope = ObservationScope(host: "")
        let lists = try observe(scope)
        scope.containerIDs = Set(lists.list.map(\.id))
        let containers = try extend(lists, to: scope)
        scope.imageReferences = Set(containers.containers.values.map(\.imageID))
        return try extend(containers, to: scope)
    }
}
