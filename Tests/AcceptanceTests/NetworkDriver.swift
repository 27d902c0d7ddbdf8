import Foundation

/// A stand-in network driver that one engine of the tests can be told to use.
struct NetworkDriver {
    private let child: Child

    static func name(for engine: Engine) -> String { "\(engine.name)-net" }

    init(for engine: Engine) async throws {
        let child = try Child([Program.support("network-driver"), Self.name(for: engine)])
        self.child = child
        guard await eventually(within: .seconds(10), { child.output.contains("ready") }) else {
            throw Failure("the network driver does not start: \(child.errors)")
        }
    }

    func stop() { child.signal(SIGTERM) }
}
