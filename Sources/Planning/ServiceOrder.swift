import DesiredState

/// Services with their dependencies first, and by name where nothing decides.
enum ServiceOrder {
    /// A cycle is an error of the desired state that the decoder reports; here it only must not loop.
    static func sorted(_ services: [ServiceSpec]) -> [ServiceSpec] {
        var waiting = services.sorted { $0.name < $1.name }
        var placed: Set<String> = []
        var result: [ServiceSpec] = []
        let names = Set(services.map(\.name))
        while !waiting.isEmpty {
            let index =
                waiting.firstIndex { service in
                    service.dependsOn.allSatisfy { placed.contains($0) || !names.contains($0) }
                } ?? waiting.startIndex
            let next = waiting.remove(at: index)
            placed.insert(next.name)
            result.append(next)
        }
        return result
    }
}
