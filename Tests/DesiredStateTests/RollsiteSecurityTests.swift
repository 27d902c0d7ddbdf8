import Testing

@testable import DesiredState

/// TLS settings that would silently leave traffic in plaintext.
struct RollsiteSecurityTests {
    private static let file = "eggroll/conf/eggroll.properties"

    /// What is said about party 10000 with these settings, from line 15 on.
    private func lines(_ settings: String..., ports: String = "") throws -> [String] {
        let keys = settings.map { "      eggroll.\($0)\n" }.joined()
        let services = ports.isEmpty ? "" : "  services:\n    rollsite: {ports: [\(ports)]}\n"
        return try Example(
            Example.party10000, "variables:\n",
            "overrides:\n  confs:\n    \(Self.file):\n\(keys)\(services)variables:\n"
        ).lines
    }

    @Test func aServerWithoutKeyIsRefused() throws {
        #expect(
            try lines("core.security.crt.path: conf/a.crt", "core.security.client.ca.crt.path: \"\"") == [
                "parties/10000/party.yaml:15:39: error E-TLS: rollsite serves no TLS: \(Self.file) does not set "
                    + "eggroll.core.security.key.path; what others send arrives in plaintext",
                "parties/10000/party.yaml:15:39: warning W-TLS: rollsite sends in plaintext to every party, because "
                    + "\(Self.file) does not set eggroll.core.security.client.ca.crt.path",
            ])
    }

    @Test func aSecurePortThatNobodyPublishesIsWarnedAbout() throws {
        let server = ["core.security.crt.path: conf/a.crt", "core.security.key.path: conf/a.key"]
        let plain =
            "parties/10000/party.yaml:15:39: warning W-TLS: rollsite sends in plaintext to every party, because "
            + "\(Self.file) does not set eggroll.core.security.client.ca.crt.path"
        #expect(
            try lines(server[0], server[1]) == [
                plain,
                "parties/10000/party.yaml:15:39: warning W-TLS: rollsite serves TLS on port 9380 of its container, "
                    + "which service \"rollsite\" does not publish, so others reach its plain port only; publish it, "
                    + "or set eggroll.rollsite.secure.port",
            ])
        #expect(
            try lines(
                server[0], server[1], "rollsite.secure.port: 9371", ports: "\"10080:9370\", \"10085:9371\"")
                == [plain])
    }

    @Test func aClientWithoutSecurePartiesIsWarnedAbout() throws {
        #expect(
            try lines("core.security.client.ca.crt.path: conf/ca.crt") == [
                "parties/10000/party.yaml:15:49: warning W-TLS: rollsite sends in plaintext to every party, because "
                    + "the endpoint of no other party says \"secure: true\""
            ])
    }

    @Test func withAPartyThatExpectsTLSTheSettingsCountForSomething() throws {
        var example = try Example(Example.party8888, "port: 9370", "port: 9370\n  secure: true")
        let file = "blueprints/fate-1.5.1/confs/eggroll/conf/eggroll.properties"
        try example.append(file, "eggroll.core.security.client.ca.crt.path=conf/ca.crt\n")
        #expect(example.lines == [])
    }
}
