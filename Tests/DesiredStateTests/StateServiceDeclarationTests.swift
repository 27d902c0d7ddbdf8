import Foundation
import Testing

@testable import DesiredState

/// `probes` and `data` of a blueprint.
struct StateServiceDeclarationTests {
    /// The example with lines of its own at the end, and the number of the first of them.
    private func example(_ text: String) throws -> (Example, first: Int) {
        var example = try Example()
        let all = try example.text(Example.blueprint)
        let kept = try #require(all.range(of: "probes:\n")).lowerBound
        example.write(Example.blueprint, all[..<kept] + text)
        return (example, all[..<kept].split(separator: "\n", omittingEmptySubsequences: false).count)
    }

    @Test func theExampleSaysWhenItsServicesServeAndWhatARecreateLoses() throws {
        let party = try Example().decode().party("10000")
        let services = Dictionary(uniqueKeysWithValues: party.services.map { ($0.name, $0) })
        #expect(services["rollsite"]?.probe == Probe(.tcp(port: 9370), timeout: 120))
        #expect(services["client"]?.probe == nil)
        #expect(
            services["python"]?.data == [
                "/data/projects/fate/model_local_cache", "/data/projects/fate/jobs",
            ])
        #expect(services["rollsite"]?.data == [])
    }

    @Test func everyKindOfProbeIsRead() throws {
        let (example, _) = try example(
            """
            probes:
              rollsite: {tcp: 9370}
              fateboard: {http: 8080/login?x=1, timeout: 2m}
              mysql: {exec: [mysqladmin, ping], timeout: 5s}
              python: {http: 9380}

            """)
        let party = try example.decode().party("10000")
        let probes = Dictionary(uniqueKeysWithValues: party.services.map { ($0.name, $0.probe) })
        #expect(probes["rollsite"] == Probe(.tcp(port: 9370)))
        #expect(probes["fateboard"] == Probe(.http(port: 8080, path: "/login?x=1"), timeout: 120))
        #expect(probes["mysql"] == Probe(.exec(["mysqladmin", "ping"]), timeout: 5))
        #expect(probes["python"] == Probe(.http(port: 9380, path: "/")))
    }

    static let mistakes: [(text: String, line: Int, message: String)] = [
        ("probes:\n  rollsite: {}\n", 1, "exactly one of"),
        ("probes:\n  rollsite: {tcp: 1, exec: [a]}\n", 1, "found tcp and exec"),
        ("probes:\n  rollsite: {tcp: 70000}\n", 1, "from 1 to 65535"),
        ("probes:\n  rollsite: {http: /x}\n", 1, "a port and a path"),
        ("probes:\n  rollsite: {exec: []}\n", 1, "needs a program"),
        ("probes:\n  rollsite: {tcp: 1, timeout: 0s}\n", 1, "from 1s to 3600s"),
        ("probes:\n  rollsite: {tcp: 1, timeuot: 1s}\n", 1, "did you mean \"timeout\"?"),
        ("probes:\n  rollsit: {tcp: 1}\n", 1, "did you mean \"rollsite\"?"),
        ("data:\n  python:\n    - models\n", 2, "absolute path on the container"),
        ("data:\n  pyhton: [/models]\n", 1, "did you mean \"python\"?"),
    ]

    @Test(arguments: mistakes) func aMistakeIsReportedWithItsLine(
        text: String, line: Int, message: String
    ) throws {
        let (example, first) = try example(text)
        let lines = example.lines
        #expect(lines.count(where: { $0.contains(message) }) == 1, "\(lines)")
        #expect(lines.allSatisfy { $0.contains("blueprint.yaml:\(first + line):") }, "\(lines)")
    }
}
