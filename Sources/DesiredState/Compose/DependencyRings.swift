/// Finds services that wait for each other in a ring, and so for themselves.
struct DependencyRings {
    private(set) var diagnostics: [Diagnostic] = []
    private let needs: [String: [Located<String>]]
    private var path: [String] = []
    private var finished: Set<String> = []

    init(_ services: [ComposeService]) {
        needs = services.reduce(into: [:]) { $0[$1.spec.name] = $1.dependencies }
        for service in services { visit(service.spec.name) }
    }

    private mutating func visit(_ name: String) {
        path.append(name)
        for need in needs[name] ?? [] where !finished.contains(need.value) {
            if let start = path.firstIndex(of: need.value) {
                report(Array(path[start...]) + [need.value], at: need.location)
            } else {
                visit(need.value)
            }
        }
        path.removeLast()
        finished.insert(name)
    }

    private mutating func report(_ ring: [String], at place: SourceLocation) {
        let message = "services wait for each other: \(ring.joined(separator: " -> "))"
        diagnostics.append(Diagnostic(code: "E-CYCLE", at: place, message))
    }
}
