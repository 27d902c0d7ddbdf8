import DesiredState
import EngineModel
import Planning
import Testing

/// What the planner makes of a host that was changed by hand.
struct DriftTests {
    static let statuses: [(LiveContainer.Status, String)] = [
        (.exited, "1 container.start p1_web: exited"),
        (.paused, "1 container.unpause p1_web: paused"),
        (.restarting, ""),
        (
            .dead,
            """
            1 container.remove p1_web: dead
            1 container.create p1_web: missing
            1 container.start p1_web: missing
            """
        ),
        (
            .removing,
            """
            1 container.create p1_web: missing
            1 container.start p1_web: missing
            """
        ),
    ]

    @Test(arguments: statuses)
    func aContainerThatDoesNotRunIsBroughtBack(status: LiveContainer.Status, text: String) throws {
        var deployment = try Deployment()
        try deployment.byHand("p1_web") { $0.status = status }
        #expect(deployment.plan.description == text)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aRemovedContainerIsMadeAgain() throws {
        var deployment = try Deployment()
        deployment.host.live.containers[try deployment.id(of: "p1_web")] = nil
        #expect(
            deployment.plan.description == """
                1 container.create p1_web: missing
                1 container.start p1_web: missing
                """)
    }

    @Test func aRestartPolicyChangedByHandIsSetBack() throws {
        var deployment = try Deployment()
        try deployment.byHand("p1_db") { $0.spec.restart = RestartPolicy(name: "no") }
        #expect(deployment.plan.description == "1 container.update p1_db: changed; restart no -> always")
    }

    @Test func anImageThatMovedRecreatesWhatRunsTheOldOne() throws {
        var deployment = try Deployment()
        deployment.host.live.images["app:1"]?.id = "sha256:new"
        #expect(
            deployment.plan.description
                == Deployment.recreate(of: "p1_web", because: "image id sha256:app1 -> sha256:new"))
    }

    @Test func aReferenceThatLostItsImageIsNoReasonToAct() throws {
        var deployment = try Deployment()
        deployment.host.live.images["sha256:app1"] = deployment.host.live.images.removeValue(forKey: "app:1")
        #expect(deployment.plan.isEmpty)
    }

    @Test func aContainerOfSomebodyElseThatHoldsANameIsReportedAndLeftAlone() throws {
        var deployment = try Deployment()
        try deployment.byHand("p1_web") { $0.spec.labels = ["somebody": "else"] }
        #expect(deployment.plan.isEmpty)
        #expect(deployment.plan.warnings.map(\.object) == ["p1_web"])
        deployment.desired.parties = []
        #expect(!deployment.plan.steps.contains { $0.object == "p1_web" })
    }

    @Test func aVolumeThatDiffersIsReportedAndNeverTouched() throws {
        var deployment = try Deployment()
        deployment.desired.parties[0].volumes[0].driverOptions = ["o": "bind"]
        #expect(deployment.plan.isEmpty)
        #expect(deployment.plan.warnings.map(\.changes) == [[FieldChange("driver_opts.o", "-", "bind")]])
    }

    // MARK: Files

    @Test func aFileThatItsReaderRereadsIsOnlyWritten() throws {
        var deployment = try Deployment()
        edit("route.json", of: &deployment)
        #expect(
            deployment.plan.description == """
                1 file.write /data/1/confs/route.json: content differs, in effect within 60 s; line hand -> {}
                """)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aFileThatIsReadAtStartIsWrittenAndItsServicesRestartedInOrder() throws {
        var deployment = try Deployment()
        deployment.desired.parties[0].files[1].onChange = .restart(services: ["web", "db"])
        edit("app.conf", of: &deployment)
        #expect(
            deployment.plan.description == """
                1 file.write /data/1/confs/app.conf: content differs, restart of web, db; line hand -> mode=1
                1 container.restart p1_web: app.conf changed
                1 container.restart p1_db: app.conf changed
                """)
        #expect(deployment.plan.steps[2].after.isSuperset(of: [0, 1]))
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aRestartThatACrashPreventedIsMadeUpFor() throws {
        var deployment = try Deployment()
        edit("app.conf", of: &deployment)
        try deployment.apply(limit: 1)
        #expect(deployment.plan.description == "1 container.restart p1_web: app.conf changed")
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aPausedContainerWithAStaleFileIsResumedAndRestarted() throws {
        var deployment = try Deployment()
        edit("app.conf", of: &deployment)
        try deployment.byHand("p1_web") { $0.status = .paused }
        #expect(
            deployment.plan.description == """
                1 file.write /data/1/confs/app.conf: content differs, restart of web; line hand -> mode=1
                1 container.unpause p1_web: paused
                1 container.restart p1_web: app.conf changed
                """)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func aStoppedContainerReadsTheNewFileWhenItStarts() throws {
        var deployment = try Deployment()
        edit("app.conf", of: &deployment)
        try deployment.byHand("p1_web") { $0.status = .exited }
        #expect(!deployment.plan.description.contains("restart"))
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func permissionsThatChangedAreSetBackAndTheReaderRestarted() throws {
        var deployment = try Deployment()
        deployment.desired.parties[0].files[1].mode = 0o600
        #expect(
            deployment.plan.description == """
                1 file.write /data/1/confs/app.conf: permissions changed, restart of web; mode 644 -> 600
                1 container.restart p1_web: app.conf changed
                """)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func whatIsNoRegularFileIsReportedAndCausesNoRestart() throws {
        var deployment = try Deployment()
        deployment.host.live.files["/data/1/confs/app.conf"] = .other("symbolic link")
        #expect(deployment.plan.isEmpty)
        #expect(deployment.plan.warnings.map(\.object) == ["/data/1/confs/app.conf"])
    }

    @Test func aMissingDirectoryIsMadeBeforeWhatLiesInIt() throws {
        var deployment = try Deployment()
        deployment.host.live.files = [:]
        deployment.desired.parties[0].directories.append(DirectorySpec(path: "/data/1"))
        #expect(
            deployment.plan.description == """
                1 directory.create /data/1: missing
                1 directory.create /data/1/confs: missing
                1 file.write /data/1/confs/app.conf: missing, restart of web
                1 file.write /data/1/confs/route.json: missing
                1 container.restart p1_web: app.conf changed
                """)
        #expect(deployment.plan.steps.map(\.after.count) == [0, 1, 2, 2, 4])
    }

    @Test func onlyTheFirstChangedLinesAreShown() throws {
        var deployment = try Deployment()
        let text = (1...20).map { "line\($0)\n" }.joined()
        deployment.desired.parties[0].files[0].content = Array(text.utf8)
        let changes = try #require(deployment.plan.steps.first).changes
        #expect(changes.count == 9)
        #expect(changes.last == FieldChange("line", "-", "and 12 more"))
    }

    private func edit(_ name: String, of deployment: inout Deployment) {
        deployment.host.clock += 1
        deployment.host.live.files["/data/1/confs/\(name)"] = .file(
            content: Array("hand\n".utf8), mode: 0o644, modified: ModelHost.nanoseconds(deployment.host.clock)
        )
    }

    @Test func aHostNameThatBeginsLikeTheIdIsNoIdOfTheEngine() throws {
        var deployment = try Deployment()
        let id = try deployment.id(of: "p1_web")
        try deployment.byHand("p1_web") { $0.spec.hostname = String(id.prefix(2)) }
        deployment.web.hostname = String(id.prefix(2))
        #expect(deployment.plan.isEmpty)
        deployment.web.hostname = nil
        #expect(!deployment.plan.isEmpty)
    }
}
