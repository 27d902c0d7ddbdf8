import DesiredState
import DockerEngine
import Testing

@testable import Planning

/// The table of fields says what is really sent, and what is really compared.
@Suite struct FieldTableTests {
    @Test func everyFieldOfAContainerIsSentWhereTheTableSays() throws {
        try expectSent(ContainerCases.all, as: Self.containerPaths, constants: ContainerField.constants) {
            EngineCall.createContainer($0, name: $0.name)
        }
    }

    @Test func everyFieldOfANetworkIsSentWhereTheTableSays() throws {
        try expectSent(ResourceCases.networks, as: paths(NetworkField.all), constants: NetworkField.constants)
        {
            EngineCall.createNetwork($0)
        }
    }

    @Test func everyFieldOfAVolumeIsSentWhereTheTableSays() throws {
        try expectSent(ResourceCases.volumes, as: paths(VolumeField.all), constants: []) {
            EngineCall.createVolume($0)
        }
    }

    @Test func aChangeOfAContainerIsAChangeOfThatFieldAlone() {
        for change in ContainerCases.compared {
            #expect(Comparing.fields(of: change) == [change.field], "\(change)")
            #expect(Comparing.fields(of: change, backwards: true) == [change.field], "\(change)")
        }
    }

    @Test func aChangeOfANetworkOrVolumeIsAChangeOfThatFieldAlone() {
        for change in ResourceCases.networks where change.field != "name" {
            let fields = Set(change.from.changes(to: change.to).map { Comparing.name(of: $0.field) })
            #expect(fields == [change.field])
        }
        for change in ResourceCases.volumes where change.field != "name" {
            let fields = Set(change.from.changes(to: change.to).map { Comparing.name(of: $0.field) })
            #expect(fields == [change.field])
        }
    }

    @Test func everyStoredPropertyBelongsToAField() {
        expectAllProperties(ContainerCases.all, ContainerCases.base)
        expectAllProperties(ResourceCases.networks, ResourceCases.network)
        expectAllProperties(ResourceCases.volumes, ResourceCases.volume)
    }

    @Test func anUpdateSendsTheFieldsThatTheTableSays() throws {
        for field in ContainerField.all where field.reading.kind != .identity {
            #expect((field.rung == .updateInPlace) == (field.update != nil), "\(field.name)")
            #expect(field.sentInPlace.isEmpty == (field.update == nil), "\(field.name)")
            guard field.update != nil else { continue }
            var sent: Set<JSONLeaves.Leaf> = []
            for change in ContainerCases.all where change.field == field.name {
                let comparison = Comparing.comparison(of: change)
                #expect(comparison.rung == .updateInPlace)
                let call = EngineCall.updateContainer(id: "", comparison.update)
                sent.formUnion(try JSONLeaves(call.request(apiVersion: "1.45").body).all)
            }
            let patterns = field.sentInPlace.map(JSONPattern.init)
            #expect(
                sent.allSatisfy { leaf in patterns.contains { $0.names(leaf) } }, "\(field.name): \(sent)")
            #expect(patterns.allSatisfy { sent.contains(where: $0.names) }, "\(field.name): \(sent)")
        }
    }

    @Test func aConnectSendsTheFieldsThatTheTableSays() throws {
        let endpoint = EndpointSpec(aliases: ["a"], ipv4Address: "10.0.0.1")
        let call = EngineCall.connectNetwork(container: "c", network: "n", endpoint)
        let sent = try JSONLeaves(call.request(apiVersion: "1.45").body).all
        let patterns = EndpointField.all.flatMap(\.sentInPlace).filter { !$0.hasPrefix("?") }.map(
            JSONPattern.init)
        #expect(patterns.count == 2)
        #expect(patterns.allSatisfy { sent.contains(where: $0.names) })
        let rest = sent.filter { leaf in !patterns.contains { $0.names(leaf) } }
        #expect(rest == [JSONLeaves.Leaf(path: ["Container"], isEmpty: false)])
    }

    private static let containerPaths = paths(ContainerField.all).merging(paths(EndpointField.all)) {
        $0 + $1
    }

    private func expectAllProperties<Spec>(_ cases: [FieldCase<Spec>], _ base: Spec) {
        let changed = cases.reduce(into: Set<String>()) { $0.formUnion($1.properties) }
        #expect(changed == Set(Mirror(reflecting: base).children.compactMap(\.label)))
    }

    /// Each case changes the body only where its field says, all that a field says is changed by a case, and
    /// no body holds anything that no field says.
    private func expectSent<Spec>(
        _ cases: [FieldCase<Spec>], as paths: [String: [String]], constants: [FieldConstant],
        _ call: (Spec) -> EngineCall
    ) throws {
        let fixed = constants.map { JSONPattern($0.path) }
        let known = paths.values.joined().map(JSONPattern.init) + fixed
        var reached: [String: Set<String>] = [:]
        for change in cases {
            let stated = try #require(paths[change.field], "no field \(change.field)").map(JSONPattern.init)
            let requests = [change.from, change.to].map { call($0).request(apiVersion: "1.45") }
            let bodies = try requests.map { try JSONLeaves($0.body) }
            for leaf in bodies[0].all.union(bodies[1].all) {
                #expect(known.contains { $0.names(leaf) }, "\(leaf.path) is sent and in no field")
            }
            var found = bodies[0].differences(from: bodies[1])
            found = found.filter { leaf in !fixed.contains { $0.names(leaf) } }
            for leaf in found {
                #expect(stated.contains { $0.names(leaf) }, "\(change.field) is also sent in \(leaf.path)")
            }
            let hit = stated.filter { found.contains(where: $0.names) }.map(\.text)
            reached[change.field, default: []].formUnion(hit)
            if requests[0].path != requests[1].path { reached[change.field, default: []].insert("?name") }
        }
        for (field, stated) in paths where !Self.isObserved(field) {
            #expect(reached[field] == Set(stated), "\(field) is compared and not sent as the table says")
        }
    }

    /// What no file says and follows from another field.
    private static func isObserved(_ field: String) -> Bool { ["image id", "network id"].contains(field) }
}

private func paths<Side>(_ fields: [Field<Side>]) -> [String: [String]] {
    Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.sent) })
}

/// Compares the two sides of a case as the planner does.
enum Comparing {
    static let images = [
        ContainerCases.image: LiveImage(id: "1"), ContainerCases.otherImage: LiveImage(id: "2"),
    ]

    static func comparison(of change: FieldCase<ContainerSpec>) -> ContainerComparison {
        ContainerComparison(live: live(change.from), desired: change.to, images: images, networkIDs: [:])
    }

    /// The container as an engine shows it that was made from the spec.
    private static func live(_ spec: ContainerSpec) -> LiveContainer {
        var shown = spec
        shown.exposedPorts.formUnion(spec.ports.map { "\($0.containerPort)/\($0.proto)" })
        return LiveContainer(
            id: String(repeating: "a", count: 64), spec: shown, imageID: images[spec.image]?.id ?? "",
            status: .running)
    }

    static func fields(of change: FieldCase<ContainerSpec>, backwards: Bool = false) -> Set<String> {
        let (from, to) = backwards ? (change.to, change.from) : (change.from, change.to)
        return fields(from: live(from), to: to, images: images)
    }

    /// The fields of the container that differ, and for each endpoint the first one.
    static func fields(
        from live: LiveContainer, to desired: ContainerSpec, images: [String: LiveImage]
    ) -> Set<String> {
        let pair = ContainerPair(live: live, desired: desired, images: images)
        var fields = Set(
            ContainerField.all.filter { !$0.changes(from: pair.live, to: pair.desired).isEmpty }.map(\.name))
        for name in Set(pair.live.networks.keys).union(pair.desired.networks.keys) {
            let sides = [pair.live, pair.desired].map { side in
                side.networks[name].map { ComparedEndpoint(spec: $0, networkID: "") }
            }
            if let field = EndpointField.first(where: sides[0], differsFrom: sides[1]) {
                fields.insert(field.name)
            }
        }
        return fields
    }

    /// The field of a change such as `environment.PATH`.
    static func name(of change: String) -> String {
        let names = ContainerField.all.map(\.name) + NetworkField.all.map(\.name)
        return names.first { change == $0 || change.hasPrefix($0 + ".") } ?? change
    }
}
