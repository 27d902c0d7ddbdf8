import Testing

@testable import DesiredState

struct ConfigFormatsSQLTests {
    @Test func eachPlaceGetsItsOwnEscapes() throws {
        let template = """
            -- ${NOT_A_VARIABLE} 'unclosed
            # $ "unclosed
            CREATE DATABASE IF NOT EXISTS `${DB}`; /* ${NEITHER} */
            CREATE USER '${NAME}'@'%' IDENTIFIED BY "${NAME}";
            INSERT INTO t_${PORT} VALUES (${PORT}, 'it''s \\'${NAME}', 5--1, '$$');
            """
        let variables = Variables(["DB": .string("a`b"), "NAME": .string("o'n\"e\\"), "PORT": .integer(9370)])
        let result = try render(template, .sql, variables: variables)
        let expected = """
            -- ${NOT_A_VARIABLE} 'unclosed
            # $ "unclosed
            CREATE DATABASE IF NOT EXISTS `a``b`; /* ${NEITHER} */
            CREATE USER 'o''n"e\\\\'@'%' IDENTIFIED BY "o'n""e\\\\";
            INSERT INTO t_9370 VALUES (9370, 'it''s \\'o''n"e\\\\', 5--1, '$');

            """
        #expect(result.text == expected)
    }

    @Test func mySQLReadsBackEveryValue() throws {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<2_000 {
            let value = generator.text()
            for quote in ["'", "\""] as [Unicode.Scalar] {
                let result = try render(
                    "\(quote)${V}\(quote)", .sql, variables: Variables(["V": .string(value)]))
                let literal = try #require(result.text)
                #expect(mySQLString(literal, quote) == value)
            }
        }
    }

    @Test(arguments: ["a b", "x'y", "1;DROP TABLE t", "", "é", "a-b"])
    func outsideQuotesOnlyWordsAreAllowed(_ value: String) throws {
        let result = try render("USE ${DB};\n", .sql, variables: Variables(["DB": .secret(value)]))
        let message =
            "the value of \"DB\" stands outside quotes, so only letters, digits and \"_\" are allowed;"
            + " put the "
            + "variable in quotes"
        #expect(result.lines == ["c:1:5: error E-VALUE: \(message)"])
    }

    @Test(arguments: [
        ("SELECT\n 'x;\n", "c:2:2: error E-SQL: this ' is never closed"),
        ("SELECT 1 /* x\n", "c:1:10: error E-SQL: this comment is never closed"),
        (
            "/*!40101 SET x=${PORT} */;\n",
            "c:1:16: error E-SQL: a variable in a comment that MySQL executes is not supported"
        ),
        ("SELECT '${PROT}';\n", "c:1:9: error E-VAR: unknown variable \"PROT\" (did you mean \"PORT\"?)"),
        (
            "SELECT '$x';\n",
            "c:1:9: error E-TEMPLATE: write \"${x}\" for the variable or \"$$x\" for the text"
        ),
        (
            "USE `${EMPTY:-}`;\n",
            "c:1:6: error E-VALUE: the value of \"EMPTY\" is empty or has control characters; it cannot"
                + " be a name"
        ),
    ])
    func aBrokenFileIsRefused(_ text: String, _ line: String) throws {
        #expect(try render(text, .sql).lines == [line])
    }

    @Test func anOverrideOfAScriptIsRefused() throws {
        let result = try render("SELECT 1;\n", .sql, overrides: "a: 1\n")
        #expect(
            result.lines == [
                "f.yaml:1:1: error E-FORMAT: c cannot be overridden key by key: its format is sql"
            ])
    }

    @Test func textIsFilledInAndHoldsItsLines() throws {
        #expect(try render("a ${HOST}\r\n{{ x }} $$", .text).text == "a 192.168.1.2\r\n{{ x }} $\n")
        let broken = try render("x\n  ${V}", .text, variables: Variables(["V": .secret("a\nb")]))
        let message = "the value of \"V\" has a line break or control character"
        #expect(broken.lines == ["c:2:3: error E-VALUE: \(message)"])
    }

    @Test(arguments: ConfigFormat.allCases)
    func aFileThatIsNoTextIsRefusedInEveryFormat(_ format: ConfigFormat) throws {
        var diagnostics: [Diagnostic] = []
        let template = ConfigTemplate([0x61, 0xFF], format: format, file: "c")
        #expect(template.render(Variables(), into: &diagnostics) == nil)
        #expect(diagnostics.map(\.code) == ["E-UTF8"])
    }
}

/// The value of a string literal by MySQL's manual, 9.1.1; `nil` if it ends before its text does.
private func mySQLString(_ text: String, _ quote: Unicode.Scalar) -> String? {
    var rest = text.unicodeScalars.dropLast()[...]
    var value = String.UnicodeScalarView()
    guard rest.popFirst() == quote, rest.popLast() == quote else { return nil }
    let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "0": "\0", "n": "\n", "r": "\r", "t": "\t", "b": "\u{8}", "Z": "\u{1A}",
    ]
    while let scalar = rest.popFirst() {
        if scalar == "\\" {
            guard let escaped = rest.popFirst() else { return nil }
            value.append(escapes[escaped] ?? escaped)
        } else {
            if scalar == quote, rest.popFirst() != quote { return nil }
            value.append(scalar)
        }
    }
    return String(value)
}
