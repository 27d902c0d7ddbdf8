import Testing

@testable import DesiredState

/// A folder comes from anywhere, so no text in it may stop the import.
@Suite struct ImportFuzzTests {
    private static let pieces = [
        "$", "${", "${X", "$$", "}", "'", "\"", "\\", ":", ": ", "- ", "[", "]", "{", "#", "\n", "\n  ", "\t",
        "=", "&a",
        "*a", "0", "-1", "99999999999999999999", "10000", "/", "..", "\0", "\u{FEFF}", "é", "null", "true",
        "(", ")", ";",
        "password=hunter2hunter2\n", "%", "<<: *a", "\"port\": \"x\"",
    ]

    @Test func `no damage to a file stops the import, and what it makes is valid or the damage is listed`()
        throws
    {
        var generator = SeededGenerator(seed: 11)
        let intact = try KubeFATEFolder.version151("10000")
        let paths = intact.files.keys.sorted()
        var imported = 0
        for round in 0..<12 {
            var folder = intact
            // Every second time a file that everything depends on.
            let path =
                round % 2 == 0
                ? ["confs-10000/docker-compose.yml", "confs-10000/.env", "parties.conf"][round / 2 % 3]
                : try #require(paths.randomElement(using: &generator))
            for _ in 0...Int.random(in: 0...3, using: &generator) { damage(&folder, path, &generator) }
            guard let state = try? folder.imported() else { continue }
            imported += 1
            if state.isComplete, state.secrets.isEmpty {
                let errors = state.decode().diagnostics.filter { $0.severity == .error }
                #expect(errors.isEmpty, "\(path): \(errors)")
            }
            #expect(
                !state.tree.files.values.contains {
                    String(decoding: $0, as: UTF8.self).contains("hunter2hunter2")
                })
        }
        #expect(imported > 6)
    }

    private func damage(_ folder: inout KubeFATEFolder, _ path: String, _ generator: inout SeededGenerator) {
        var bytes = folder.files[path] ?? []
        let start = Int.random(in: 0...bytes.count, using: &generator)
        let end = min(bytes.count, start + Int.random(in: 0...40, using: &generator))
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.removeSubrange(start..<end)
        case 1: bytes.insert(contentsOf: bytes[start..<end], at: start)
        case 2: bytes = Array(bytes[..<start])
        default:
            bytes.insert(contentsOf: (Self.pieces.randomElement(using: &generator) ?? "").utf8, at: start)
        }
        folder.files[path] = bytes
    }
}
