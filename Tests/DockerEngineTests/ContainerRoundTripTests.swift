import DesiredState
import DockerEngine
import Planning
import Testing

@Suite struct ContainerRoundTripTests {
    @Test func everyFieldThatIsSentComesBack() throws {
        let lab = try Lab()
        defer { lab.clean() }
        let (pool, prefix) = lab.freePool()
        let network = lab.network(pools: [pool])
        try lab.perform(.createNetwork(network))
        var spec = lab.spec()
        fillProcess(&spec)
        fillResources(&spec)
        spec.networkMode = nil
        spec.networks = [network.name: EndpointSpec(aliases: ["x", "y"], ipv4Address: "\(prefix).77")]
        spec.ports = [
            PortBinding(containerPort: 80, hostAddress: "127.0.0.1", hostPort: 31080),
            PortBinding(containerPort: 80, hostPort: 31081),
            PortBinding(containerPort: 53, proto: "udp", hostPort: 0),
        ]
        spec.exposedPorts = ["99/tcp"]
        spec.mounts = [
            Mount(.bind, from: "/etc", to: "/host etc", readOnly: true),
            Mount(.volume, from: "\(lab.host)-vol", to: "/data"),
            Mount(.volume, from: "", to: "/scratch"),
        ]
        let volume = VolumeSpec(name: "\(lab.host)-vol", labels: [Labels.host: lab.host])
        try lab.perform(.createVolume(volume))

        var live = try lab.inspect(try lab.create(spec)).spec

        // What the engine adds of its own and from the image.
        #expect(live.labels.removeValue(forKey: "io.fatesync.stand-in") == "true")
        #expect(live.environment.removeValue(forKey: "PATH") != nil)
        live.exposedPorts.subtract(["80/tcp", "53/udp"])
        #expect(live == spec)
    }

    private func fillProcess(_ spec: inout ContainerSpec) {
        spec.entrypoint = ["env"]
        spec.command = ["sleep", "\"quoted\" \\ \n\t\u{1} ü/\u{2028}"]
        spec.environment = ["A": "1=2", "EMPTY": "", "UNSET": nil, "Q": "' \" # & % \\ $"]
        spec.labels["with \"quotes\""] = "and\nlines"
        spec.restart = RestartPolicy(name: "on-failure", maximumRetries: 3)
        spec.ipcMode = "shareable"
        spec.user = "1:1"
        spec.workingDirectory = "/tmp"
        spec.hostname = "host-name"
        spec.healthcheck = Healthcheck(
            test: ["CMD-SHELL", "true && echo 'x'"], interval: 5_000_000_000, timeout: 2_000_000_000,
            startPeriod: 1_000_000_000, retries: 7)
        spec.stopTimeout = 33
        spec.stopSignal = "SIGQUIT"
        spec.usesInit = true
        spec.logging = LogConfig(driver: "json-file", options: ["max-size": "10m", "max-file": "2"])
        spec.extraHosts = ["db:10.0.0.1"]
    }

    private func fillResources(_ spec: inout ContainerSpec) {
        spec.memory = 64 << 20
        spec.memorySwap = 128 << 20
        spec.nanoCPUs = 500_000_000
        spec.pidsLimit = 100
        spec.shmSize = 8 << 20
        spec.ulimits = [
            Ulimit(name: "nofile", soft: 1000, hard: 2000), Ulimit(name: "core", soft: -1, hard: -1),
        ]
        spec.capAdd = ["NET_ADMIN", "SYS_PTRACE"]
        spec.capDrop = ["MKNOD"]
        spec.securityOptions = ["no-new-privileges"]
        spec.devices = [
            DeviceMapping(hostPath: "/dev/null", containerPath: "/dev/nothing", permissions: "rw")
        ]
        spec.deviceRequests = [
            DeviceRequest(driver: "", count: 0, deviceIDs: ["GPU-1"], capabilities: [["gpu", "compute"]])
        ]
        spec.tmpfs = ["/run": "size=65536k,mode=1777"]
        spec.readOnly = true
        spec.sysctls = ["net.core.somaxconn": "1024"]
    }

    @Test func aBareSpecComesBackWithTheEnginesDefaults() throws {
        let lab = try Lab()
        defer { lab.clean() }
        var spec = ContainerSpec(name: "\(lab.host)-bare", image: Lab.image)
        spec.labels = [Labels.host: lab.host]
        let live = try lab.inspect(try lab.create(spec))
        #expect(live.status == .created)
        #expect(live.health == nil)
        #expect(live.spec.networkMode == "bridge")
        #expect(live.spec.networks == ["bridge": EndpointSpec()])
        #expect(live.spec.restart == RestartPolicy(name: "no"))
        #expect(live.spec.healthcheck == nil)
        #expect(live.spec.entrypoint == nil)
        #expect(live.spec.command?.first == "/bin/sh")
        #expect(live.spec.workingDirectory == "/fml_manager")
        #expect(live.spec.hostname == String(live.id.prefix(12)))
        #expect(live.spec.logging?.driver == "json-file")
        #expect(live.spec.user == nil && live.spec.usesInit == nil && live.spec.memory == 0)
    }

    @Test func aMemoryLimitAloneIsSentWithTheSwapLimitItMeans() throws {
        let lab = try Lab()
        defer { lab.clean() }
        var spec = lab.spec()
        spec.memory = 32 << 20
        let id = try lab.create(spec)
        #expect(try lab.inspect(id).spec.memorySwap == 64 << 20)
        try lab.perform(.updateContainer(id: id, ResourceUpdate(memory: 128 << 20, memorySwap: 0)))
        let updated = try lab.inspect(id).spec
        #expect(updated.memory == 128 << 20)
        #expect(updated.memorySwap == 256 << 20)
    }

    @Test func anonymousVolumesOfTheImageHaveNoSource() throws {
        let lab = try Lab()
        defer { lab.clean() }
        var spec = lab.spec()
        spec.image = "mysql:8"
        let live = try lab.inspect(try lab.create(spec))
        #expect(live.spec.mounts == [Mount(.volume, from: "", to: "/var/lib/mysql")])
        #expect(live.spec.exposedPorts == ["3306/tcp", "33060/tcp"])
    }

    @Test func sharingTheNamespaceOfAContainerIsSeenByItsName() throws {
        let lab = try Lab()
        defer { lab.clean() }
        let first = try lab.create(lab.spec("a"))
        try lab.perform(.startContainer(id: first))
        var spec = lab.spec("b")
        spec.networkMode = "container:\(lab.host)-a"
        let second = try lab.create(spec)
        #expect(try lab.observe().containers[second]?.spec.networkMode == "container:\(lab.host)-a")
    }
}
