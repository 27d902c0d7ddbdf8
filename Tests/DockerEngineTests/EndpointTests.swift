import DockerEngine
import Testing

@Suite struct EndpointTests {
    @Test(arguments: [
        "unix:///run/docker.sock", "tcp://127.0.0.1:2375", "tcp://localhost:1", "tcp://[::1]:2375",
    ])
    func endpointsThatMayBeUsedAreRead(_ text: String) throws {
        let endpoint = try DockerEndpoint(parsing: text)
        #expect(endpoint.description == text)
        #expect(endpoint.isLocal == text.hasPrefix("unix:"))
    }

    @Test(arguments: [
        ("", "write it as"), ("/run/docker.sock", "write it as"), ("ssh://host", "write it as"),
        ("unix://run/docker.sock", "must be absolute"), ("tcp://127.0.0.1", "tcp://host:port"),
        ("tcp://127.0.0.1:0", "tcp://host:port"), ("tcp://user@127.0.0.1:1", "tcp://host:port"),
        ("tcp://10.0.0.1:2375", "without TLS"), ("tcp://127.example.org:2375", "without TLS"),
        ("unix:///" + String(repeating: "x", count: 107), "has 108 bytes"),
    ])
    func endpointsThatMayNotBeUsedAreRefusedWithTheReason(_ text: String, _ reason: String) throws {
        let error = try #require(throws: DockerError.self) { try DockerEndpoint(parsing: text) }
        #expect(error.code == .invalidEndpoint)
        #expect(error.reason.contains(reason))
    }

    @Test func withClientCertificatesARemoteEngineIsAllowed() throws {
        let tls = TLSFiles(certificateAuthority: "/ca.pem", certificate: "/cert.pem", key: "/key.pem")
        #expect(
            try DockerEndpoint(parsing: "tcp://10.0.0.1:2376", tls: tls).description == "tcp://10.0.0.1:2376")
    }
}
