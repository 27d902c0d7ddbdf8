import Foundation
import Testing

@testable import DesiredState

/// A password of signs that break naive templates, read back from every place that it goes to by the programs that
/// read it there.
///
/// The container's environment is read back from a real engine, in the acceptance tests of secrets.
struct PasswordTests {
    /// What FATE itself can read everywhere.
    private static let password = "a'b\"c#d&e$f{g}h:i=j!k;l m"
    /// With the two signs that no spelling of eggroll.properties gets to both of its readers.
    private static let others = ["p%w", "p\\w"]

    private static func decode(_ password: String, _ release: String = "1.5.1") throws -> DesiredState {
        var example = try Example()
        let blueprint = "blueprints/fate-\(release)/blueprint.yaml"
        try example.replace(blueprint, "type: string\n    default: fate_dev", "type: secret")
        for party in ["10000", "9999"] where release != "1.5.1" {
            try example.replace("parties/\(party)/party.yaml", "fate-1.5.1", "fate-\(release)")
            if release == "2.0.0" {
                try example.replace("parties/\(party)/party.yaml", "PORT_ROLLSITE", "PORT_OSX")
            }
        }
        try example.append(
            Example.party10000,
            "overrides:\n  services:\n    mysql: {environment: {MYSQL_PASSWORD: \"${DB_PASSWORD}\"}}\n")
        return example.decode(
            DecodingContext(host: "demo", dataDirectory: "/srv/fate", secrets: ["DB_PASSWORD": password]))
    }

    @Test(arguments: ["1.5.1", "1.11.2", "2.0.0"]) func everyReaderGetsIt(release: String) throws {
        let state = try Self.decode(Self.password, release)
        #expect(state.diagnostics.filter { $0.severity == .error }.lines == [])
        let party = try state.party("10000")
        let eggroll = try party.text("eggroll/conf/eggroll.properties")
        let key = "eggroll.resourcemanager.clustermanager.jdbc.password"
        #expect(try Self.configparser(eggroll, key) == Self.password)
        #expect(try Self.grepAndCut(eggroll, key) == Self.password)
        let yaml = try Self.yaml(try party.text("fate_flow/conf/service_conf.yaml"), "passwd")
        #expect(yaml.contains(Self.password))
        #expect(try Self.sqlString(try party.text("mysql/init/insert-node.sql")) == Self.password)
        #expect(try party.service("mysql").environment["MYSQL_PASSWORD"] == Self.password)
        if RealReader.hasJava {
            let seen = try RealReader.javaProperties([eggroll])[0]
            #expect(seen.contains("\(RealReader.hex(key))=\(RealReader.hex(Self.password))"))
        }
        guard release == "1.5.1" else { return }
        try expectFATEBoardGetsIt(party, Self.password)
    }

    /// FATE cannot read these in eggroll.properties, whatever the spelling, and says so before anything is done.
    @Test(arguments: others) func whatEggrollCannotReadIsRefusedWithTheReason(password: String) throws {
        let lines = try Self.decode(password).diagnostics.filter { $0.severity == .error }.lines
        #expect(!lines.isEmpty)
        for line in lines {
            #expect(line.contains("E-VALUE"), "\(line)")
            #expect(line.contains(password.contains("%") ? "configparser" : "Java drops"), "\(line)")
            #expect(!line.contains(password), "\(line)")
        }
        // Both readers at once get something else, or nothing, from every spelling that one could try.
        let key = "k"
        for spelling in [
            password, password.replacing("%", with: "%%"), password.replacing("\\", with: "\\\\"),
        ] {
            let python = try? Self.configparser("[eggroll]\n\(key)=\(spelling)\n", key)
            guard RealReader.hasJava, python == password else { continue }
            let java = try RealReader.javaProperties(["\(key)=\(spelling)\n"])[0]
            #expect(java != "\(RealReader.hex(key))=\(RealReader.hex(password))", "\(spelling)")
        }
    }

    /// The other places take them.
    @Test(arguments: others) func everyOtherPlaceTakesThem(password: String) throws {
        func rendered(_ path: String, _ format: ConfigFormat) throws -> String {
            let bytes = try #require(Example().tree.files["blueprints/fate-1.5.1/confs/\(path)"])
            let variables = Variables([
                "DB_NAME": .string("fate_flow"), "DB_USER": .string("fate"), "DB_PASSWORD": .secret(password),
                "FLOW_IP": .string("10.0.0.1"), "SERVING_HOST": .string("127.0.0.1"),
            ])
            var diagnostics: [Diagnostic] = []
            let file = ConfigTemplate(bytes, format: format, file: path).render(variables, into: &diagnostics)
            #expect(diagnostics.lines == [])
            return String(decoding: try #require(file).bytes, as: UTF8.self)
        }
        let yaml = try Self.yaml(try rendered("fate_flow/conf/service_conf.yaml", .yaml), "passwd")
        #expect(yaml == [password, password])
        #expect(try Self.sqlString(try rendered("mysql/init/insert-node.sql", .sql)) == password)
        guard RealReader.hasJava else { return }
        let text = try rendered("fateboard/conf/application.properties", .properties)
        let seen = try RealReader.javaProperties([text])[0]
        #expect(
            seen.contains("\(RealReader.hex("fateboard.datasource.password"))=\(RealReader.hex(password))"))
    }

    private func expectFATEBoardGetsIt(_ party: PartyResources, _ password: String) throws {
        guard RealReader.hasJava else { return }
        let text = try party.text("fateboard/conf/application.properties")
        let seen = try RealReader.javaProperties([text])[0]
        #expect(
            seen.contains("\(RealReader.hex("fateboard.datasource.password"))=\(RealReader.hex(password))"))
    }

    // MARK: Readers

    /// As eggroll's Python reads it, with interpolation.
    private static func configparser(_ text: String, _ key: String) throws -> String {
        let body = """
            for t in texts:
                p = configparser.ConfigParser(); p.optionxform = str; p.read_string(t)
                try: print(p["eggroll"]["\(key)"])
                except configparser.Error: print("unreadable " * 2)

            """
        return try #require(try RealReader.python(body, texts: [text]).first)
    }

    /// As eggroll's start script reads it.
    private static func grepAndCut(_ text: String, _ key: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = [
            "-c", "value=`grep \(key) /dev/stdin | cut -d '=' -f 2-`; printf %s \"$value\"",
        ]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(Data(text.utf8))
        try input.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// The values of every key of that name, as PyYAML reads them.
    private static func yaml(_ text: String, _ key: String) throws -> [String] {
        let body = """
            import yaml
            def found(v):
                for k, x in (v.items() if isinstance(v, dict) else []):
                    if k == "\(key)": yield x
                    else: yield from found(x)
            for t in texts: print(json.dumps(list(found(yaml.safe_load(t)))))

            """
        let line = try #require(try RealReader.python(body, texts: [text]).first)
        return try JSONDecoder().decode([String].self, from: Data(line.utf8))
    }

    /// What MySQL takes for the password: in a string `''` is one quote, and a backslash escapes the next character.
    private static func sqlString(_ text: String) throws -> String {
        let body = """
            import re
            escapes = {"0": "\\0", "n": "\\n", "r": "\\r", "t": "\\t", "Z": "\\x1a", "b": "\\b"}
            for t in texts:
                literal = re.search(r"IDENTIFIED BY '((?:[^'\\\\]|''|\\\\.)*)';", t, re.S)[1]
                print(re.sub(r"''|\\\\(.)", lambda m: "'" if m[0] == "''" else escapes.get(m[1], m[1]), literal))

            """
        return try #require(try RealReader.python(body, texts: [text]).first)
    }
}
