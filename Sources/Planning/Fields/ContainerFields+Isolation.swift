import DesiredState

extension ContainerField {
    /// What separates the container from its host and from others, and where its output goes.
    static let isolation = [
        ContainerField(
            "ipc", .recreate, .value { $0.ipcMode },
            sent: ["HostConfig.IpcMode"], shown: ["HostConfig.IpcMode"],
            rule: """
                Absent is `private`, sent in so many words because a daemon can have another default; \
                `container:NAME` goes by the container's present name.
                """),
        ContainerField(
            "cap_add", .recreate, .set { Array($0.capAdd) },
            sent: ["HostConfig.CapAdd[]"], shown: ["HostConfig.CapAdd"],
            rule: "Case and `CAP_` in front do not count."),
        ContainerField(
            "cap_drop", .recreate, .set { Array($0.capDrop) },
            sent: ["HostConfig.CapDrop[]"], shown: ["HostConfig.CapDrop"],
            rule: "Case and `CAP_` in front do not count."),
        ContainerField(
            "security_opt", .recreate, .set { Array($0.securityOptions) },
            sent: ["HostConfig.SecurityOpt[]"], shown: ["HostConfig.SecurityOpt"],
            rule: """
                `:` and `=` are one; `no-new-privileges` is the same with `=true`, and `=false` is none of it; the engine adds \
                `label=disable` where `ipc` is `host`.
                """),
        ContainerField(
            "sysctls", .recreate, .map { $0.sysctls },
            sent: ["HostConfig.Sysctls.*"], shown: ["HostConfig.Sysctls.*"],
            rule: "Compared letter by letter."),
        ContainerField(
            "logging", .recreate, .list { $0.logging?.elements },
            sent: ["HostConfig.LogConfig.Type", "HostConfig.LogConfig.Config.*"],
            shown: ["HostConfig.LogConfig"],
            rule: """
                Absent is whatever the daemon is set to, so any is right; to a driver that is named the daemon adds \
                its own `log-opts`, so a blueprint that names the driver names all of them.
                """),
    ]
}

extension LogConfig {
    var elements: [String] {
        [driver] + options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }
}
