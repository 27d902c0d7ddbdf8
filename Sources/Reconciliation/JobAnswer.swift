import DesiredState
import FoundationEssentials

/// What FATE Flow says of running jobs.
enum JobAnswer: Equatable {
    /// No job runs, or FATE Flow itself does not.
    case idle
    /// Their ids, sorted.
    case running([String])
    /// Why nobody knows; jobs may run.
    case unknown(String)
}

extension JobAnswer {
    /// Reads an answer to a query for running jobs.
    ///
    /// A job stands there once for each role that the party has in it.
    init(_ body: [UInt8], _ api: JobGuard.API) {
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(body))
        // What cannot be read says nothing about jobs, whatever the reason.
        guard let answer, let code = answer.retcode ?? answer.code else {
            self = .unknown("FATE Flow's answer cannot be read")
            return
        }
        let jobs = answer.data ?? []
        // FATE 2.x gives "no job found" a code of its own.
        let isNotFound = api == .v2 && code == Self.jobNotFound
        guard code == 0 || isNotFound else {
            let reason = (answer.retmsg ?? answer.message ?? "").prefix(200)
            self = .unknown("FATE Flow answers with code \(code): \(reason)")
            return
        }
        let ids = Set(jobs.map { $0.legacyID ?? $0.id ?? "without an id" })
        self = ids.isEmpty ? .idle : .running(ids.sorted())
    }

    /// `ReturnCode.Job.NOT_FOUND` of FATE Flow 2.
    private static let jobNotFound = 1001

    /// The parts of both APIs' answers that count, by the names that they have there.
    private struct Answer: Decodable {
        struct Job: Decodable {
            var legacyID: String?
            var id: String?

            enum CodingKeys: String, CodingKey {
                case legacyID = "f_job_id"
                case id = "job_id"
            }
        }

        var retcode: Int?
        var retmsg: String?
        var code: Int?
        var message: String?
        var data: [Job]?
    }
}

extension JobGuard.API {
    /// The request for running jobs; HTTP 1.0, so that the answer ends with the connection.
    func request(to host: String) -> [UInt8] {
        let body = #"{"status": "running"}"#
        let lines =
            switch self {
            case .v1:
                [
                    "POST /v1/job/query HTTP/1.0", "Host: \(host)", "User-Agent: fatesync",
                    "Content-Type: application/json", "Content-Length: \(body.utf8.count)", "", body,
                ]
            case .v2:
                [
                    "GET /v2/job/query?status=running HTTP/1.0", "Host: \(host)", "User-Agent: fatesync", "",
                    "",
                ]
            }
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}
