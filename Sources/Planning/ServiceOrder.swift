import DesiredState

/// Services with their dependencies first, and by name where nothing decides.
enum ServiceOrder {
    /// A cycle is an error of the desired state that the decoder reports; here it only must not loop.
    static func sorted(_ services: [ServiceSpec]) -> [ServiceSpec] {
        var waiting = services.sorted { $0.name < $1.name }
        var placed: Set<String> = []
        var result: [ServiceSpec] = []
        let names = Dictionary(services.map { ($0.container.name, $0.name) }) { first, _ in first }
        let known = Set(names.values)
        while !waiting.isEmpty {
            let index =
                waiting.firstIndex { service in
                    let shared = service.container.sharedContainers.compactMap { names[$0] }
                    return (service.dependsOn + shared).allSatisfy {
                        placed.contains($0) || !known.contains($0) || $0 == service.name
                    }
                } ?? waiting.startIndex
            let next = waiting.remove(at: index)
            placed.insert(next.name)
            result.append(next)
        }
        return result
    }
}
