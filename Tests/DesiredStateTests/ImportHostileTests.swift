import Foundation
import Testing

@testable import DesiredState

@Suite struct ImportHostileTests {
    private func assignments(_ text: String) -> (PlainAssignments, [ImportFinding]) {
        var findings: [ImportFinding] = []
        return (PlainAssignments.read(Array(text.utf8), file: "parties.conf", into: &findings), findings)
    }

    @Test func `plain assignments are read as bash reads them`() {
        let (read, findings) = assignments(
            """
            #!/bin/bash
            user=fate   # a comment
            list=(10000 "9999"
              # another one
              '8888')
            empty=
            joined="a b"'c'd; next=1
            """)
        #expect(findings == [])
        #expect(read.list("list") == ["10000", "9999", "8888"])
        #expect(read.list("missing", "list").count == 3)
        #expect(read.word("user") == "fate")
        #expect(read.word("empty") == nil)
        #expect(read.word("joined") == "a bcd")
        #expect(read.word("next") == "1")
    }

    @Test(arguments: [
        "a=$(touch /tmp/x)", "a=`id`", "a=$HOME", "a=\"$HOME\"", "a+=b", "export a=b", "a=(b", "a=b c",
        "rm -rf /",
        "a=(b; c)", "if true; then", "a='b", "1a=b", "a=b|c", "a=~", "a[0]=b", "\u{1}\u{2}",
    ])
    func `everything else has no effect and is listed with its line`(_ line: String) {
        let (read, findings) = assignments("first=1\n" + line + "\n")
        #expect(read.values["a"] == nil)
        #expect(findings.contains { $0.kind == .leftOut && $0.location.line == 2 }, "\(findings)")
    }

    @Test func `keys that fatesync does not have are taken out and listed`() throws {
        var folder = try KubeFATEFolder.version151("10000")
        try folder.replace(
            "confs-10000/docker-compose.yml", "  mysql:\n    image: \"mysql:8\"\n",
            "  mysql:\n    image: \"mysql:8\"\n    privileged: true\n    build: {context: .}\n    links: [python]\n"
                + "    labels: {com.docker.compose.project: other}\n")
        let state = try folder.imported()
        let left = state.lines(.leftOut)
        #expect(left.count == 4, "\(left)")
        for word in ["privileged", "build", "links", "com.docker.compose"] {
            #expect(
                left.contains { $0.hasPrefix("confs-10000/docker-compose.yml:1") && $0.contains(word) },
                "\(word)")
        }
        #expect(!state.isComplete)
        #expect(state.decode().diagnostics.filter { $0.severity == .error } == [])
    }

    @Test func `the values of an env_file are written out`() throws {
        var folder = try KubeFATEFolder.version151("10000")
        let compose = "confs-10000/docker-compose.yml"
        try folder.replace(
            compose, "    environment:\n      MYSQL_ALLOW_EMPTY_PASSWORD: \"yes\"\n",
            "    env_file: [./confs/mysql/my.env]\n    environment: [MYSQL_ALLOW_EMPTY_PASSWORD=yes]\n")
        folder["confs-10000/confs/mysql/my.env"] = "MYSQL_ALLOW_EMPTY_PASSWORD=no\nTZ=Asia/Shanghai # here\n"
        let state = try folder.imported()
        #expect(state.isComplete, "\(state.lines(.leftOut))")
        let environment = try state.decode().party("10000").service("mysql").environment
        #expect(environment == ["MYSQL_ALLOW_EMPTY_PASSWORD": "yes", "TZ": "Asia/Shanghai"])
        folder["confs-10000/confs/mysql/my.env"] = ""
        folder.files["confs-10000/confs/mysql/my.env"] = nil
        let left = try folder.imported().lines(.leftOut)
        #expect(
            left == [
                "\(compose):\(Self.line(of: "env_file", in: folder[compose])):5: unknown key \"env_file\", which a state repository does not have"
            ])
    }

    private static func line(of word: String, in text: String) -> Int {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.firstIndex { $0.contains(word) } ?? 0) + 1
    }

    @Test func `secrets never reach the state`() throws {
        var folder = try KubeFATEFolder.version151("10000", "9999")
        let secrets = ["10000": "t0p&secret'10000", "9999": "t0p&secret-9999"]
        for (party, secret) in secrets {
            let confs = "confs-\(party)/confs/"
            try folder.replace(confs + "eggroll/conf/eggroll.properties", "=fate_dev", "=" + secret)
            try folder.replace(confs + "fateboard/conf/application.properties", "=fate_dev", "=" + secret)
            try folder.replace(
                confs + "fate_flow/conf/service_conf.yaml", "passwd: fate_dev", "passwd: \"\(secret)\"")
            try folder.replace(
                confs + "mysql/init/insert-node.sql", "fate_dev",
                secret.replacingOccurrences(of: "'", with: "''"))
            folder[confs + "eggroll/conf/notes.txt"] = "the database: \(secret)\n"
            try folder.replace(
                "confs-\(party)/docker-compose.yml", "MYSQL_ALLOW_EMPTY_PASSWORD: \"yes\"",
                "MYSQL_ROOT_PASSWORD: \"\(secret)\"")
        }
        let state = try folder.imported()
        for (path, bytes) in state.tree.files {
            #expect(!String(decoding: bytes, as: UTF8.self).contains("t0p&secret"), "\(path)")
        }
        #expect(!state.findings.contains { $0.message.contains("t0p") })
        #expect(Set(state.secrets.map(\.party)) == ["9999", "10000"])
        #expect(state.secrets.contains { $0.party == "10000" && $0.name == "DB_PASSWORD" })
        #expect(Set(state.parties.compactMap(\.blueprint)).count == 1)
        #expect(state.isComplete, "\(state.lines(.leftOut))")
        #expect(state.lines(.changed).allSatisfy { $0.contains("default.default[0].port") })
        var values: [String: String] = [:]
        for secret in state.secrets { values["\(secret.party)/\(secret.name)"] = secrets[secret.party] }
        let party = try state.decode("192.168.1.2", secrets: values).party("9999")
        #expect(try party.text("eggroll/conf/notes.txt") == "the database: t0p&secret-9999\n")
        #expect(try party.service("mysql").environment["MYSQL_ROOT_PASSWORD"] == "t0p&secret-9999")
    }

    @Test func `binary, broken and unknown files are copied or named, never lost`() throws {
        var folder = try KubeFATEFolder.version151("10000")
        let confs = "confs-10000/confs/"
        folder.files[confs + "eggroll/conf/blob.bin"] = [0, 255, 1, 254]
        folder[confs + "fate_flow/conf/service_conf.yaml"] = "a: &x 1\nb: *x\n\tc\n"
        folder[confs + "eggroll/conf/route_table.json"] = "{\"route_table\": "
        folder[confs + "fate_flow/conf/pipeline_conf.yaml"] = ""
        let state = try folder.imported()
        let blueprint = "blueprints/imported-1.5.1/confs/"
        #expect(state.tree.files[blueprint + "eggroll/conf/blob.bin"] == [0, 255, 1, 254])
        #expect(try state.text(blueprint + "fate_flow/conf/service_conf.yaml").hasPrefix("a: &x 1"))
        #expect(state.tree.files[blueprint + "eggroll/conf/route_table.json"] != nil)
        #expect(state.tree.files[blueprint + "fate_flow/conf/pipeline_conf.yaml"] == nil)
        #expect(state.lines(.note).contains { $0.contains("blob.bin") })
        #expect(state.lines(.leftOut).count == 1)
        #expect(state.lines(.leftOut).first?.contains("route_table.json") == true)
        #expect(state.decode().diagnostics.filter { $0.severity == .error } == [])
    }

    @Test(arguments: ["", "services: 5\n", "a: [", "services: {}\n", "\0\0", "- a\n"])
    func `a Compose file that says nothing ends the import with a reason`(_ text: String) throws {
        var folder = try KubeFATEFolder.version151("10000")
        folder["confs-10000/docker-compose.yml"] = text
        #expect(throws: ImportError.self) { try folder.imported() }
    }

    @Test func `a folder without parties is refused`() throws {
        #expect(throws: ImportError.self) { try KubeFATEFolder().imported() }
        var folder = KubeFATEFolder()
        folder["confs-exchange/docker-compose.yml"] = "services: {exchange: {image: a}}\n"
        #expect(throws: ImportError.self) { try folder.imported() }
    }
}
