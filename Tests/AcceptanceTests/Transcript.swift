import Foundation
import Testing

/// What a pusher has read in one run, in words that are the same in every run.
struct Transcript {
    private let pusher: Pusher
    private var lines: [String] = []
    /// The first seven digits of the commits, in the order of their appearance.
    private var commits: [String] = []
    private static let begin = "<!-- Written by PushTests with FATESYNC_UPDATE_GOLDEN=1. -->\n```\n"
    private static let end = "\n```\n"

    init(_ pusher: Pusher) { self.pusher = pusher }

    mutating func add(_ push: PushCase, _ exit: Exit) {
        if !lines.isEmpty { lines.append("") }
        let options = push.options == ["HEAD:main"] ? [] : ["origin"] + push.options
        lines.append((["$ git push"] + options + [" # " + push.title]).joined(separator: " "))
        for line in exit.errors.split(separator: "\n") {
            var line = String(line)
            while line.last?.isWhitespace == true { line.removeLast() }
            lines.append(named(timeless(placed(line))))
        }
    }

    private func placed(_ line: String) -> String {
        // Git leaves out who logs in.
        line.replacingOccurrences(
            of: pusher.address.replacingOccurrences(of: "root@", with: ""),
            with: "ssh://fate1.example/srv/git/state.git"
        )
        .replacingOccurrences(of: pusher.host.dataDirectory, with: "/var/lib/fatesync/parties")
    }

    private func timeless(_ line: String) -> String { line.replacing(/in \d+ ms/, with: "in 210 ms") }

    /// The line with other commits, which are made from their place in the transcript.
    private mutating func named(_ line: String) -> String {
        var result = ""
        var rest = line[...]
        while let match = rest.firstMatch(of: /\b[0-9a-f]{7,40}\b/) {
            let id = match.output
            let beginning = String(id.prefix(7))
            if !commits.contains(beginning) { commits.append(beginning) }
            let index = commits.firstIndex(of: beginning) ?? 0
            let name = "c0ffee" + String(index, radix: 16) + String(repeating: "a", count: 33)
            result += rest[..<match.range.lowerBound] + name.prefix(id.count)
            rest = rest[match.range.upperBound...]
        }
        return result + rest
    }

    /// Requires that a page of the manual shows the same, or writes it there.
    func compare(with page: String) throws {
        let path = Program.support("../../Sources/fatesync/Documentation.docc/\(page)")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let parts = text.components(separatedBy: Self.begin)
        try #require(parts.count == 2, "\(page) has no place for the transcript")
        let after = try #require(parts[1].range(of: Self.end))
        let own = lines.joined(separator: "\n")
        if ProcessInfo.processInfo.environment["FATESYNC_UPDATE_GOLDEN"] == "1" {
            let updated = parts[0] + Self.begin + own + parts[1][after.lowerBound...]
            try updated.write(toFile: path, atomically: true, encoding: .utf8)
        } else {
            #expect(
                own == parts[1][..<after.lowerBound],
                "run this test with FATESYNC_UPDATE_GOLDEN=1 and review the difference")
        }
    }
}
