import Testing

extension Acceptance {
    /// The fields that no file says: which image a name means, and which network.
    @Suite struct ObservedFieldTests {
        @Test(arguments: Engine.Version.allCases)
        func `another image or network of the same name is noticed and taken`(
            _ version: Engine.Version
        ) async throws {
            try await Host.use(engine: version) { host in
                let state = SmallState(host: host)
                let tag = "\(host.name)/image:1"
                try await host.engine.docker("tag", "federatedai/client:1.5.1-release", tag)
                try state.write(parties: [1])
                try state.override(1, "job", "image: \(tag)")
                try await host.push()
                try await host.fatesync("sync").expect(0)
                let before = try await host.containers()
                let (job, web) = (state.prefix(1) + "_job", state.prefix(1) + "_web")

                try await host.engine.docker("tag", "federatedai/python:1.5.1-release", tag)
                try await host.fatesync("plan", "-o", "json").expectChanges(
                    [job: ["environment", "image id", "working_dir"]], rungs: ["recreate"])
                try await host.fatesync("sync").expect(0)
                let recreated = try await host.containers()
                #expect(recreated[job]?.id != before[job]?.id)
                #expect(recreated.filter { $0.key != job } == before.filter { $0.key != job })
                let python = try await host.engine.field("federatedai/python:1.5.1-release", "{{.Id}}")
                #expect(try await host.engine.field(job, "{{.Image}}") == python)

                let net = state.prefix(1) + "_net"
                try await host.engine.docker(["stop"] + state.names(1).sorted())
                let labels = try await host.engine.docker(
                    "network", "inspect", "--format",
                    "{{range $key, $value := .Labels}}{{$key}}={{$value}}\n{{end}}", net)
                try await host.engine.docker("network", "rm", net)
                try await host.engine.docker(
                    ["network", "create", "--subnet", "\(state.subnet(1)).0/24"]
                        + labels.split(separator: "\n").flatMap { ["--label", String($0)] } + [net])
                let changes = state.names(1).map { ($0, Set(["networks.\(net)"])) }
                try await host.fatesync("plan", "-o", "json").expectChanges(
                    Dictionary(uniqueKeysWithValues: changes), rungs: ["connect network", "start"])
                try await host.fatesync("sync").expect(0)
                let moved = try await host.containers()
                #expect(moved.mapValues(\.id) == recreated.mapValues(\.id))
                #expect(moved.values.allSatisfy { $0.status == "running" })
                let format = "{{range .NetworkSettings.Networks}}{{.NetworkID}} {{.IPAddress}}{{end}}"
                let network = try await host.engine.field(net, "{{.Id}}")
                #expect(try await host.engine.field(web, format) == "\(network) \(state.subnet(1)).10")
                try await host.fatesync("plan", "--exit-code").expect(0)
                try await host.engine.docker("rm", "-f", job)
                try await host.engine.docker("rmi", tag)
            }
        }
    }
}

extension Exit {
    private struct Document: Decodable {
        struct Change: Decodable { var field: String }
        struct Step: Decodable {
            var object: String
            var changes: [Change]
            var rung: String
        }

        var steps: [Step]
    }

    /// The plan changes these fields of these objects, a map's by its name alone, and takes no other rung.
    fileprivate func expectChanges(
        _ expected: [String: Set<String>], rungs: Set<String>,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let steps = try decode(Document.self).steps
        let found = steps.reduce(into: [String: Set<String>]()) { result, step in
            let fields = step.changes.map { change in
                change.field.hasPrefix("networks.")
                    ? change.field : String(change.field.prefix { $0 != "." })
            }
            result[step.object, default: []].formUnion(fields)
        }
        #expect(found == expected, sourceLocation: sourceLocation)
        #expect(Set(steps.map(\.rung)) == rungs, sourceLocation: sourceLocation)
    }
}
