import EngineModel
import Testing

@testable import Planning

/// The laws of a plan, over generated hosts.
///
/// A failure names the seed that repeats it: `LawExample(seed:)`.
struct LawTests {
    @Test(arguments: Law.allCases)
    func everyPlanKeepsTheLaw(law: Law) async {
        let survey = await LawSurvey.shared.value
        let violations = survey.violations[law] ?? []
        for text in violations.prefix(5) { Issue.record("\(law): \(text)") }
        #expect(violations.isEmpty, "\(violations.count) violations of \(law)")
        let checked = survey.checked[law] ?? 0
        print("\(law): \(checked) pairs of live and desired state")
        #expect(UInt64(checked) >= LawSurvey.cases / law.stride)
    }

    @Test func theFirstLawIsCheckedOnTenThousandPairs() async {
        #expect(await LawSurvey.shared.value.checked[.nothingIsLeftToDo] ?? 0 >= 10_000)
    }

    /// Without it the laws would be about nothing.
    @Test func everyActionRungAndFieldOccurs() async {
        let coverage = await LawSurvey.shared.value.coverage
        for (what, count) in coverage.sorted(by: { $0.key < $1.key }) { print("\(what): \(count)") }
        let actions = [
            "directory.create", "file.write", "image.pull", "network.create", "network.remove",
            "volume.create", "container.create", "network.connect", "network.disconnect", "container.update",
            "container.rename", "container.start", "container.await", "container.unpause", "container.stop",
            "container.restart", "container.remove", "container.signal", "container.check",
        ].map { "action \($0)" }
        let rungs = Rung.allCases.map { "rung \($0.name)" }
        let fields = ContainerField.all.map { "field \($0.name)" } + ["field networks", "field ipam"]
        let states = ["created", "running", "paused", "restarting", "removing", "exited", "dead"]
            .map { "container \($0)" }
        let others = [
            "leftover .next", "leftover .old", "file for nobody", "file that is reloaded",
            "file that needs a restart", "file that needs a signal", "plan empty", "plan held",
            "plan with a warning",
            "disruption down", "disruption removed", "disruption disconnected", "disruption outdated",
        ]
        for what in actions + rungs + fields + states + others {
            #expect(coverage[what, default: 0] >= 10, "the generator hardly ever makes: \(what)")
        }
    }
}
