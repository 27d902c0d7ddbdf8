import DesiredState

extension Healthcheck {
    /// The engine takes every zero field from the image's healthcheck.
    func merged(under image: Healthcheck?) -> Healthcheck {
        guard let image, test != ["NONE"] else { return self }
        return Healthcheck(
            test: test.isEmpty ? image.test : test,
            interval: interval == 0 ? image.interval : interval,
            timeout: timeout == 0 ? image.timeout : timeout,
            startPeriod: startPeriod == 0 ? image.startPeriod : startPeriod,
            retries: retries == 0 ? image.retries : retries)
    }

    /// What runs in the end; `nil` when nothing does.
    var withEngineDefaults: Healthcheck? {
        guard !test.isEmpty, test.first != "NONE" else { return nil }
        let second: Int64 = 1_000_000_000
        return Healthcheck(
            test: test, interval: interval == 0 ? 30 * second : interval,
            timeout: timeout == 0 ? 30 * second : timeout, startPeriod: startPeriod,
            retries: retries == 0 ? 3 : retries)
    }
}

extension String {
    /// `CAP_SYS_PTRACE`, `sys_ptrace` and `SYS_PTRACE` are one capability.
    var capabilityName: String {
        let upper = uppercased()
        return upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
    }

    /// `SIGQUIT` and `QUIT` are one signal; nothing is the one that the engine sends unasked.
    var signalName: String {
        if isEmpty { return "SIGTERM" }
        let upper = uppercased()
        return Int(upper) != nil || upper.hasPrefix("SIG") ? upper : "SIG" + upper
    }

    /// `label:disable` and `label=disable` are one option; `nil` for what holds without it.
    var securityOption: String? {
        let parts = split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == ":" || $0 == "=" }
        let option = parts.joined(separator: "=")
        switch option {
        case "no-new-privileges=false": return nil
        case "no-new-privileges=true": return "no-new-privileges"
        default: return option
        }
    }

    /// Mount options such as `size=1m,ro`, whose order says nothing.
    var sortedOptions: String {
        split(separator: ",").sorted().joined(separator: ",")
    }

    /// A path without repeated or trailing slashes, as the engine stores it.
    var pathCleaned: String {
        guard hasPrefix("/") else { return self }
        let parts = split(separator: "/", omittingEmptySubsequences: true)
        return "/" + parts.joined(separator: "/")
    }
}
