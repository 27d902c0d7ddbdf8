import DesiredState
import DockerEngine
import Testing

@testable import Planning

/// What fatesync makes of a spec is what an engine makes of it: each is created, read and removed.
@Suite struct TwinTests {
    @Test(arguments: TestEngine.Version.allCases)
    func theEngineShowsWhatAComparisonExpects(_ version: TestEngine.Version) throws {
        let bench = try TwinBench(version)
        defer { bench.lab.clean() }
        let specs = TwinSpecs.all.map { bench.adapted($0.spec) }
        let twins = try bench.create(specs)
        for (index, desired) in specs.enumerated() {
            let live = try #require(twins[desired.name])
            let pair = ContainerPair(live: live, desired: desired, images: bench.images)
            #expect(pair.live == pair.desired, "\(TwinSpecs.all[index].title): \(bench.differences(pair))")
        }
    }

    /// The table's places in the engine's answer, and a change by hand of any field is seen as that one.
    @Test(arguments: TestEngine.Version.allCases)
    func aChangedFieldShowsWhereTheTableSaysAndNowhereElse(_ version: TestEngine.Version) throws {
        let bench = try TwinBench(version)
        defer { bench.lab.clean() }
        let cases = ContainerCases.compared
        let old = cases.map { bench.adapted($0.from) }
        let new = cases.map { bench.adapted($0.to) }
        let twins = try bench.create(old + new)
        let answers = try bench.answers(of: (old + new).map { twins[$0.name]?.id ?? "" })
        for (index, change) in cases.enumerated() {
            let live = try #require(twins[old[index].name])
            let fields = Comparing.fields(from: live, to: new[index], images: bench.images)
            #expect(fields == [change.field], "case \(index)")
            let sides = [answers[index], answers[index + cases.count]]
            let shown = bench.shown(change.field)
            let found = sides[0].differences(from: sides[1]).filter { leaf in
                shown.contains { $0.covers(leaf) } || !bench.isNoise(leaf)
            }
            #expect(!found.isEmpty, "\(change.field) is not shown")
            for leaf in found {
                #expect(shown.contains { $0.covers(leaf) }, "\(change.field) is also shown in \(leaf.path)")
            }
        }
    }

    @Test(arguments: TestEngine.Version.allCases)
    func networksAndVolumesShowWhatAComparisonExpects(_ version: TestEngine.Version) throws {
        let bench = try TwinBench(version)
        defer { bench.lab.clean() }
        // Neither engine has such drivers at hand.
        for change in ResourceCases.networks where !["driver", "name"].contains(change.field) {
            let sides = [change.from, change.to].map(bench.adapted)
            let live = try bench.twin(of: sides[0])
            #expect(live.changes(to: sides[0]).isEmpty)
            let fields = Set(live.changes(to: sides[1]).map { Comparing.name(of: $0.field) })
            #expect(fields == [change.field])
            let other = try bench.twin(of: sides[1])
            #expect(other.changes(to: sides[1]).isEmpty)
        }
        for change in ResourceCases.volumes where !["driver", "name"].contains(change.field) {
            let sides = [change.from, change.to].map(bench.adapted)
            let live = try bench.twin(of: sides[0])
            #expect(live.changes(to: sides[0]).isEmpty)
            let fields = Set(live.changes(to: sides[1]).map { Comparing.name(of: $0.field) })
            #expect(fields == [change.field])
            let other = try bench.twin(of: sides[1])
            #expect(other.changes(to: sides[1]).isEmpty)
        }
    }
}
