import Testing

@testable import DesiredState

struct ComposeResourceTests {
    @Test(
        arguments: [
            ("64m", 64 << 20), ("4GB", 4 << 30), ("4 GiB", 4 << 30), ("1.5g", 3 << 29), ("8388608", 8 << 20),
            ("8388608b", 8 << 20), ("8192K", 8 << 20),
        ] as [(String, Int64)])
    func sizesAreComposes(_ text: String, _ expected: Int64) throws {
        #expect(try container("mem_limit: \(text)").memory == expected)
        #expect(try container("mem_limit: '\(text)'").memory == expected)
        #expect(try container("shm_size: \(text)").shmSize == expected)
    }

    @Test func limits() throws {
        let spec = try container(
            "mem_limit: 64m\nmemswap_limit: 128m\ncpus: 0.5\npids_limit: 100\n"
                + "ulimits: {nofile: 1024, core: {soft: 0, hard: -1}, memlock: -1}")
        #expect(spec.memory == 64 << 20 && spec.memorySwap == 128 << 20)
        #expect(spec.nanoCPUs == 500_000_000 && spec.pidsLimit == 100)
        #expect(
            spec.ulimits == [
                Ulimit(name: "nofile", soft: 1024, hard: 1024), Ulimit(name: "core", soft: 0, hard: -1),
                Ulimit(name: "memlock", soft: -1, hard: -1),
            ])
        #expect(try container("mem_limit: 64m\nmemswap_limit: -1").memorySwap == -1)
        #expect(try container("pids_limit: -1").pidsLimit == 0)
        #expect(try container("cpus: '2'").nanoCPUs == 2_000_000_000)
        #expect(try container("cpus: 0.1").nanoCPUs == 100_000_000)
    }

    @Test func deployLimits() throws {
        let deploy = "deploy: {resources: {limits: {memory: 64m, cpus: '1.5', pids: 50}}}"
        let spec = try container(deploy + "\nmem_limit: 65536k")
        #expect(spec.memory == 64 << 20 && spec.nanoCPUs == 1_500_000_000 && spec.pidsLimit == 50)
    }

    @Test(arguments: [
        ("gpus: all", [DeviceRequest(driver: "", count: -1, deviceIDs: [], capabilities: [["gpu"]])]),
        (
            "gpus: [{driver: nvidia, device_ids: ['0', GPU-1], capabilities: [utility]}]",
            [
                DeviceRequest(
                    driver: "nvidia", count: 0, deviceIDs: ["0", "GPU-1"], capabilities: [["utility", "gpu"]])
            ]
        ),
        (
            "deploy: {resources: {reservations: {devices: [{driver: nvidia, count: 2, "
                + "capabilities: [gpu]}]}}}",
            [DeviceRequest(driver: "nvidia", count: 2, deviceIDs: [], capabilities: [["gpu"]])]
        ),
        (
            "deploy: {resources: {reservations: {devices: [{capabilities: [gpu], count: all}]}}}",
            [DeviceRequest(driver: "", count: -1, deviceIDs: [], capabilities: [["gpu"]])]
        ),
        (
            "deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}",
            [DeviceRequest(driver: "", count: -1, deviceIDs: [], capabilities: [["gpu"]])]
        ),
    ])
    func gpus(_ keys: String, _ expected: [DeviceRequest]) throws {
        #expect(try container(keys).deviceRequests == expected)
    }

    @Test func devices() throws {
        let spec = try container("devices: [/dev/null, '/dev/zero:/dev/x', '/dev/full:/dev/y:r']")
        #expect(
            spec.devices == [
                DeviceMapping(hostPath: "/dev/null", containerPath: "/dev/null"),
                DeviceMapping(hostPath: "/dev/zero", containerPath: "/dev/x"),
                DeviceMapping(hostPath: "/dev/full", containerPath: "/dev/y", permissions: "r"),
            ])
    }

    @Test(arguments: [
        "-1", "0", "1e30", "4x", "0.5", "1.2.3g", "99999999999g", "8388608p", "m", "4gbb", "[4]", "true",
    ])
    func isNoSize(_ text: String) throws {
        let lines = try complaints("shm_size: \(text)")
        #expect(lines.count == 1)
        #expect(
            lines.allSatisfy { $0.hasPrefix("compose.yaml:4:15: error E-SIZE: \"shm_size\" must be a size") })
    }

    static let refusals = [
        ComposeCase(
            "mem_limit: 5m",
            "4:16: error E-SIZE: \"mem_limit\" must be at least 6m, the least that the engine "
                + "takes, found \"5m\""
        ),
        ComposeCase("memswap_limit: 64m", "4:20: error E-SIZE: \"memswap_limit\" needs \"mem_limit\""),
        ComposeCase(
            "mem_limit: 64m\nmemswap_limit: 32m",
            "5:20: error E-SIZE: \"memswap_limit\" counts memory and swap together, so it cannot "
                + "be less than "
                + "the memory limit"),
        ComposeCase(
            "mem_limit: 64m\ndeploy: {resources: {limits: {memory: 65m}}}",
            "4:16: error E-EXCLUSIVE: \"mem_limit\" and \"deploy.resources.limits.memory\" differ; "
                + "remove one of them"),
        ComposeCase(
            "cpus: 0",
            "4:11: error E-VALUE: \"cpus\" must be a number of CPUs such as 0.5, at least 0.01, found \"0\""),
        ComposeCase(
            "cpus: -1",
            "4:11: error E-VALUE: \"cpus\" must be a number of CPUs such as 0.5, at least 0.01, "
                + "found \"-1\""),
        ComposeCase(
            "pids_limit: 0",
            "4:17: error E-RANGE: \"pids_limit\" must be 1 or more, or -1 for no limit, found \"0\""),
        ComposeCase(
            "pids_limit: '5'", "4:17: error E-TYPE: \"pids_limit\" must be an integer, found \"5\""),
        ComposeCase(
            "ulimits: {nofiles: 5}",
            "4:15: error E-VALUE: \"ulimits\" cannot be \"nofiles\" (did you mean \"nofile\"?)"),
        ComposeCase(
            "ulimits: {nofile: {soft: 2, hard: 1}}",
            "4:23: error E-RANGE: the soft limit of \"nofile\" cannot be above the hard one"),
        ComposeCase(
            "ulimits: {nofile: {soft: 2}}", "4:23: error E-REQUIRED: \"nofile\" needs the key \"hard\""),
        ComposeCase(
            "devices: [vendor.com/class]",
            "4:15: error E-VALUE: an element of \"devices\" must be HOST, HOST:CONTAINER or "
                + "HOST:CONTAINER:rwm with absolute paths, or a CDI name such as vendor.com/class=name, "
                + "found \"vendor.com/class\""),
        ComposeCase(
            "devices: ['/dev/null:/dev/x:rx']",
            "4:15: error E-VALUE: an element of \"devices\" must end with letters of rwm, "
                + "found \"/dev/null:/dev/x:rx\""),
        ComposeCase("gpus: none", "4:11: error E-VALUE: \"gpus\" cannot be \"none\" (allowed: all)"),
        ComposeCase(
            "gpus: [{count: 0}]",
            "4:20: error E-VALUE: \"count\" must be \"all\" or an integer from 1 to 1024, found \"0\""),
        ComposeCase(
            "gpus: [{count: 1, device_ids: ['0']}]",
            "4:13: error E-EXCLUSIVE: \"count\" and \"device_ids\" exclude each other; remove one of them"),
        ComposeCase(
            "gpus: [{count: 1, options: {a: b}}]",
            "4:23: error E-KEY: unknown key \"options\" (allowed: capabilities, count, device_ids, driver)"),
        ComposeCase(
            "gpus: [{count: 1}, {driver: nvidia, device_ids: ['1']}]",
            "4:24: error E-EXCLUSIVE: only one request for GPUs takes effect; add to the one in line 4"),
        ComposeCase(
            "deploy: {resources: {reservations: {devices: [{count: 1}]}}}",
            "4:51: error E-REQUIRED: an element of \"devices\" needs the key \"capabilities\""),
        ComposeCase(
            "deploy: {replicas: 2}", "4:14: error E-KEY: unknown key \"replicas\" (allowed: resources)"),
        ComposeCase(
            "deploy: {resources: {reservations: {memory: 5m}}}",
            "4:41: error E-KEY: unknown key \"memory\" (allowed: devices)"),
    ]

    @Test(arguments: refusals)
    func isRefused(_ example: ComposeCase) throws { try example.check() }
}
