import Testing

@testable import DesiredState

struct ConfigFormatsPropertiesTests {
    @Test func aFileWithASectionIsReadByPythonAsWritten() throws {
        let template = """
            # comment
            [eggroll]
            ; comment
            #eggroll.logs.dir=/not/a/key/here
            eggroll.port = ${PORT}
            eggroll.jdbc.url=jdbc:mysql://mysql:3306/fate_flow?useSSL=false&serverTimezone=UTC
            eggroll.empty=
            eggroll.password: ${SAFE_PW}
            """
        let result = try render(
            template, .properties, overrides: "eggroll.empty: x#y\neggroll.new: ${HOST}\n")
        let expected = """
            [eggroll]
            eggroll.port=9370
            eggroll.jdbc.url=jdbc:mysql://mysql:3306/fate_flow?useSSL=false&serverTimezone=UTC
            eggroll.empty=x#y
            eggroll.password=a'b"c#d&e$f{g}:h=i!j k;
            eggroll.new=192.168.1.2

            """
        #expect(result.text == expected)
        #expect(result.isSecret)
        let body = """
            for t in texts:
                p = configparser.ConfigParser()
                p.read_string(t)
                print(dump(dict(p["eggroll"])))

            """
        let seen = try RealReader.python(body, texts: [expected])
        let password = try #require(trickyVariables.values["SAFE_PW"]?.text)
        let values = ConfigValue.map([
            "eggroll.port": .string("9370"),
            "eggroll.jdbc.url": .string("jdbc:mysql://mysql:3306/fate_flow?useSSL=false&serverTimezone=UTC"),
            "eggroll.empty": .string("x#y"), "eggroll.password": .string(password),
            "eggroll.new": .string("192.168.1.2"),
        ])
        #expect(seen == [values.notation(yamlKeys: false)])
    }

    @Test func whatIsLetThroughToASharedFileBothReadersReadAlike() throws {
        var generator = SeededGenerator(seed: 6)
        let candidates = (0..<4_000).map { _ in generator.text() }
        let values = candidates.filter { PropertiesText.problemWithSharedValue($0) == nil }
        #expect(values.count > 300)
        let texts = values.map { "[s]\nk=\($0)\n" }
        let body = """
            for t in texts:
                p = configparser.ConfigParser()
                p.read_string(t)
                print(dump(p["s"]["k"]))

            """
        let seen = try RealReader.python(body, texts: texts)
        #expect(seen == values.map { "s" + RealReader.hex($0) })
        for (text, value) in zip(texts, values) {
            let java = text.split(separator: "\n", maxSplits: 1)[1]
            #expect(try java8Value(String(java)) == value)
        }
    }

    @Test(arguments: [
        ("50%", "has a \"%\", with which Python's configparser reads no key of this file"),
        ("a\\b", "has a backslash, which Java drops and Python keeps"),
        (
            "a\nb=1",
            "has a line break, a control or a non-ASCII character; Java and Python's configparser do"
                + " not read it alike"
        ),
        (
            "pässword",
            "has a line break, a control or a non-ASCII character; Java and Python's configparser do"
                + " not read it alike"
        ),
        (" a", "begins or ends with a blank; Java and Python's configparser do not read it alike"),
        ("a ", "begins or ends with a blank; Java and Python's configparser do not read it alike"),
    ])
    func aValueThatASharedFileCannotHoldIsRefusedUnseen(_ value: String, _ reason: String) throws {
        let result = try render("[s]\nk=${V}\n", .properties, variables: Variables(["V": .secret(value)]))
        #expect(result.lines == ["c:2:3: error E-VALUE: the value of \"k\" \(reason)"])
    }

    @Test(arguments: [
        ("[s]\nk\n", "c:2:1: error E-PROPERTIES: \"=\" is missing"),
        (
            "[s]\na b=1\n",
            "c:2:1: error E-VALUE: the key \"a b\" has a character other than ASCII letters, digits and"
                + " most signs; Java and Python's configparser do not read it alike"
        ),
        (
            "[s]\n k=1\n",
            "c:2:2: error E-PROPERTIES: an indented line continues the value before it in Python, but"
                + " not in Java"
        ),
        (
            "[s]\n[t]\n",
            "c:2:1: error E-PROPERTIES: only one [section] is supported, on the first line that is no comment"
        ),
        ("[s]\nk=1\nK=2\n", "c:3:1: error E-DUP: duplicate key \"K\", first used in line 2"),
        ("k=1\nk=2\n", "c:2:1: error E-DUP: duplicate key \"k\", first used in line 1"),
        (
            "k=\\u12\n",
            "c:1:1: error E-PROPERTIES: \"\\u\" needs four hexadecimal digits; write \"\\\\\" for a backslash"
        ),
        ("k=${PROT}\n", "c:1:3: error E-VAR: unknown variable \"PROT\" (did you mean \"PORT\"?)"),
    ])
    func aBrokenFileIsRefused(_ text: String, _ line: String) throws {
        #expect(try render(text, .properties).lines == [line])
    }

    @Test func javaEscapesOfTheTemplateAreDecodedAndWrittenAgain() throws {
        let template = "! c\na.b : x\\ty\\u00e9\\\n   z\nempty\nurl=http\\://h?a=b#c\nsp\\ ace = \\ lead\n"
        let result = try render(template, .properties)
        let expected = "a.b=x\\ty\\u00e9z\nempty=\nurl=http://h?a=b#c\nsp\\ ace=\\ lead\n"
        #expect(result.text == expected)
    }

    @Test func javaReadsBackEveryKeyAndValue() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<3_000 {
            let pair = (key: "k" + generator.text(3), value: generator.text())
            let line = PropertiesText.key(pair.key) + "=" + PropertiesText.value(pair.value)
            #expect(try java8Value(line, key: pair.key) == pair.value)
        }
    }

    @Test(.enabled(if: RealReader.hasJava, "needs a JDK"))
    func javaItselfReadsBackEveryKeyAndValue() throws {
        var generator = SeededGenerator(seed: 9)
        var texts: [String] = []
        var expected: [String] = []
        for _ in 0..<2_000 {
            let pair = (key: generator.text(3), value: generator.text())
            texts.append(PropertiesText.key(pair.key) + "=" + PropertiesText.value(pair.value) + "\n")
            expected.append(RealReader.hex(pair.key) + "=" + RealReader.hex(pair.value))
            guard PropertiesText.problemWithSharedValue(pair.value) == nil else { continue }
            texts.append("k=" + pair.value + "\n")
            expected.append("6b=" + RealReader.hex(pair.value))
        }
        #expect(try RealReader.javaProperties(texts) == expected)
    }

    @Test func aPasswordComesOutRight() throws {
        let password = try #require(trickyVariables.values["PW"]?.text)
        let result = try render("k=${PW}\n", .properties)
        #expect(result.isSecret)
        #expect(try java8Value(result.text ?? "") == password)
    }
}

/// The value of the only line, by the rules of `java.util.Properties.load`.
private func java8Value(_ line: String, key: String = "k") throws -> String? {
    var diagnostics: [Diagnostic] = []
    let document = PropertiesDocument.parse(line, file: "c", into: &diagnostics)
    #expect(diagnostics.isEmpty)
    let entry = try #require(document?.entries.first)
    #expect(document?.entries.count == 1 && entry.key == key)
    return entry.value.raw
}
