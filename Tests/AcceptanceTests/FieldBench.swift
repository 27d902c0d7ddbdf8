import Foundation
import Testing

/// Changes the containers of a `FieldState` by hand, and checks what a sync does to each.
struct FieldBench {
    let host: Host
    let state: FieldState
    private let rungs: [String: String]

    init(_ host: Host) throws {
        self.host = host
        state = FieldState(host: host)
        let rows = try FieldRow.all().filter { ["Containers", "Endpoints"].contains($0.section) }
        rungs = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.needs) })
    }

    struct Document: Decodable {
        struct Change: Decodable { var field: String }
        struct Step: Decodable {
            var object: String
            var changes: [Change]
            var rung: String
        }
        struct Hold: Decodable {}
        struct Warning: Decodable {
            var object: String
            var changes: [Change]
        }

        var steps: [Step]
        var warnings: [Warning]
        var held: [Hold]?
    }

    /// The plan names each field and nothing else, the sync carries it out, each container is touched as the
    /// rung of its field says, and nothing is left to do.
    func expectEveryFieldRepaired() async throws {
        let before = try await host.containers()
        let plan = try await host.fatesync("plan", "-o", "json").decode(Document.self)
        #expect(plan.held?.isEmpty ?? true)
        expectFields(of: plan)
        // Volumes that differ are told in each pass, and never changed.
        try await host.fatesync("sync").expect(6)
        let after = try await host.containers()
        for change in state.cases where change.field != "container_name" {
            let name = state.name(change.name)
            let old = try #require(before[name], "\(name)")
            let new = try #require(after[name], "\(name)")
            #expect(new.status == "running", "\(name)")
            if rungs[change.field] == "recreate" {
                #expect(old.id != new.id, "\(change.field)")
            } else {
                #expect(old == new, "\(change.field)")
            }
        }
        #expect(after[state.name("container_name")] == nil)
        #expect(after[state.name("renamed")] == before[state.name("container_name")])
        #expect(after.count == before.count)
        for name in ["still"] + NetworkCase.all.map({ "on-\($0.name)" }) {
            #expect(before[state.name(name)] == after[state.name(name)], "\(name)")
        }
        let next = try await host.fatesync("plan", "-o", "json").decode(Document.self)
        #expect(next.steps.isEmpty)
    }

    private func expectFields(of plan: Document) {
        for change in state.cases where change.field != "container_name" {
            let steps = plan.steps.filter { $0.object == state.name(change.name) }
            let found = Set(steps.flatMap(\.changes).map(\.field))
            let isEndpoint = change.field.hasPrefix("networks")
            let prefix = isEndpoint ? "networks." : change.field
            let rest = found.filter { field in
                field != change.field && !field.hasPrefix(isEndpoint ? prefix : prefix + ".")
                    && !change.others.contains { field == $0 || field.hasPrefix($0 + ".") }
            }
            #expect(!found.isEmpty && rest.isEmpty, "\(change.field): \(found)")
            #expect(Set(steps.map(\.rung)) == [rungs[change.field] ?? ""], "\(change.field)")
        }
        for network in NetworkCase.all {
            let found = plan.steps.filter { $0.object == state.name(network.name) }.flatMap(\.changes).map(
                \.field)
            #expect(
                !found.isEmpty
                    && found.allSatisfy { $0 == network.field || $0.hasPrefix(network.field + ".") },
                "\(network.field): \(found)")
        }
        for volume in VolumeCase.all {
            #expect(!plan.steps.contains { $0.object == state.name(volume.name) })
            let found = plan.warnings.filter { $0.object == state.name(volume.name) }.flatMap(\.changes).map(
                \.field)
            #expect(
                !found.isEmpty && found.allSatisfy { $0 == volume.field || $0.hasPrefix(volume.field + ".") },
                "\(volume.field): \(found)")
        }
    }
}

extension FieldBench {
    /// The engine's own answers, by container name.
    func inspect() async throws -> [String: Data] {
        try await host.inspect(state.cases.map { state.name($0.name) })
    }

    /// Gives every container and network the value back that it had, as somebody would by hand: in place what the
    /// engine can change in place, and a container of the same name and labels for the rest.
    func bringBack(_ originals: [String: Data]) async throws {
        for network in NetworkCase.all { try await bringBack(network) }
        let net = state.name("net")
        let (networks, aliases) = (state.name("networks"), state.name("networks-aliases"))
        let address = state.name("networks-ipv4_address")
        try await host.engine.docker("network", "disconnect", state.name("side"), networks)
        try await host.engine.docker("network", "disconnect", net, aliases)
        try await host.engine.docker(
            "network", "connect", "--alias", "networks-aliases", "--alias", "one", net, aliases)
        try await host.engine.docker("network", "disconnect", net, address)
        let first = "10.\(60 + host.number).1.20"
        try await host.engine.docker(
            "network", "connect", "--alias", "networks-ipv4_address", "--ip", first, net, address)
        try await host.engine.docker("update", "--restart", "no", state.name("restart"))
        try await host.engine.docker(
            "update", "--memory", "64m", "--memory-swap", "256m", state.name("mem_limit"))
        try await host.engine.docker(
            "update", "--memory", "64m", "--memory-swap", "128m", state.name("memswap_limit"))
        try await host.engine.docker("update", "--cpus", "0.5", state.name("cpus"))
        try await host.engine.docker("update", "--pids-limit", "50", state.name("pids_limit"))
        try await host.engine.docker("rename", state.name("renamed"), state.name("container_name"))
        let recreated = state.cases.filter { rungs[$0.field] == "recreate" }.map { state.name($0.name) }
        try await host.engine.docker(["rm", "-f"] + recreated)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for name in recreated {
                let original = try #require(originals[name])
                group.addTask { try await host.make(name, like: original) }
            }
            try await group.waitForAll()
        }
    }

    private func bringBack(_ network: NetworkCase) async throws {
        let name = state.name(network.name)
        let member = state.name("on-\(network.name)")
        let format = "{{range $key, $value := .Labels}}{{$key}}={{$value}}\n{{end}}"
        let text = try await host.engine.docker("network", "inspect", "--format", format, name)
        let labels = text.split(separator: "\n").filter { $0 != "key=new" }.flatMap {
            ["--label", String($0)]
        }
        let options = network.byHand.map {
            $0.replacingOccurrences(of: "NET", with: "10.\(60 + host.number)")
        }
        try await host.engine.docker("network", "disconnect", "-f", name, member)
        try await host.engine.docker("network", "rm", name)
        try await host.engine.docker(["network", "create"] + options + labels + [name])
        try await host.engine.docker("network", "connect", "--alias", "on-\(network.name)", name, member)
    }
}
