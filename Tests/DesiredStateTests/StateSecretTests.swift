import Testing

@testable import DesiredState

/// Secrets are read on the host, and stay where they are needed.
struct StateSecretTests {
    private static func decode(_ secrets: [String: String], mode: DecodingContext.SecretMode = .values) throws
        -> DesiredState
    {
        var example = try Example()
        try example.makePasswordSecret()
        let context = DecodingContext(
            host: "demo", dataDirectory: "/srv/fate", secrets: secrets, secretMode: mode)
        return example.decode(context)
    }

    @Test func theMostSpecificValueWins() throws {
        let state = try Self.decode([
            "DB_PASSWORD": "for-all", "10000_DB_PASSWORD": "for-10000", "9999/DB_PASSWORD": "for-9999",
            "9999_DB_PASSWORD": "not-this",
        ])
        #expect(state.diagnostics.lines == [])
        #expect(try state.party("10000").secrets == ["for-10000"])
        #expect(try state.party("9999").secrets == ["for-9999"])
        #expect(
            try state.party("9999").text("mysql/init/insert-node.sql").contains("IDENTIFIED BY 'for-9999'"))
        #expect(try Self.decode(["DB_PASSWORD": "for-all"]).party("9999").secrets == ["for-all"])
    }

    @Test func filesWithASecretAreMarkedAndVariablesDoNotHoldIt() throws {
        let party = try Self.decode(["DB_PASSWORD": "s3cret-w0rd"]).party("10000")
        let secret = party.files.filter(\.isSecret).map(\.name)
        #expect(
            secret == [
                "eggroll/conf/eggroll.properties", "fate_flow/conf/service_conf.yaml",
                "fateboard/conf/application.properties", "mysql/init/insert-node.sql",
            ])
        for file in party.files {
            #expect(String(decoding: file.content, as: UTF8.self).contains("s3cret-w0rd") == file.isSecret)
        }
        #expect(party.variables["DB_PASSWORD"] == nil)
        #expect(party.variables.values.allSatisfy { !$0.contains("s3cret-w0rd") })
    }

    @Test func placeholdersStandForSecrets() throws {
        let state = try Self.decode(["DB_PASSWORD": "s3cret-w0rd"], mode: .placeholders)
        #expect(state.diagnostics.lines == [])
        for party in state.parties {
            #expect(party.secrets == [])
            for file in party.files {
                #expect(!String(decoding: file.content, as: UTF8.self).contains("s3cret-w0rd"))
            }
            #expect(try party.text("mysql/init/insert-node.sql").contains("'<secret DB_PASSWORD>'"))
            #expect(party.variables["DB_PASSWORD"] == "<secret DB_PASSWORD>")
        }
    }

    @Test func aMissingSecretSaysWhereToPutIt() throws {
        let lines = try Self.decode(["9999_DB_PASSWORD": "x"]).diagnostics.lines
        #expect(
            lines == [
                "parties/10000/party.yaml:12:1: error E-SECRET: the secret DB_PASSWORD has no value on host demo: write "
                    + "it to the file 10000/DB_PASSWORD or DB_PASSWORD in the directory of secrets, or pass a systemd "
                    + "credential named 10000_DB_PASSWORD or DB_PASSWORD"
            ])
        #expect(try Self.decode(["DB_PASSWORD": ""]).diagnostics.lines.count == 2)
    }

    @Test func secretsOfOtherHostsAreNotAskedFor() throws {
        var example = try Example()
        try example.makePasswordSecret()
        try example.replace(Example.party9999, "host: demo", "host: other")
        let context = DecodingContext(
            host: "demo", dataDirectory: "/srv/fate", secrets: ["10000/DB_PASSWORD": "x"])
        #expect(example.decode(context).diagnostics.lines == [])
    }

    @Test func aSecretInTheRepositoryIsRefusedAndNotRepeated() throws {
        var example = try Example()
        try example.makePasswordSecret()
        try example.replace(Example.party9999, "variables:\n", "variables:\n  DB_PASSWORD: hunter2\n")
        let lines = example.decode(
            DecodingContext(host: "demo", dataDirectory: "/srv/fate", secrets: ["DB_PASSWORD": "x"])
        ).diagnostics.lines
        #expect(
            lines == [
                "parties/9999/party.yaml:13:16: error E-SECRET: DB_PASSWORD is a secret: remove its value here, change "
                    + "it, and put it on the host; see blueprints/fate-1.5.1/blueprint.yaml:63:3"
            ])
        #expect(!lines.joined().contains("hunter2"))
    }

    @Test func aSecretHasNoDefault() throws {
        let example = try Example(
            Example.blueprint, "type: string\n    default: fate_dev", "type: secret\n    default: fate_dev")
        let lines = example.lines.filter { $0.contains("blueprint.yaml") }
        #expect(
            lines == [
                "blueprints/fate-1.5.1/blueprint.yaml:66:14: error E-SECRET: a secret cannot have a default: whoever "
                    + "reads the repository would know it"
            ])
    }

    @Test func aSecretThatAReaderCannotGetIsRefusedWithoutItsText() throws {
        let lines = try Self.decode(["DB_PASSWORD": "per%cent'quote"]).diagnostics.lines
        #expect(!lines.isEmpty)
        #expect(!lines.joined().contains("cent'quote"))
    }
}
