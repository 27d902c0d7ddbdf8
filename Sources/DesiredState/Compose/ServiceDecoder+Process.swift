extension ServiceDecoder {
    /// What runs in the container, how it is stopped, watched and started again.
    mutating func readProcess(_ reader: inout MapReader) {
        container.command = reader.value("command", YAMLNode.commandWords)
        container.entrypoint = reader.value("entrypoint", YAMLNode.commandWords)
        readEnvironment(&reader)
        container.user = reader.word("user")
        container.workingDirectory = reader.value("working_dir", YAMLNode.containerPath)
        container.usesInit = reader.boolean("init")
        container.stopSignal = reader.value("stop_signal", YAMLNode.signal)
        container.stopTimeout = reader.value("stop_grace_period", YAMLNode.wholeSeconds)
        container.restart = reader.value("restart", YAMLNode.restartPolicy) ?? container.restart
        container.healthcheck = reader.map("healthcheck") { Self.healthcheck(&$0) } ?? nil
    }

    private mutating func readEnvironment(_ reader: inout MapReader) {
        for pair in reader.pairs("environment") {
            guard let value = pair.value else {
                let message =
                    "\(pair.shownKey) has no value, and fatesync has no shell environment to take one from"
                reader.report("E-VALUE", at: pair.location, message)
                continue
            }
            container.environment.updateValue(value, forKey: pair.key)
        }
    }

    /// `nil` when nothing is said that differs from the image's.
    private static func healthcheck(_ reader: inout MapReader) -> Healthcheck? {
        let test = reader.value("test", YAMLNode.healthTest) ?? []
        let times = ["interval", "timeout", "start_period"].map { key in
            reader.value(key, YAMLNode.duration) ?? 0
        }
        let retries = reader.integer("retries", in: 0...1_000_000) ?? 0
        for (key, time) in zip(["interval", "timeout", "start_period"], times)
        where (1..<1_000_000).contains(time) {
            reader.report("E-DURATION", at: reader.location(of: key), "\(key.inQuotes) must be 1ms or more")
        }
        // An override switches off a test that the blueprint still names.
        let isDisabled = reader.boolean("disable") ?? false
        let check = Healthcheck(
            test: isDisabled ? ["NONE"] : test, interval: times[0], timeout: times[1], startPeriod: times[2],
            retries: Int(retries))
        let nothing = Healthcheck(test: [], interval: 0, timeout: 0, startPeriod: 0, retries: 0)
        return check == nothing ? nil : check
    }
}

extension YAMLNode {
    /// A command line, split as Compose splits it, or its words.
    fileprivate func commandWords() throws(ComposeMistake) -> [String] {
        guard let elements else { return try ShellWords.split(try word()) }
        var words: [String] = []
        for element in elements { words.append(try element.elementWord()) }
        return words
    }

    fileprivate func healthTest() throws(ComposeMistake) -> [String] {
        guard let elements else { return ["CMD-SHELL", try word()] }
        var words: [String] = []
        for element in elements { words.append(try element.elementWord()) }
        let rest = words.count - 1
        switch words.first {
        case "NONE" where rest == 0, "CMD" where rest > 0, "CMD-SHELL" where rest == 1: return words
        default: break
        }
        throw ComposeMistake(
            "must be a string, or a list that begins with CMD and a program, CMD-SHELL and a line, "
                + "or NONE alone"
        )
    }

    private func elementWord() throws(ComposeMistake) -> String {
        do {
            return try word()
        } catch {
            let place = "in line \(location.line), column \(location.column)"
            throw ComposeMistake(error.code, "has an element \(place) that \(error.message)")
        }
    }

    fileprivate func restartPolicy() throws(ComposeMistake) -> RestartPolicy {
        let text = try openWord()
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        guard halves.count == 2, halves[0] == "on-failure" else {
            return RestartPolicy(name: try choice(of: ["no", "always", "unless-stopped", "on-failure"]))
        }
        guard PlainScalar.isDecimalInteger(halves[1]), let count = Int32(halves[1]), count >= 0 else {
            throw mistake("must have a number of retries behind on-failure:")
        }
        return RestartPolicy(name: halves[0], maximumRetries: Int(count))
    }

    fileprivate func signal() throws(ComposeMistake) -> String {
        let text = try openWord()
        if PlainScalar.isDecimalInteger(text), let number = Int(text), (1...64).contains(number) {
            return text
        }
        let name = text.hasPrefix("SIG") ? String(text.dropFirst(3)) : text
        if Self.signals.contains(name) { return text }
        for (prefix, last) in [("RTMIN+", 15), ("RTMAX-", 14)] where name.hasPrefix(prefix) {
            if let offset = Int(name.dropFirst(6)), (1...last).contains(offset) { return text }
        }
        throw mistake("must be a signal such as SIGTERM")
    }

    private static let signals: Set<String> = [
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE",
        "POLL", "PROF", "PWR", "QUIT", "RTMAX", "RTMIN", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP",
        "TSTP",
        "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ",
    ]
}
