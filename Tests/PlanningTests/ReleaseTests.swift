import DesiredState
import EngineModel
import Planning
import Testing

/// A new tag or another blueprint alone is no upgrade: the party's part waits, and says what to do.
struct ReleaseTests {
    /// A party whose web container runs release 1 of FATE, as its blueprint `old` says.
    private func deployment() throws -> Deployment {
        var deployment = try Deployment(isDeployed: false)
        deployment.host.registry["app:1.0-release"] = deployment.host.registry["app:1"]
        deployment.host.registry["app:2.0-release"] = deployment.host.registry["app:1"]
        deployment.web.image = "app:1.0-release"
        deployment.desired.parties[0].release = PartyRelease(
            blueprint: "old", version: "1.0", tag: "1.0-release")
        #expect(deployment.plan.holds.isEmpty)
        try deployment.apply()
        deployment.host.live.blueprints = ["1": "old"]
        #expect(deployment.plan.isEmpty)
        return deployment
    }

    private static let upgrade = PartyRelease.Upgrade(from: "1.0", steps: ["dump MySQL", "add columns"])

    private func upgraded() throws -> Deployment {
        var deployment = try deployment()
        deployment.web.image = "app:2.0-release"
        deployment.desired.parties[0].release = PartyRelease(
            blueprint: "new", version: "2.0", tag: "2.0-release", upgrades: [Self.upgrade])
        return deployment
    }

    @Test func anUpgradeNamesItsSteps() throws {
        let plan = try upgraded().plan
        #expect(
            plan.holds["1"] == [
                "it would go from FATE 1.0, blueprint old to FATE 2.0, blueprint new, and a new tag or "
                    + "blueprint alone is no upgrade",
                "step 1: dump MySQL", "step 2: add columns",
            ])
    }

    @Test func itIsHeldByTheImagesAloneWhereNothingIsRemembered() throws {
        var deployment = try upgraded()
        deployment.host.live.blueprints = [:]
        #expect(
            deployment.plan.holds["1"]?.first?.hasPrefix("it would go from FATE 1.0 to FATE 2.0,") == true)
        #expect(deployment.plan.holds["1"]?.count == 3)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aBumpOfTheTagIsHeldAndTheBlueprintSaysThatItIsAnotherOnes() throws {
        var deployment = try deployment()
        deployment.web.image = "app:2.0-release"
        deployment.desired.parties[0].release?.tag = "2.0-release"
        let reasons = try #require(deployment.plan.holds["1"])
        #expect(reasons.count == 2)
        #expect(
            reasons[1].contains("blueprint old has the files, commands and paths of FATE 1.0, not of 2.0"))
    }

    @Test func anotherBlueprintIsHeldAlthoughTheImagesStay() throws {
        var deployment = try deployment()
        deployment.desired.parties[0].release?.blueprint = "other"
        // With nothing to do there is nothing to hold.
        #expect(deployment.plan.holds.isEmpty)
        deployment.web.environment["MODE"] = "fast"
        let reasons = try #require(deployment.plan.holds["1"])
        #expect(reasons[0].hasPrefix("it would go from blueprint old to blueprint other,"))
        #expect(reasons[1].contains("states no upgrade"))
    }

    @Test func theWayBackIsHeldToo() throws {
        var deployment = try upgraded()
        try deployment.apply()
        deployment.host.live.blueprints = ["1": "new"]
        deployment.web.image = "app:1.0-release"
        deployment.desired.parties[0].release = PartyRelease(
            blueprint: "old", version: "1.0", tag: "1.0-release")
        #expect(
            deployment.plan.holds["1"]?.first?.contains("from FATE 2.0, blueprint new to FATE 1.0") == true)
    }

    @Test func whatIsNoReleaseOfFATEIsNotHeld() throws {
        var deployment = try deployment()
        // Another build of the same version, and an image that is not FATE's.
        deployment.host.registry["app:1.0-fixed"] = deployment.host.registry["app:1"]
        deployment.host.registry["db:9"] = deployment.host.registry["db:8"]
        deployment.web.image = "app:1.0-fixed"
        deployment.desired.parties[0].release?.tag = "1.0-fixed"
        deployment.db.image = "db:9"
        #expect(!deployment.plan.isEmpty && deployment.plan.holds.isEmpty)
    }

    @Test(arguments: [
        ("1.5.1-release", "1.5.1"), ("2.0", "2.0"), ("latest", nil), ("8", nil), ("1..2", nil),
        ("v1.5.1", nil),
        ("1.5.", nil), ("1.2.3.4-x", "1.2.3.4"), ("1.2.3.4.5", nil),
    ])
    func aTagBeginsWithAVersion(tag: String, version: String?) {
        #expect(PartyRelease.version(ofTag: tag) == version)
    }

    @Test(arguments: [
        ("a/b:1.5", "1.5"), ("localhost:5000/b", nil), ("localhost:5000/b:2", "2"), ("b@sha256:00", nil),
        ("b:3@sha256:00", "3"),
    ])
    func anImageHasATag(image: String, tag: String?) {
        #expect(PartyRelease.tag(ofImage: image) == tag)
    }
}
