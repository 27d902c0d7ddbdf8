import Testing

@testable import DesiredState

/// `jobs`, `stopTimeouts`, `firstStart` and `addresses` of a blueprint, and `maxHold` of a party.
struct JobDeclarationTests {
    @Test func theExampleSaysHowItsJobsAreKeptSafe() throws {
        let party = try Example().decode().party("10000")
        #expect(
            party.jobs
                == JobGuard(
                    service: "python", port: 9380, api: .v1,
                    guards: ["clustermanager", "nodemanager", "rollsite", "python", "mysql"], maxHold: 86_400)
        )
        let stops = party.services.compactMap { service in service.stopTimeout.map { "\(service.name) \($0)" }
        }
        #expect(stops == ["clustermanager 120"])
        #expect(party.services.allSatisfy { $0.container.stopTimeout == nil })
        #expect(
            party.directories.filter { $0.owner != nil } == [
                DirectorySpec(
                    path: "/srv/fate/confs-10000/shared_dir/data/mysql", owner: FileOwner(uid: 999, gid: 999))
            ])
    }

    @Test func aPartySaysHowLongJobsMayHoldIt() throws {
        let example = try Example(Example.party10000, "variables:\n", "maxHold: 1h30m\nvariables:\n")
        let state = example.decode()
        #expect(state.diagnostics.lines == [])
        #expect(try state.party("10000").jobs?.maxHold == 5400)
        #expect(try state.party("9999").jobs?.maxHold == 86_400)
        #expect(
            try Example(Example.party10000, "variables:\n", "maxHold: 721h\nvariables:\n").lines == [
                "parties/10000/party.yaml:12:1: error E-RANGE: \"maxHold\" must be from 0s to 720h"
            ])
    }

    @Test func whatCountsAtTheFirstStartOnlyComesWithTheSQLAndWithoutSecrets() throws {
        var example = try Example()
        try example.makePasswordSecret()
        var context = Example.context
        context.secrets = ["DB_PASSWORD": "hush"]
        let party = try example.decode(context).party("10000")
        let base = "/srv/fate/confs-10000"
        #expect(
            party.firstStart.first
                == FirstStartValue(
                    variable: "DB_PASSWORD", directory: "\(base)/shared_dir/data/mysql",
                    script: "\(base)/confs/mysql/init/insert-node.sql",
                    file: "\(base)/confs/fate_flow/conf/service_conf.yaml", key: "database.passwd",
                    instead: "ALTER USER 'fate'@'%' IDENTIFIED BY '<the new password>';"))
        #expect(party.firstStart.map(\.variable) == ["DB_PASSWORD", "DB_USER", "DB_NAME"])
        try example.replace(Example.blueprint, "BY '<the new password>'", "BY '${DB_PASSWORD}'")
        #expect(
            try example.decode(context).party("10000").firstStart.first?.instead
                == "ALTER USER 'fate'@'%' IDENTIFIED BY '<DB_PASSWORD>';")
    }

    static let mistakes: [(old: String, new: String, message: String)] = [
        ("  api: v1\n", "  api: v3\n", "E-VALUE: unknown api \"v3\" (did you mean \"v1\"?)"),
        (
            "rollsite, python, mysql]", "rolsite]",
            "E-REF: unknown service \"rolsite\" (did you mean \"rollsite\"?)"
        ),
        (
            "  clustermanager: 120s", "  clustermanager: 0s",
            "E-RANGE: \"clustermanager\" must be from 1s to 3600s"
        ),
        (
            "  - variable: DB_NAME", "  - variable: DB_NAM",
            "E-REF: unknown variable \"DB_NAM\" (did you mean \"DB_NAME\"?)"
        ),
        (
            "    key: fateflow.host", "    keys: fateflow.host",
            "E-REQUIRED: the element of \"addresses\" needs the key \"key\""
        ),
    ]

    @Test(arguments: mistakes) func aMistakeIsReported(old: String, new: String, message: String) throws {
        let lines = try Example(Example.blueprint, old, new).lines
        #expect(lines.contains { $0.hasSuffix(message) }, "\(lines)")
    }
}
