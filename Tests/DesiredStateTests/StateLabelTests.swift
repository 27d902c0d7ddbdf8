import Testing

@testable import DesiredState

/// The labels by which fatesync and Compose know what belongs to a party.
struct StateLabelTests {
    @Test func containersNetworksAndVolumesSayWhoseTheyAre() throws {
        let party = try Example().decode().party("10000")
        #expect(
            try party.service("mysql").labels == [
                "io.fatesync.host": "demo", "io.fatesync.party": "10000", "io.fatesync.service": "mysql",
                "com.docker.compose.project": "user_confs10000", "com.docker.compose.service": "mysql",
                "com.docker.compose.container-number": "1", "com.docker.compose.oneoff": "False",
                "com.docker.compose.config-hash": "fatesync",
                "com.docker.compose.project.config_files": "parties/10000/party.yaml",
            ])
        #expect(
            party.networks.map(\.labels) == [
                [
                    "io.fatesync.host": "demo", "io.fatesync.party": "10000",
                    "com.docker.compose.project": "user_confs10000",
                    "com.docker.compose.network": "fate-network",
                ]
            ])
        let examples = try #require(party.volumes.first { $0.name == "user_confs10000_shared_dir_examples" })
        #expect(
            examples.labels == [
                "io.fatesync.host": "demo", "io.fatesync.party": "10000",
                "com.docker.compose.project": "user_confs10000",
                "com.docker.compose.volume": "shared_dir_examples",
            ])
    }

    @Test func onlyAPartyThatSaysSoAdoptsWhatItFinds() throws {
        let state = try Example(Example.party9999, "variables:\n", "adopt: true\nvariables:\n").decode()
        #expect(state.diagnostics.lines == [])
        #expect(try state.party("9999").adoptsExisting)
        #expect(try !state.party("10000").adoptsExisting)
    }

    @Test func labelsOfTheFederationAreEverywhereAndComposeWins() throws {
        var example = try Example(
            Example.compose, "    image: ${MYSQL_IMAGE}",
            "    image: ${MYSQL_IMAGE}\n    labels:\n      team: data")
        try example.append("federation.yaml", "labels:\n  team: fate\n  level: 3\n")
        let state = example.decode()
        #expect(state.diagnostics.lines == [])
        for party in state.parties {
            for service in party.services {
                #expect(service.container.labels["team"] == (service.name == "mysql" ? "data" : "fate"))
                #expect(service.container.labels["level"] == "3")
            }
            #expect(party.networks.allSatisfy { $0.labels["team"] == "fate" })
            #expect(party.volumes.allSatisfy { $0.labels["team"] == "fate" })
        }
    }

    @Test func labelsDoNotChangeWithConfigFiles() throws {
        var example = try Example()
        let before = example.decode().parties.flatMap(\.services)
        try example.append("blueprints/fate-1.5.1/confs/client/pipeline_conf.yaml", "more: 1\n")
        try example.replace(Example.blueprint, "within: 60s", "within: 30s")
        try example.replace("federation.yaml", "name: demo", "name: other")
        #expect(example.decode().parties.flatMap(\.services) == before)
    }
}
