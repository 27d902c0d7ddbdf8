extension ServiceDecoder {
    /// What separates the container from its host and from others, and where its output goes.
    mutating func readIsolation(_ reader: inout MapReader) {
        container.ipcMode = reader.value("ipc") { node throws(ComposeMistake) in
            if let shared = try sharedNamespace(node) { return shared }
            let modes = ["none", "private", "shareable", "host", "service:NAME", "container:NAME"]
            return try node.choice(of: modes)
        }
        container.capAdd = Set(reader.values("cap_add", YAMLNode.capability).map(\.value))
        container.capDrop = Set(reader.values("cap_drop", YAMLNode.capability).map(\.value))
        container.securityOptions = Set(reader.values("security_opt", YAMLNode.securityOption).map(\.value))
        for pair in reader.pairs("sysctls", isOpen: true) {
            if let value = pair.value {
                container.sysctls[pair.key] = value
            } else {
                reader.report("E-VALUE", at: pair.location, "\(pair.shownKey) has no value")
            }
        }
        container.logging =
            reader.map("logging") { reader in
                _ = reader.node("driver", .required)
                let driver = reader.word("driver")
                let options = reader.options("options")
                return driver.map { LogConfig(driver: $0, options: options) }
            } ?? nil
    }
}

extension YAMLNode {
    /// A capability in any of the engine's spellings: `SYS_PTRACE`, `CAP_SYS_PTRACE`, `sys_ptrace`.
    fileprivate func capability() throws(ComposeMistake) -> String {
        let text = try openWord()
        let upper = text.uppercased()
        let name = upper.hasPrefix("CAP_") ? String(upper.dropFirst(4)) : upper
        if name == "ALL" || Self.capabilities.contains(name) { return text }
        let hint = nearest(name, in: Self.capabilities).map { " (did you mean \($0.inQuotes)?)" } ?? ""
        throw ComposeMistake(
            "must be a Linux capability such as SYS_PTRACE, or ALL, found \(text.inQuotes)\(hint)")
    }

    private static let capabilities: Set<String> = [
        "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN",
        "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE",
        "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE",
        "NET_BROADCAST",
        "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG", "SYS_ADMIN", "SYS_BOOT",
        "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE",
        "SYS_TIME",
        "SYS_TTY_CONFIG", "WAKE_ALARM",
    ]

    /// An option that the engine takes as it is; those for which a client would read a file are none.
    fileprivate func securityOption() throws(ComposeMistake) -> String {
        let text = try openWord()
        let fixed = [
            "no-new-privileges", "no-new-privileges:true", "no-new-privileges:false", "seccomp=unconfined",
            "seccomp:unconfined",
        ]
        if fixed.contains(text) { return text }
        for prefix in ["apparmor", "label"] where text.hasPrefix(prefix + "=") || text.hasPrefix(prefix + ":")
        {
            if text.utf8.count > prefix.utf8.count + 1 { return text }
        }
        throw mistake(
            "must be no-new-privileges, no-new-privileges:true, seccomp=unconfined, "
                + "apparmor=PROFILE or label=TYPE:VALUE"
        )
    }
}
