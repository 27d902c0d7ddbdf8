import Testing

@testable import DesiredState

/// What stands in for a revision, or a part of it, that has a mistake.
struct StateFallbackTests {
    private static let table = "eggroll/conf/route_table.json"

    private static func resolve(_ new: Example, lastGood: Example?) -> ResolvedDesiredState {
        DesiredState.decode(new.tree, context: Example.context) { _ in lastGood?.tree }
    }

    @Test func aValidRevisionStandsAlone() throws {
        let example = try Example()
        let resolved = DesiredState.decode(example.tree, context: Example.context) { unit in
            Issue.record("asked for \(unit)")
            return nil
        }
        #expect(resolved.state.parties == example.decode().parties)
        #expect(resolved.fallbacks == [] && resolved.unresolved == [])
    }

    @Test func aPartyWithAMistakeStaysAsItWas() throws {
        let old = try Example()
        var new = try Example(Example.party9999, "PORT_HTTP", "PORT_HTPT")
        try new.replace(Example.party10000, "PORT_HTTP: 10083", "PORT_HTTP: 10073")
        let resolved = Self.resolve(new, lastGood: old)
        #expect(resolved.diagnostics == new.decode().diagnostics)
        #expect(resolved.fallbacks == [.party("9999")])
        #expect(resolved.unresolved == [])
        #expect(try resolved.state.party("9999") == old.decode().party("9999"))
        #expect(try resolved.state.party("10000").variables["PORT_HTTP"] == "10073")
    }

    @Test func aValidPartyThatIsRejectedStaysAsItWas() throws {
        let old = try Example()
        var new = try Example(Example.party9999, "PORT_HTTP: 10093", "PORT_HTTP: 10073")
        try new.replace(Example.party10000, "PORT_HTTP: 10083", "PORT_HTTP: 10072")
        let resolved = DesiredState.decode(new.tree, context: Example.context, rejected: ["9999"]) { _ in
            old.tree
        }
        #expect(resolved.diagnostics.lines.isEmpty)
        #expect(resolved.fallbacks == [.party("9999")])
        #expect(try resolved.state.party("9999") == old.decode().party("9999"))
        #expect(try resolved.state.party("10000").variables["PORT_HTTP"] == "10072")
        // Without a last good state nothing better is known.
        let alone = DesiredState.decode(new.tree, context: Example.context, rejected: ["9999"]) { _ in nil }
        #expect(alone.fallbacks == [] && alone.unresolved == [])
        #expect(alone.state.parties == new.decode().parties)
    }

    @Test func othersRouteToTheLastGoodEndpoint() throws {
        let old = try Example()
        var new = try Example(Example.party9999, "address: 10.10.0.1", "address: 127.0.0.1")
        new.addParty()
        let resolved = Self.resolve(new, lastGood: old)
        #expect(resolved.fallbacks == [.party("9999")])
        for id in ["9998", "10000"] {
            #expect(
                try resolved.state.party(id).text(Self.table).contains(
                    "10.10.0.1\",\n          \"port\": 10090"))
        }
        #expect(try resolved.state.party("9999").text(Self.table).contains("\"9998\""))
    }

    @Test func aPartyKeepsTheBlueprintOfItsLastGoodRevision() throws {
        let old = try Example()
        var new = try Example(Example.blueprint, "default: 1.5.1-release", "default: 1.5.2-release")
        try new.replace(Example.party9999, "PORT_HTTP", "PORT_HTPT")
        let resolved = Self.resolve(new, lastGood: old)
        #expect(
            try resolved.state.party("10000").service("python").image == "federatedai/python:1.5.2-release")
        #expect(
            try resolved.state.party("9999").service("python").image == "federatedai/python:1.5.1-release")
    }

    @Test func bothPartiesOfAClashStayAsTheyWere() throws {
        let old = try Example()
        let new = try Example(Example.party9999, "PORT_HTTP: 10093", "PORT_HTTP: 10080")
        let resolved = Self.resolve(new, lastGood: old)
        #expect(resolved.fallbacks == [.party("9999"), .party("10000")])
        #expect(resolved.state.parties == old.decode().parties)
        #expect(resolved.diagnostics.lines.count == 2)
    }

    @Test func aPartyGivesWayToAnOtherThatStaysWhereItWas() throws {
        let old = try Example()
        // 10000 takes the port that 9999 gives up, but 9999 cannot move.
        var new = try Example(Example.party10000, "PORT_CLIENT: 10084", "PORT_CLIENT: 10094")
        try new.replace(Example.party9999, "PORT_CLIENT: 10094", "PORT_CLIENT: 10095\n  COLOUR: red")
        let resolved = Self.resolve(new, lastGood: old)
        #expect(resolved.fallbacks == [.party("9999"), .party("10000")])
        #expect(resolved.state.parties == old.decode().parties)
        #expect(
            resolved.diagnostics.lines.first
                == "parties/10000/party.yaml:19:16: error E-PORT-CLASH: host port 10094 is also published by "
                + "party 9999 (parties/9999/party.yaml:19:16 of its last good state)")
        #expect(resolved.diagnostics.lines.count == 2)
    }

    @Test func anInvalidFederationChangesNothing() throws {
        let old = try Example()
        var new = try Example("federation.yaml", "name: demo", "nam: demo")
        try new.replace(Example.party10000, "PORT_HTTP: 10083", "PORT_HTTP: 10073")
        new.addParty()
        let resolved = Self.resolve(new, lastGood: old)
        #expect(resolved.state.parties == old.decode().parties)
        #expect(
            resolved.fallbacks == [.federation, .party("8888"), .party("9999"), .party("10000")])
        #expect(resolved.unresolved == [.party("9998")])
        #expect(resolved.state.invalidUnits.contains(.party("10000")))
    }

    @Test func anInvalidBlueprintChangesNothingThatUsesIt() throws {
        let old = try Example()
        var new = try Example(Example.blueprint, "project: ${PREFIX}", "project: [")
        try new.replace(Example.party10000, "PORT_HTTP: 10083", "PORT_HTTP: 10073")
        let resolved = Self.resolve(new, lastGood: old)
        #expect(resolved.state.parties == old.decode().parties)
        #expect(
            resolved.fallbacks == [.blueprint("fate-1.5.1"), .party("9999"), .party("10000")])
        #expect(resolved.unresolved == [])
    }

    @Test func anUnusedBlueprintWithAMistakeHoldsNobodyUp() throws {
        var new = try Example()
        new.write("blueprints/next/blueprint.yaml", "apiVersion: fatesync/v2\n")
        let resolved = Self.resolve(new, lastGood: nil)
        #expect(resolved.state.parties.count == 2)
        #expect(resolved.fallbacks == [] && resolved.unresolved == [])
        #expect(resolved.diagnostics.lines.count == 2)
    }

    @Test func aPartyThatNeverWasIsLeftOut() throws {
        let old = try Example()
        var new = old
        new.addParty()
        try new.replace("parties/9998/party.yaml", "blueprint: fate-1.5.1", "blueprint: fate-1.5.2")
        let resolved = Self.resolve(new, lastGood: old)
        #expect(resolved.unresolved == [.party("9998")])
        #expect(resolved.state.parties == old.decode().parties)
        #expect(resolved.state.partyHosts["9998"] == "demo")
        #expect(resolved.state.routes.map(\.party) == ["8888", "9999", "10000"])
    }

    @Test func withoutALastGoodStateNothingIsKnown() throws {
        let new = try Example("federation.yaml", "name: demo", "nam: demo")
        let resolved = Self.resolve(new, lastGood: nil)
        #expect(resolved.state.parties == [])
        #expect(
            resolved.unresolved == [.federation, .party("8888"), .party("9999"), .party("10000")])
    }

    @Test func aMisplacedPartyIsNotGone() throws {
        let old = try Example()
        var new = old
        new.tree.files["partys/9999/party.yaml"] = new.tree.files.removeValue(forKey: Example.party9999)
        let resolved = Self.resolve(new, lastGood: old)
        #expect(
            resolved.diagnostics.lines == [
                "partys/9999/party.yaml:1:1: error E-LAYOUT: unknown directory \"partys\" (did you mean \"parties\"?)"
            ])
        #expect(resolved.state.parties == old.decode().parties)
        #expect(resolved.state.partyHosts.count == 3)
    }

    @Test func aRenamedDirectoryIsNotARemoval() throws {
        let old = try Example()
        var new = old
        new.tree.files["parties/9990/party.yaml"] = new.tree.files.removeValue(forKey: Example.party9999)
        let resolved = Self.resolve(new, lastGood: old)
        #expect(
            resolved.diagnostics.lines == [
                "parties/9990/party.yaml:3:5: error E-PARTY-DIR: \"id\" must equal the name of the directory, 9990, "
                    + "found 9999"
            ])
        #expect(try resolved.state.party("9999") == old.decode().party("9999"))
        #expect(resolved.unresolved == [.party("9990")])
    }

    @Test func anExternalPartyFallsBackToo() throws {
        let old = try Example()
        let new = try Example(Example.party8888, "port: 9370", "port: \"9370\"")
        let resolved = Self.resolve(new, lastGood: old)
        #expect(resolved.fallbacks == [.party("8888")])
        #expect(resolved.state.parties == old.decode().parties)
    }

    @Test func filesOfUnitsAreTakenFromWhereEachIs() throws {
        let old = try Example()
        let new = try Example(Example.blueprint, "project: ${PREFIX}", "project: [")
        let resolved = DesiredState.decode(new.tree, context: Example.context) { unit in
            SourceTree(files: old.tree.files.filter { unit.owns($0.key) })
        }
        #expect(resolved.state.parties == old.decode().parties)
        #expect(resolved.unresolved == [])
    }

    @Test func mistakesOfReadingCountForTheirUnit() throws {
        let old = try Example()
        var new = old
        new.tree.files["parties/9999/confs/a"] = nil
        let link = Diagnostic(
            code: "E-MODE", at: SourceLocation(file: "parties/9999/confs/a"), "a symbolic link is not read")
        let state = new.decode(reading: [link])
        #expect(state.invalidUnits == [.party("9999")])
        #expect(state.diagnostics.lines == [link.description])
        let resolved = DesiredState.decode(new.tree, context: Example.context, reading: [link]) { _ in
            old.tree
        }
        #expect(resolved.fallbacks == [.party("9999")])
    }
}
