import DesiredState

extension ContainerField {
    /// What runs in the container, and how it is stopped and watched.
    static let process = [
        ContainerField(
            "image", .recreate, .value { $0.image },
            sent: ["Image"], shown: ["Config.Image"],
            rule: "The reference is compared letter by letter."),
        ContainerField(
            "command", .recreate, .list { $0.command },
            sent: ["Cmd[]"], shown: ["Config.Cmd"],
            rule: "Absent and empty are the image's command, unless `entrypoint` is set, which hides it."),
        ContainerField(
            "entrypoint", .recreate, .list { $0.entrypoint },
            sent: ["Entrypoint[]"], shown: ["Config.Entrypoint"],
            rule: "Absent is the image's; an empty list, or one empty word, is none."),
        ContainerField(
            "environment", .recreate, .map { $0.environment.mapValues { $0 ?? "(unset)" } },
            sent: ["Env[]"], shown: ["Config.Env[]"],
            rule: """
                Variables of the image that the service does not name are added; of several with one name the last \
                counts, as in the process.
                """),
        ContainerField(
            "labels", .recreate, .map { $0.labels },
            sent: ["Labels.*"], shown: ["Config.Labels.*"],
            rule: "Labels of the image that the service does not name are added."),
        ContainerField(
            "user", .recreate, .value { $0.user },
            sent: ["User"], shown: ["Config.User"],
            rule: "Absent and empty are the image's."),
        ContainerField(
            "working_dir", .recreate, .value { $0.workingDirectory },
            sent: ["WorkingDir"], shown: ["Config.WorkingDir"],
            rule: "Absent and empty are the image's; repeated and trailing slashes do not count."),
        ContainerField(
            "healthcheck", .recreate, .list { $0.healthcheck?.elements },
            sent: [
                "Healthcheck.Test[]", "Healthcheck.Interval", "Healthcheck.Timeout",
                "Healthcheck.StartPeriod", "Healthcheck.Retries",
            ], shown: ["Config.Healthcheck"],
            rule: """
                Nanoseconds. An empty test and each zero are the image's, then the engine's (every 30 s, timeout \
                30 s, 3 retries); `NONE` is no healthcheck.
                """),
        ContainerField(
            "stop_grace_period", .recreate, .value { $0.stopTimeout.map { "\($0)s" } },
            sent: ["StopTimeout"], shown: ["Config.StopTimeout"],
            rule: "Seconds; absent is the engine's 10."),
        ContainerField(
            "stop_signal", .recreate, .value { $0.stopSignal },
            sent: ["StopSignal"], shown: ["Config.StopSignal"],
            rule: "Absent and empty are the image's, then `SIGTERM`; `SIG` in front does not count."),
        ContainerField(
            "init", .recreate, .value { "\($0.usesInit ?? false)" },
            sent: ["HostConfig.Init"], shown: ["HostConfig.Init"],
            rule: "Absent is false."),
        ContainerField(
            "restart", .updateInPlace, .value { $0.restart.text },
            sent: ["HostConfig.RestartPolicy.Name", "HostConfig.RestartPolicy.MaximumRetryCount"],
            inPlace: ["RestartPolicy.Name", "RestartPolicy.MaximumRetryCount"],
            shown: ["HostConfig.RestartPolicy"],
            rule: "Absent and empty are `no`."
        ) { desired, update in
            update.restart = desired.restart
            return true
        },
    ]
}

extension RestartPolicy {
    var text: String { maximumRetries > 0 ? "\(name):\(maximumRetries)" : name }
}

extension Healthcheck {
    var elements: [String] {
        test + [
            "every \(interval)ns", "timeout \(timeout)ns", "start period \(startPeriod)ns",
            "retries \(retries)",
        ]
    }
}
