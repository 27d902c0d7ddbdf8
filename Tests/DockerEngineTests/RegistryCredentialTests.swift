import DockerEngine
import Testing

@Suite struct RegistryCredentialTests {
    private func find(_ reference: String, in config: String) throws(DockerError) -> RegistryCredential? {
        try RegistryCredential.find(for: reference, inDockerConfig: Array(config.utf8))
    }

    @Test(arguments: [
        ("reg.example.org/a/b:1", "reg.example.org"), ("reg.example.org/a", "https://reg.example.org/v2/"),
        ("localhost:5000/x@sha256:00", "localhost:5000"), ("localhost/x", "localhost"),
    ])
    func aCredentialIsFoundByItsRegistry(_ reference: String, _ key: String) throws {
        // user:pa:ss
        let found = try find(reference, in: #"{"auths":{"other":{},"\#(key)":{"auth":"dXNlcjpwYTpzcw=="}}}"#)
        let registry = reference.split(separator: "/").first.map(String.init) ?? ""
        #expect(found == RegistryCredential(username: "user", password: "pa:ss", registry: registry))
    }

    @Test(arguments: ["mysql:8", "federatedai/eggroll:1.5.1-release", "docker.io/library/mysql"])
    func theHubIsKnownByItsOldURL(_ reference: String) throws {
        let config = #"{"auths":{"https://index.docker.io/v1/":{"auth":"dTpw"}}}"#
        #expect(try find(reference, in: config)?.description == "credential for https://index.docker.io/v1/")
    }

    @Test func noEntryIsNoCredential() throws {
        #expect(try find("mysql:8", in: #"{"auths":{"reg.example.org":{"auth":"dTpw"}}}"#) == nil)
        #expect(try find("mysql:8", in: #"{"credsStore":"pass"}"#) == nil)
    }

    @Test(arguments: [
        #"{"auths":{"r.io":{}},"credsStore":"pass"}"#, #"{"credHelpers":{"r.io":"pass"}}"#,
    ])
    func aCredentialHelperIsRefused(_ config: String) throws {
        let error = try #require(throws: DockerError.self) { try self.find("r.io/x", in: config) }
        #expect(error.reason.contains("credential helper \"pass\""))
    }

    @Test(arguments: [
        #"{"auths":{"r.io":{"auth":"!"}}}"#, #"{"auths":{"r.io":{"auth":"eA=="}}}"#, "{", #"{"auths":1}"#,
    ])
    func aBrokenFileIsAnErrorThatKeepsItsSecrets(_ config: String) throws {
        let error = try #require(throws: DockerError.self) { try self.find("r.io/x", in: config) }
        #expect(error.code == .undecodable)
    }

    @Test func aCredentialNeverShowsItself() {
        let credential = RegistryCredential(username: "u", password: "s3cret", registry: "r.io")
        var dumped = ""
        dump(EngineCall.pullImage("r.io/x", credential), to: &dumped)
        #expect(!("\(credential) \(String(reflecting: credential))" + dumped).contains("s3cret"))
        let request = EngineCall.pullImage("r.io/x", credential).request(apiVersion: "1.41")
        #expect(request == EngineCall.pullImage("r.io/x", nil).request(apiVersion: "1.41"))
    }
}
