import DockerEngine
import Foundation
import Planning
import Testing

@Suite struct PullTests {
    private static let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    private static let layers = [
        #"{"status":"Pulling from library/x","id":"1"}"#,
        #"{"status":"Pulling fs layer","progressDetail":{},"id":"aa"}"#,
        #"{"status":"Already exists","progressDetail":{},"id":"bb"}"#,
        #"{"status":"Downloading","progressDetail":{"current":40,"total":100},"id":"aa"}"#,
    ].joined(separator: "\r\n")

    private func result(_ answer: StubServer.Answer, deadline: Duration = .seconds(60)) throws
        -> (Result<EngineAnswer, DockerError>, [PullProgress])
    {
        let server = try StubServer { _, _ in answer }
        defer { server.stop() }
        let client = try server.client(deadline: deadline)
        let id = client.submit(.pullImage("x:1", nil))
        var progress: [PullProgress] = []
        while true {
            for outcome in client.wait(atMost: .seconds(60)) {
                switch outcome {
                case .progress(id, let step): progress.append(step)
                case .finished(id, let result): return (result, progress)
                default: break
                }
            }
        }
    }

    @Test func aPullTellsItsProgressAndItsDigest() throws {
        let end = #"{"status":"Pull complete","id":"aa"}"# + "\r\n" + #"{"status":"Digest: sha256:abc"}"#
        let (result, progress) = try result(.close(Self.head + Self.layers + "\r\n" + end))
        #expect(try result.get() == .pulled(digest: "sha256:abc"))
        let last = try #require(progress.last)
        #expect(last.layers == 2 && last.layersDone == 2)
        #expect(last.bytes == 100 && last.totalBytes == 100)
    }

    @Test func anErrorInTheMiddleOfAPullIsAFailureThoughTheStatusIs200() throws {
        let end = #"{"errorDetail":{"message":"filesystem layer verification failed"},"error":"old words"}"#
        let (result, _) = try result(.close(Self.head + Self.layers + "\r\n" + end + "\r\n"))
        let error = try #require(throws: DockerError.self) { try result.get() }
        #expect(error.code == .refused(status: 200))
        #expect(error.description == "cannot pull image x:1: filesystem layer verification failed")
    }

    @Test func aRefusedPullIsNotReadAsProgress() throws {
        let (result, _) = try result(.close(http(404, #"{"message":"manifest unknown"}"#)))
        let error = try #require(throws: DockerError.self) { try result.get() }
        #expect(error.code == .refused(status: 404))
        #expect(error.reason == "manifest unknown")
    }

    @Test(arguments: [
        (404, "manifest for r.io/x:1 not found: manifest unknown: manifest unknown", true),
        (404, "repository r.io/x not found: name unknown: repository name not known to registry", true),
        (404, "pull access denied for x, repository does not exist or may require 'docker login'", true),
        (404, "failed to resolve reference \"r.io/x:1\": r.io/x:1: not found", true),
        (500, "manifest unknown", true), (500, "name unknown", true), (500, "denied", true),
        (500, "no matching manifest for linux/arm64/v8 in the manifest list entries", true),
        (500, "Get \"https://r.io/v2/\": dial tcp: lookup r.io: no such host", false),
        (500, "Get \"http://r.io/v2/\": dial tcp 10.0.0.1:80: connect: connection refused", false),
        (500, "received unexpected HTTP status: 503 Service Unavailable", false),
        (500, "error parsing HTTP 404 response body: \"<html>not found</html>\"", false),
        (500, "unauthorized: authentication required", false),
        (500, "toomanyrequests: You have reached your pull rate limit", false),
        (404, "toomanyrequests: You have reached your pull rate limit", false),
        (404, "page missing", false),
    ])
    func onlyAnImageThatDoesNotExistIsMissing(_ status: Int, _ text: String, _ isMissing: Bool) throws {
        let body = String(decoding: try JSONEncoder().encode(["message": text]), as: UTF8.self)
        let (result, _) = try result(.close(http(status, body)))
        let error = try #require(throws: DockerError.self) { try result.get() }
        #expect(error.reason == text)
        #expect(error.saysImageIsMissing == isMissing)
    }

    @Test func aPullWithoutProgressRunsIntoItsDeadline() throws {
        let (result, _) = try result(.hang(Self.head + Self.layers + "\r\n"), deadline: .milliseconds(40))
        let error = try #require(throws: DockerError.self) { try result.get() }
        #expect(error.code == .timeout)
        #expect(error.reason.hasPrefix("nothing received within"))
    }

    @Test(arguments: ["<html>\n", "{\"status\":7}\n", "{\"status\":\"x"])
    func aStreamThatIsNoProgressIsUndecodable(_ text: String) throws {
        let (result, _) = try result(.close(Self.head + text))
        let error = try #require(throws: DockerError.self) { try result.get() }
        #expect(error.code == .undecodable)
    }

    @Test func anEndlessLineIsRefused() throws {
        let (result, _) = try result(.flood(Self.head, with: String(repeating: "x", count: 1 << 20)))
        let error = try #require(throws: DockerError.self) { try result.get() }
        #expect(error.reason.contains("longer than"))
    }
}
