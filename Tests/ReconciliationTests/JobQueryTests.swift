import DesiredState
import Glibc
import Testing

@testable import Reconciliation

/// The question for running jobs, against a server of its own for each test.
struct JobQueryTests {
    /// Takes one connection, keeps the request, and answers with `text`; without a text it never answers.
    private final class Server: @unchecked Sendable {
        let port: Int
        private let socket: Int32
        private var request = ""  // written before the thread ends, read after `join`
        private var thread: PlainThread?

        init(_ text: String?) throws {
            let listener = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            socket = listener
            port = try Self.listen(listener)
            guard let text else { return }
            thread = PlainThread { [self] in
                let client = accept(socket, nil, nil)
                guard client >= 0 else { return }
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = recv(client, &buffer, buffer.count, 0)
                request = String(decoding: buffer[..<max(0, count)], as: UTF8.self)
                _ = send(client, text, text.utf8.count, Int32(MSG_NOSIGNAL))
                close(client)
            }
        }

        deinit { close(socket) }

        /// Answers the port that the kernel has chosen.
        private static func listen(_ socket: Int32) throws -> Int {
            var name = try #require(sockaddr_in("127.0.0.1", port: 0))
            let isBound = name.withGenericPointer { bind(socket, $0, $1) == 0 }
            try #require(isBound && Glibc.listen(socket, 4) == 0)
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutablePointer(to: &name) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = getsockname(socket, $0, &size)
                }
            }
            return Int(UInt16(bigEndian: name.sin_port))
        }

        /// What it was asked.
        func asked() -> String {
            thread?.join()
            return request
        }
    }

    private func answer(_ body: String, _ api: JobGuard.API = .v1, status: String = "200 OK") throws -> (
        JobAnswer, request: String
    ) {
        let server = try Server("HTTP/1.1 \(status)\r\nContent-Type: application/json\r\n\r\n\(body)")
        let query = JobQuery(api, at: "127.0.0.1", port: server.port, in: nil)
        let answer = JobQuery.answers(of: [query])[0]
        return (answer, server.asked())
    }

    @Test func fateOneIsAskedForRunningJobsAndNamesEachOnce() throws {
        let body = #"""
            {"retcode": 0, "retmsg": "success", "data": [{"f_job_id": "2", "f_role": "guest", "f_progress": 3},
            {"f_job_id": "1", "f_role": "host"}, {"f_job_id": "2", "f_role": "arbiter"}]}
            """#
        let (found, request) = try answer(body)
        #expect(found == .running(["1", "2"]))
        #expect(request.hasPrefix("POST /v1/job/query HTTP/1.0\r\n"))
        #expect(request.contains("\r\nContent-Length: 21\r\n"))
        #expect(request.hasSuffix("\r\n\r\n{\"status\": \"running\"}"))
    }

    @Test func fateTwoIsAskedWithAQuery() throws {
        let (found, request) = try answer(
            #"{"code": 0, "message": "success", "data": [{"job_id": "7", "status": "running"}]}"#, .v2)
        #expect(found == .running(["7"]))
        #expect(request.hasPrefix("GET /v2/job/query?status=running HTTP/1.0\r\n"))
        #expect(try answer(#"{"code": 1001, "message": "job no found"}"#, .v2).0 == .idle)
    }

    @Test(arguments: [#"{"retcode": 0, "retmsg": "no job could be found", "data": []}"#, #"{"retcode": 0}"#])
    func noJobIsNone(_ body: String) throws {
        #expect(try answer(body).0 == .idle)
    }

    @Test func whatIsNoAnswerIsUnknown() throws {
        #expect(
            try answer(#"{"retcode": 100, "retmsg": "(2003, no database)"}"#).0
                == .unknown("FATE Flow answers with code 100: (2003, no database)"))
        #expect(try answer(#"{"code": 1001}"#).0 == .unknown("FATE Flow answers with code 1001: "))
        #expect(try answer("<html>").0 == .unknown("FATE Flow's answer cannot be read"))
        let (failed, _) = try answer("{}", status: "500 INTERNAL SERVER ERROR")
        #expect("\(failed)".hasSuffix("answers with status 500\")"), "\(failed)")
    }

    @Test func aRefusedConnectionMeansThatNoJobRuns() throws {
        var port = 0
        do { port = try Server(nil).port }
        #expect(JobQuery.answers(of: [JobQuery(.v1, at: "127.0.0.1", port: port, in: nil)]) == [.idle])
    }

    @Test func serversThatHangAreGivenUpTogether() throws {
        let servers = try (0..<3).map { _ in try Server(nil) }
        let started = ContinuousClock.now
        let queries = servers.map {
            JobQuery(.v1, at: "127.0.0.1", port: $0.port, in: nil, limit: .milliseconds(400))
        }
        let answers = JobQuery.answers(of: queries)
        #expect(started.duration(to: .now) < .milliseconds(900))
        #expect(answers.first == .unknown("no answer from 127.0.0.1:\(servers[0].port) within 0 s"))
        #expect(answers.count == 3 && answers.allSatisfy { $0 != .idle })
    }
}
