import Testing

@testable import DesiredState

struct ComposeProcessTests {
    @Test(
        arguments: [
            ("command: echo a  b", ["echo", "a", "b"]),
            ("command: echo 'a \"b' \"c 'd\" e\\ f ''", ["echo", "a \"b", "c 'd", "e f", ""]),
            ("command: 'echo \"a\\\"b\" ''c\\d'''", ["echo", "a\"b", "c\\d"]),
            ("command: '--a=\"b c\";d'", nil),
            ("command: \"\"", []),
            ("command: []", []),
            ("command: [sh, -c, 'a && b | c > d']", ["sh", "-c", "a && b | c > d"]),
            ("command: ['']", [""]),
            ("command:", nil),
        ] as [(String, [String]?)])
    func commandsAreSplitAsComposeSplitsThem(_ keys: String, _ expected: [String]?) throws {
        if keys.contains(";") {
            #expect(try complaints(keys).count == 1)
        } else {
            #expect(try container(keys).command == expected)
            let entrypoint = keys.replacing("command", with: "entrypoint")
            #expect(try container(entrypoint).entrypoint == expected)
        }
    }

    @Test(arguments: [
        "environment: {A: x, B: 1, C: true, D: 0.5, E: '', F: 'a=b'}",
        "environment: [A=x, B=1, C=true, D=0.5, E=, 'F=a=b']",
    ])
    func environmentIsAMapOrAList(_ keys: String) throws {
        let expected = ["A": "x", "B": "1", "C": "true", "D": "0.5", "E": "", "F": "a=b"]
        #expect(try container(keys).environment == expected)
    }

    @Test func aSecretMayBeInTheEnvironmentAndTheCommand() throws {
        let keys = "environment: {A: '${PW}', B: 'x-${PW}'}\ncommand: [run, '${PW}']"
        let spec = try container(keys, ["PW": .secret("hunter2")])
        #expect(spec.environment == ["A": "hunter2", "B": "x-hunter2"])
        #expect(spec.command == ["run", "hunter2"])
    }

    @Test(arguments: [
        ("\"no\"", RestartPolicy(name: "no")), ("no", RestartPolicy(name: "no")),
        ("always", RestartPolicy(name: "always")), ("unless-stopped", RestartPolicy(name: "unless-stopped")),
        ("on-failure", RestartPolicy(name: "on-failure")),
        ("on-failure:5", RestartPolicy(name: "on-failure", maximumRetries: 5)),
    ])
    func restartPolicies(_ text: String, _ expected: RestartPolicy) throws {
        #expect(try container("restart: \(text)").restart == expected)
    }

    @Test func healthchecks() throws {
        let second: Int64 = 1_000_000_000
        let full = "{test: curl -f x | cat, interval: 1m30s, timeout: 500ms, start_period: 1h, retries: 3}"
        #expect(
            try container("healthcheck: \(full)").healthcheck
                == Healthcheck(
                    test: ["CMD-SHELL", "curl -f x | cat"], interval: 90 * second, timeout: second / 2,
                    startPeriod: 3600 * second, retries: 3))
        #expect(try container("healthcheck: {test: [CMD, a, b]}").healthcheck?.test == ["CMD", "a", "b"])
        #expect(try container("healthcheck: {test: [NONE]}").healthcheck?.test == ["NONE"])
        #expect(try container("healthcheck: {test: x, disable: true}").healthcheck?.test == ["NONE"])
        #expect(try container("healthcheck: {retries: 2}").healthcheck?.test == [])
        #expect(try container("healthcheck: {}").healthcheck == nil)
    }

    @Test func theRestOfTheProcess() throws {
        let spec = try container(
            "user: '1000:1000'\nworking_dir: /srv/\ninit: true\nstop_signal: SIGINT\nstop_grace_period: 1m30s"
        )
        #expect(spec.user == "1000:1000" && spec.workingDirectory == "/srv" && spec.usesInit == true)
        #expect(spec.stopSignal == "SIGINT" && spec.stopTimeout == 90)
        #expect(try container("user: ${UID}", ["UID": .integer(1000)]).user == "1000")
        for signal in ["TERM", "9", "SIGRTMIN+3", "SIGRTMAX-2"] {
            #expect(try container("stop_signal: '\(signal)'").stopSignal == signal)
        }
    }

    static let refusals = [
        ComposeCase(
            "command: echo a; rm",
            "4:14: error E-COMMAND: \"command\" has a ; outside quotes, which only a shell understands; "
                + "put it in quotes or write [\"sh\", \"-c\", ...]"),
        ComposeCase("command: echo 'a", "4:14: error E-COMMAND: \"command\" has a ' that is not closed"),
        ComposeCase("command: echo a\\", "4:14: error E-COMMAND: \"command\" ends with a backslash"),
        ComposeCase(
            "command: [sleep, 5]",
            "4:14: error E-TYPE: \"command\" has an element in line 4, column 22 that must be a string, "
                + "found the integer 5 (put it in quotes)"),
        ComposeCase("command: {a: b}", "4:14: error E-TYPE: \"command\" must be a string, found a map"),
        ComposeCase(
            "environment: {A: }\n",
            "4:19: error E-VALUE: \"A\" has no value, and fatesync has no shell environment to "
                + "take one from"),
        ComposeCase(
            "environment: [A]",
            "4:19: error E-VALUE: \"A\" has no value, and fatesync has no shell environment to "
                + "take one from"),
        ComposeCase(
            "environment: {A: 1.50, B: 0x1F, C: 1e3, D: True, E: 2020-01-01, F: yes, G: 22:22}",
            "4:22: error E-VALUE: \"A\" must be put in quotes: Compose would not keep 1.50 as it is written",
            "4:31: error E-VALUE: \"B\" must be put in quotes: Compose would not keep 0x1F as it is written",
            "4:40: error E-VALUE: \"C\" must be put in quotes: Compose would not keep 1e3 as it is written",
            "4:48: error E-VALUE: \"D\" must be put in quotes: Compose would not keep True as it is written",
            "4:57: error E-VALUE: \"E\" must be put in quotes: Compose would not keep 2020-01-01 "
                + "as it is written"
        ),
        ComposeCase(
            "environment: [A=1, B=2, A=3]", "4:29: error E-DUP: \"A\" is listed twice, first in line 4"),
        ComposeCase("environment: ['=x']", "4:19: error E-VALUE: \"\" is no name for a value"),
        ComposeCase("environment: {A: [1]}", "4:22: error E-TYPE: \"A\" must be a string, found a list"),
        ComposeCase(
            "environment: x",
            "4:18: error E-TYPE: \"environment\" must be a map or a list of KEY=VALUE, found the string \"x\""
        ),
        ComposeCase(
            "restart: alwys",
            "4:14: error E-VALUE: \"restart\" cannot be \"alwys\" (did you mean \"always\"?)"),
        ComposeCase(
            "restart: always:3",
            "4:14: error E-VALUE: \"restart\" cannot be \"always:3\" (did you mean \"always\"?)"),
        ComposeCase(
            "restart: on-failure:x",
            "4:14: error E-VALUE: \"restart\" must have a number of retries behind on-failure:, "
                + "found \"on-failure:x\""
        ),
        ComposeCase(
            "restart: false",
            "4:14: error E-TYPE: \"restart\" must be a string, found the boolean false (put it in quotes)"),
        ComposeCase(
            "healthcheck: {test: [curl]}",
            "4:25: error E-VALUE: \"test\" must be a string, or a list that begins with CMD and a program, "
                + "CMD-SHELL and a line, or NONE alone"),
        ComposeCase(
            "healthcheck: {test: x, interval: 5}",
            "4:38: error E-DURATION: \"interval\" must be a duration such as 90s, 1m30s or 500ms, found \"5\""
        ),
        ComposeCase(
            "healthcheck: {test: x, interval: 5us}",
            "4:28: error E-DURATION: \"interval\" must be 1ms or more"),
        ComposeCase(
            "healthcheck: {test: x, start_intervall: 5s}",
            "4:28: error E-KEY: unknown key \"start_intervall\" (allowed: disable, interval, retries, "
                + "start_period, test, timeout)"),
        ComposeCase(
            "stop_signal: SIGTREM",
            "4:18: error E-VALUE: \"stop_signal\" must be a signal such as SIGTERM, found \"SIGTREM\""),
        ComposeCase(
            "stop_grace_period: 1.5s",
            "4:24: error E-DURATION: \"stop_grace_period\" must be whole seconds, found \"1.5s\""),
        ComposeCase(
            "working_dir: srv",
            "4:18: error E-PATH: \"working_dir\" must be an absolute path on the container, found \"srv\""),
        ComposeCase(
            "user: 1000",
            "4:11: error E-TYPE: \"user\" must be a string, found the integer 1000 (put it in quotes)"),
        ComposeCase("user: ''", "4:11: error E-VALUE: \"user\" cannot be empty"),
    ]

    @Test(arguments: refusals)
    func isRefused(_ example: ComposeCase) throws { try example.check() }

    @Test(arguments: ["5", "5m-1s", "-1s", "NaN", "10000000000s", "1d", "s", "1.s", "", "1 s", "5.m"])
    func isNoDuration(_ text: String) throws {
        let lines = try complaints("stop_grace_period: '\(text)'")
        #expect(lines.count == 1)
        #expect(
            lines.allSatisfy { $0.hasPrefix("compose.yaml:4:24: error E-DURATION: \"stop_grace_period\" ") })
    }
}
