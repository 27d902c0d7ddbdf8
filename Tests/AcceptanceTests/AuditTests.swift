import Foundation
import Testing

extension Acceptance {
    /// The journal as its reviewer meets it.
    @Suite struct AuditTests {
        private struct Document: Decodable {
            struct Entry: Decodable {
                var seq: Int
                var kind, host: String
                var action, object, party, commit, author, outcome: String?
            }

            var schemaVersion: Int
            var entries: [Entry]
        }

        private struct Verdict: Decodable {
            struct Fault: Decodable {
                var file: String
                var line: Int
                var `class`: String
            }

            var verdict, head, key: String
            var records: Int
            var keyPinned: Bool
            var fault: Fault?
        }

        private struct Key: Decodable { var key, verifier: String }

        private struct Proof: Decodable {
            var size: Int
            var root: String
            var path: [String]
        }

        @Test func `the journal is listed, shown and verified, and an alteration is found`() async throws {
            try await Host.use { host in
                let state = SmallState(host: host)
                try state.write(parties: [1, 2])
                let commit = try await host.push("Deploy two parties")
                try await host.fatesync("sync").expect(0)
                try await lists(host, state, commit)
                try await shows(host, commit)
                try await verifies(host)
            }
        }

        private func list(_ host: Host, _ options: String...) async throws -> [Document.Entry] {
            let exit = try await Program.run(
                [Program.fatesync, "audit", "list", "-o", "json", "--config", host.configuration] + options)
            let document = try exit.expect(0).decode(Document.self)
            #expect(document.schemaVersion == 1)
            return document.entries
        }

        private func lists(_ host: Host, _ state: SmallState, _ commit: String) async throws {
            let created = try await list(
                host, "--party", "2", "--action", "container.create", "--outcome", "ok")
            #expect(Set(created.compactMap(\.object)) == state.names(2))
            #expect(created.allSatisfy { $0.commit == commit && $0.host == host.name })
            #expect(created.allSatisfy { $0.author == "Olga Operator <olga@example.org>" })
            let last = try await list(host, "--last", "3")
            #expect(last.count == 3)
            #expect(last.last?.kind == "plan.done")
            let later = try await list(host, "--since", "2100-01-01T00:00:00Z")
            #expect(later.isEmpty)
            let text = try await host.fatesync("audit", "list").expect(0)
            #expect(text.output.contains("Deploy two parties"))
            #expect(!text.output.contains("step.intent"))
            let all = try await list(host, "--all")
            #expect(all.contains { $0.kind == "step.intent" })
        }

        private func shows(_ host: Host, _ commit: String) async throws {
            let ofCommit = try await host.fatesync("audit", "show", String(commit.prefix(7)), "-o", "json")
                .expect(0)
            #expect(try ofCommit.decode(Document.self).entries.count > 10)
            let first = try await host.fatesync("audit", "show", "0").expect(0)
            #expect(first.output.contains("log.open"))
            try await host.fatesync("audit", "show", "999999").expect(1)
        }

        /// A proof's root is that of a checkpoint, whose holder has nothing else.
        private func proves(_ host: Host, _ key: Key, records: Int) async throws {
            let proof = try await host.fatesync("audit", "prove", "3").expect(0).decode(Proof.self)
            #expect(proof.size == records)
            #expect(!proof.path.isEmpty)
            let origin = try #require(key.verifier.split(separator: "+").first)
            let note = host.stateDirectory + "/noted-checkpoint"
            func keep(root: String) throws {
                let signature = "\u{2014} \(origin) " + Data(repeating: 0, count: 68).base64EncodedString()
                try "\(origin)\n\(records)\n\(root)\n\n\(signature)\n"
                    .write(toFile: note, atomically: false, encoding: .utf8)
            }
            try keep(root: proof.root)
            let verify = try await host.fatesync("audit", "verify", "--anchor", note).expect(0)
            #expect(verify.output.contains("\(records) records agree with the checkpoint; 0 lie after it"))
            let earlier = try await host.fatesync("audit", "prove", "--from", "1", "--to", "2").expect(0)
            try keep(root: try earlier.decode(Proof.self).root)
            try await host.fatesync("audit", "verify", "--anchor", note).expect(8)
            try await host.fatesync("audit", "prove", "3", "--in", "3").expect(1)
        }

        private func verifies(_ host: Host) async throws {
            try await host.fatesync("audit", "verify").expect(0)
            let json = try await host.fatesync("audit", "verify", "-o", "json").expect(0)
            let head = try json.decode(Verdict.self).head
            try await host.fatesync("audit", "verify", "--head", head).expect(0)
            let key = try await host.fatesync("audit", "key", "-o", "json").expect(0).decode(Key.self)
            #expect(try json.decode(Verdict.self).key == key.key)
            #expect(try json.decode(Verdict.self).keyPinned == false)
            let pinned = try await host.fatesync("audit", "verify", "--key", key.key, "--fast").expect(0)
            #expect(!pinned.output.contains(key.key))
            try await proves(host, key, records: try json.decode(Verdict.self).records)

            let folder = host.stateDirectory + "/audit"
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
                $0.hasSuffix(".jsonl")
            }
            let file = folder + "/" + (try #require(names.max()))
            let original = try String(contentsOfFile: file, encoding: .utf8)
            // Somebody hides what was done last, in two ways.
            let shorter = original.split(separator: "\n").dropLast().map { $0 + "\n" }.joined()
            try shorter.write(toFile: file, atomically: false, encoding: .utf8)
            try await host.fatesync("audit", "verify", "--head", head).expect(8)
            let altered = original.replacingOccurrences(of: "Olga Operator", with: "Otto Operator")
            try altered.write(toFile: file, atomically: false, encoding: .utf8)
            let verify = try await host.fatesync("audit", "verify").expect(8)
            #expect(verify.output.contains("ALTERED"), "\(verify)")
            let fault = try await host.fatesync("audit", "verify", "--fast", "-o", "json").expect(8)
                .decode(Verdict.self).fault
            #expect(fault?.class == "bad-signature")
            #expect(fault.map { file.hasSuffix("/" + $0.file) } == true)
            try original.write(toFile: file, atomically: false, encoding: .utf8)
            try await host.fatesync("audit", "verify", "--head", head).expect(0)
        }
    }
}
