import Foundation
import Testing

@testable import DesiredState

/// Variables with values that break naive templates.
let trickyVariables = Variables([
    "PORT": .integer(9370), "HOST": .string("192.168.1.2"), "ON": .boolean(true), "WORD": .string("yes"),
    "PW": .secret("a'b\"c#d&e%f\\g$h{i}:j k"), "SAFE_PW": .secret("a'b\"c#d&e$f{g}:h=i!j k;"),
    "PLAIN_PW": .secret("fate_dev"),
])

/// What a config file becomes, and what is said about it.
struct RenderResult {
    let text: String?
    let isSecret: Bool
    let lines: [String]
}

func render(
    _ template: String, _ format: ConfigFormat, overrides: String? = nil,
    variables: Variables = trickyVariables
) throws -> RenderResult {
    var diagnostics: [Diagnostic] = []
    let changes = try overrides.map(parsed)
    let rendered = ConfigTemplate(Array(template.utf8), format: format, file: "c")
        .render(variables, overrides: changes, into: &diagnostics)
    #expect((rendered == nil) == !diagnostics.isEmpty)
    let text = rendered.map { String(decoding: $0.bytes, as: UTF8.self) }
    return RenderResult(text: text, isSecret: rendered?.isSecret ?? false, lines: diagnostics.lines)
}

/// The programs that read config files, asked what they see.
enum RealReader {
    /// Runs a Python script that reads one hexadecimal text per line, and writes one line for each.
    static func python(_ body: String, texts: [String]) throws -> [String] {
        try lines(of: "/usr/bin/python3", script: "reader.py", preamble + body, texts: texts)
    }

    static let hasJava = FileManager.default.isExecutableFile(atPath: "/usr/bin/javac")

    /// What `java.util.Properties` reads from each text, as `key=value` in hexadecimal digits.
    static func javaProperties(_ texts: [String]) throws -> [String] {
        try lines(of: "/usr/bin/java", script: "Reader.java", javaReader, texts: texts)
    }

    /// Runs a script over a file with one hexadecimal text per line, and returns the lines that it writes.
    private static func lines(
        of program: String, script name: String, _ source: String, texts: [String]
    ) throws -> [String] {
        let directory = FileManager.default.temporaryDirectory.appending(path: "reader-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }  // Left for the system to clean up.
        let script = directory.appending(path: name)
        let input = directory.appending(path: "input")
        let output = directory.appending(path: "output")
        try Data(source.utf8).write(to: script)
        try Data(texts.map { hex($0) + "\n" }.joined().utf8).write(to: input)
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = [script.path(), input.path()]
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let text = try String(contentsOf: output, encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        // Whoever asked looks at each answer: a reader that died must fail one test, not end all of them.
        try #require(lines.count >= texts.count)
        return lines
    }

    /// `dump` writes a value in the notation of `ConfigValue.notation`.
    private static let preamble = """
        import sys, json, struct, configparser
        def dump(v):
            if v is None: return "n"
            if v is True or v is False: return "b1" if v else "b0"
            if isinstance(v, int): return "i%d" % v
            if isinstance(v, float): return "f" + struct.pack(">d", v).hex()
            if isinstance(v, str): return "s" + v.encode("utf-8").hex()
            if isinstance(v, list): return "[" + "".join(dump(x) + "," for x in v) + "]"
            if isinstance(v, dict):
                return "{" + "".join(dump(k) + ":" + dump(x) + "," for k, x in v.items()) + "}"
            return "unknown " + type(v).__name__
        texts = [bytes.fromhex(line.strip()).decode("utf-8") for line in open(sys.argv[1])]

        """

    private static let javaReader = """
        import java.io.*;
        import java.nio.file.*;
        import java.util.*;

        class Reader {
            static String hex(String text) throws Exception {
                return HexFormat.of().formatHex(text.getBytes("UTF-8"));
            }

            public static void main(String[] arguments) throws Exception {
                for (String line : Files.readAllLines(Path.of(arguments[0]))) {
                    Properties properties = new Properties();
                    properties.load(new ByteArrayInputStream(HexFormat.of().parseHex(line)));
                    StringJoiner seen = new StringJoiner(",");
                    for (Map.Entry<Object, Object> entry : properties.entrySet())
                        seen.add(hex((String) entry.getKey()) + "=" + hex((String) entry.getValue()));
                    System.out.println(seen);
                }
            }
        }
        """

    static func hex(_ text: String) -> String {
        text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension ConfigValue {
    /// The value in one line, without any quoting that could be wrong.
    func notation(yamlKeys: Bool) -> String {
        switch self {
        case .null: "n"
        case .bool(let value): value ? "b1" : "b0"
        case .integer(let value): "i\(value)"
        case .decimal(let digits):
            "f" + String(String(Double(digits)?.bitPattern ?? 0, radix: 16).leftPadded(to: 16))
        case .string(let text): "s" + RealReader.hex(text)
        case .list(let elements): "[" + elements.map { $0.notation(yamlKeys: yamlKeys) + "," }.joined() + "]"
        case .map(let entries):
            "{"
                + entries.map {
                    let key = yamlKeys && $0.keyIsInteger ? "i" + $0.key : "s" + RealReader.hex($0.key)
                    return key + ":" + $0.value.notation(yamlKeys: yamlKeys) + ","
                }.joined() + "}"
        }
    }
}

extension String {
    fileprivate func leftPadded(to length: Int) -> String {
        String(repeating: "0", count: max(0, length - utf8.count)) + self
    }
}
