import DesiredState
import EngineModel
import Planning
import Testing

/// What one change in git makes of a host that was in sync.
struct ChangeTests {
    @Test func aFirstDeployMakesEverythingInTheOrderOfItsNeeds() throws {
        let deployment = try Deployment(isDeployed: false)
        #expect(
            deployment.plan.description == """
                1 directory.create /data/1/confs: missing
                1 file.write /data/1/confs/app.conf: missing
                1 file.write /data/1/confs/route.json: missing
                1 network.create net1: missing
                1 volume.create vol1: missing
                1 image.pull db:8: missing
                1 container.create p1_db: missing
                1 container.start p1_db: missing
                1 image.pull app:1: missing
                1 container.create p1_web: missing
                1 container.start p1_web: missing
                """)
    }

    @Test(arguments: ["1.41", "1.45"])
    func aDeployedHostHasNothingToDo(apiVersion: String) throws {
        let deployment = try Deployment(apiVersion: apiVersion, parties: ["1", "2"])
        #expect(deployment.plan.description == "")
        #expect(deployment.plan.warnings.isEmpty)
    }

    @Test func oneEnvironmentVariableRecreatesExactlyOneContainer() throws {
        var deployment = try Deployment(parties: ["1", "2"])
        deployment.web.environment["MODE"] = "fast"
        let before = deployment.host.live.containers
        #expect(
            deployment.plan.description
                == Deployment.recreate(of: "p1_web", because: "environment.MODE image -> fast"))
        try deployment.apply()
        let same = before.filter { deployment.host.live.containers[$0.key] == $0.value }
        #expect(same.count == before.count - 1)
    }

    /// Fields that only a new container can have, each changed alone.
    static let recreating: [(change: @Sendable (inout ContainerSpec) -> Void, text: String)] = [
        ({ $0.command = ["a, b"] }, "command [serve] -> [a, b]"),
        ({ $0.entrypoint = ["/x"] }, "command [serve] -> -; entrypoint [/app] -> [/x]"),
        ({ $0.labels["tier"] = "front" }, "labels.tier - -> front"),
        ({ $0.exposedPorts = ["9/udp"] }, "expose [80/tcp] -> [80/tcp, 9/udp]"),
        (
            { $0.ports = [PortBinding(containerPort: 80, hostAddress: "127.0.0.1", hostPort: 9)] },
            "ports [8001:80/tcp] -> [127.0.0.1:9:80/tcp]"
        ),
        ({ $0.ipcMode = "host" }, "ipc private -> host"),
        ({ $0.user = "root" }, "user app -> root"),
        ({ $0.workingDirectory = "/" }, "working_dir /srv -> /"),
        ({ $0.hostname = "box" }, "hostname - -> box"),
        ({ $0.stopTimeout = 3 }, "stop_grace_period 10s -> 3s"),
        ({ $0.stopSignal = "SIGTERM" }, "stop_signal SIGINT -> SIGTERM"),
        ({ $0.shmSize = 1024 }, "shm_size 67108864 -> 1024"),
        ({ $0.ulimits = [Ulimit(name: "nofile", soft: 1, hard: 2)] }, "ulimits [] -> [nofile=1:2]"),
        ({ $0.capAdd = ["CAP_SYS_PTRACE"] }, "cap_add [] -> [SYS_PTRACE]"),
        ({ $0.capDrop = ["all"] }, "cap_drop [] -> [ALL]"),
        ({ $0.securityOptions = ["no-new-privileges"] }, "security_opt [] -> [no-new-privileges]"),
        (
            { $0.devices = [DeviceMapping(hostPath: "/dev/a", containerPath: "/dev/b")] },
            "devices [] -> [/dev/a:/dev/b:rwm]"
        ),
        (
            {
                $0.deviceRequests = [
                    DeviceRequest(driver: "", count: -1, deviceIDs: [], capabilities: [["gpu"]])
                ]
            },
            "gpus [] -> [default count=-1 gpu]"
        ),
        ({ $0.tmpfs = ["/t": "size=1m"] }, "tmpfs./t - -> size=1m"),
        ({ $0.readOnly = true }, "read_only false -> true"),
        ({ $0.usesInit = true }, "init false -> true"),
        ({ $0.sysctls = ["a": "1"] }, "sysctls.a - -> 1"),
        (
            { $0.logging = LogConfig(driver: "local", options: ["max-size": "1m"]) },
            "logging [json-file] -> [local, max-size=1m]"
        ),
        ({ $0.extraHosts = ["a:1.2.3.4"] }, "extra_hosts [] -> [a:1.2.3.4]"),
        (
            {
                $0.healthcheck = Healthcheck(
                    test: ["NONE"], interval: 0, timeout: 0, startPeriod: 0, retries: 0)
            },
            "healthcheck [CMD, ok, every 5ns, timeout 6ns, start period 7ns, retries 2] -> -"
        ),
        (
            { $0.mounts = [] },
            "mounts [(anonymous volume):/scratch, /data/1/confs:/confs] -> [(anonymous volume):/scratch]"
        ),
    ]

    @Test(arguments: recreating.indices)
    func aFieldThatTheEngineCannotChangeRecreates(index: Int) throws {
        var deployment = try Deployment()
        Self.recreating[index].change(&deployment.web)
        let expected = Deployment.recreate(of: "p1_web", because: Self.recreating[index].text)
        #expect(deployment.plan.description == expected)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    @Test func anotherImageIsPulledBeforeTheNewContainerIsMade() throws {
        var deployment = try Deployment()
        deployment.web.image = "app:2"
        // What the image brings is not known before it is here.
        let changes = """
            image app:1 -> app:2; \
            mounts [(anonymous volume):/scratch, /data/1/confs:/confs] -> [/data/1/confs:/confs]
            """
        let recreate = Deployment.recreate(of: "p1_web", because: changes)
        #expect(deployment.plan.description == "1 image.pull app:2: missing\n" + recreate)
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
    }

    /// Fields that the engine changes in a running container.
    static let inPlace: [(change: @Sendable (inout ContainerSpec) -> Void, text: String)] = [
        ({ $0.restart = RestartPolicy(name: "on-failure", maximumRetries: 3) }, "restart no -> on-failure:3"),
        ({ $0.memory = 1 << 27 }, "mem_limit 0 -> 134217728; memswap_limit 0 -> 268435456"),
        ({ $0.nanoCPUs = 500_000_000 }, "cpus 0n -> 500000000n"),
        ({ $0.pidsLimit = 10 }, "pids_limit 0 -> 10"),
    ]

    @Test(arguments: inPlace.indices)
    func aLimitIsSetInPlaceAndKeepsTheContainer(index: Int) throws {
        var deployment = try Deployment()
        let id = try deployment.id(of: "p1_web")
        Self.inPlace[index].change(&deployment.web)
        #expect(
            deployment.plan.description == "1 container.update p1_web: changed; \(Self.inPlace[index].text)")
        try deployment.apply()
        #expect(deployment.plan.isEmpty)
        #expect(try deployment.id(of: "p1_web") == id)
    }

    @Test func aLimitThatGoesAwayNeedsANewContainerExceptForProcesses() throws {
        var deployment = try Deployment()
        deployment.web.memory = 1 << 27
        deployment.web.pidsLimit = 10
        try deployment.apply()
        deployment.web.pidsLimit = 0
        #expect(deployment.plan.description == "1 container.update p1_web: changed; pids_limit 10 -> 0")
        deployment.web.memory = 0
        let changes = "mem_limit 134217728 -> 0; memswap_limit 268435456 -> 0; pids_limit 10 -> 0"
        #expect(deployment.plan.description == Deployment.recreate(of: "p1_web", because: changes))
    }

    @Test func aSecretIsMaskedWhereverItShows() throws {
        var deployment = try Deployment()
        deployment.desired.parties[0].secrets = ["hush1", "new\nlines"]
        deployment.web.environment["PASSWORD"] = "other"
        deployment.web.command = ["serve", "new"]
        deployment.desired.parties[0].files[1].content = Array(
            "mode=1\nlong \(String(repeating: "x", count: 115))hush1\n".utf8)
        deployment.desired.parties[0].volumes[0].driverOptions = ["o": "password=hush1"]
        let changes = "command (secret) -> (secret); environment.PASSWORD (secret) -> (secret)"
        #expect(
            deployment.plan.description == """
                1 file.write /data/1/confs/app.conf: content differs; line - -> (secret)

                """ + Deployment.recreate(of: "p1_web", because: changes))
        #expect(!"\(deployment.plan.warnings)".contains("hush"))
        deployment.desired.parties[0].files[1].isSecret = true
        #expect(
            deployment.plan.description.hasPrefix("1 file.write /data/1/confs/app.conf: content differs\n"))
    }

    @Test func aValueCannotActOnATerminal() throws {
        var deployment = try Deployment()
        deployment.web.environment["X"] = "a\nb\u{1B}[2J"
        #expect(deployment.plan.description.split(separator: "\n").count == 8)
        #expect(!deployment.plan.description.contains("\u{1B}"))
    }
}
