import Testing

@testable import DesiredState

struct ComposeIsolationTests {
    @Test(arguments: ["none", "private", "shareable", "host", "container:other"])
    func ipcModes(_ mode: String) throws {
        #expect(try container("ipc: \(mode)").ipcMode == mode)
    }

    @Test func capabilitiesAndProfiles() throws {
        let spec = try container(
            "cap_add: [NET_ADMIN, CAP_SYS_PTRACE, sys_nice]\ncap_drop: [ALL]\n"
                + "security_opt: ['no-new-privileges:true', seccomp=unconfined, 'apparmor:mine', "
                + "'label=type:x']"
        )
        #expect(spec.capAdd == ["NET_ADMIN", "CAP_SYS_PTRACE", "sys_nice"])
        #expect(spec.capDrop == ["ALL"])
        #expect(
            spec.securityOptions == [
                "no-new-privileges:true", "seccomp=unconfined", "apparmor:mine", "label=type:x",
            ])
    }

    @Test(arguments: [
        "{net.core.somaxconn: 1024, net.ipv4.tcp_syncookies: '0'}",
        "[net.core.somaxconn=1024, net.ipv4.tcp_syncookies=0]",
    ])
    func sysctls(_ text: String) throws {
        let expected = ["net.core.somaxconn": "1024", "net.ipv4.tcp_syncookies": "0"]
        #expect(try container("sysctls: \(text)").sysctls == expected)
    }

    @Test func logging() throws {
        let spec = try container("logging: {driver: json-file, options: {max-size: 10m, max-file: 3}}")
        #expect(
            spec.logging == LogConfig(driver: "json-file", options: ["max-size": "10m", "max-file": "3"]))
    }

    @Test(arguments: ["{a.b: x, c: , d: 1}", "[a.b=x, c, d=1]"])
    func labels(_ text: String) throws {
        #expect(try container("labels: \(text)").labels == ["a.b": "x", "c": "", "d": "1"])
    }

    static let refusals = [
        ComposeCase(
            "ipc: sharable",
            "4:10: error E-VALUE: \"ipc\" cannot be \"sharable\" (did you mean \"shareable\"?)"),
        ComposeCase(
            "ipc: service:b",
            "4:10: error E-REF: \"ipc\" refers to an unknown service \"b\" (declared: a)"),
        ComposeCase(
            "cap_add: [SYS_PTRCE]",
            "4:15: error E-VALUE: an element of \"cap_add\" must be a Linux capability such as "
                + "SYS_PTRACE, or ALL, "
                + "found \"SYS_PTRCE\" (did you mean \"SYS_PTRACE\"?)"),
        ComposeCase(
            "security_opt: [seccomp=./profile.json]",
            "4:20: error E-VALUE: an element of \"security_opt\" must be no-new-privileges, "
                + "no-new-privileges:true, seccomp=unconfined, apparmor=PROFILE or label=TYPE:VALUE, "
                + "found \"seccomp=./profile.json\""),
        ComposeCase("sysctls: [a.b]", "4:15: error E-VALUE: \"a.b\" has no value"),
        ComposeCase(
            "logging: {options: {a: b}}", "4:14: error E-REQUIRED: \"logging\" needs the key \"driver\""),
        ComposeCase(
            "privileged: true",
            "4:5: error E-KEY: unknown key \"privileged\" (allowed: cap_add, cap_drop, command, "
                + "container_name, "
                + "cpus, depends_on, deploy, devices, entrypoint, environment, expose, extra_hosts, gpus, "
                + "healthcheck, hostname, image, init, ipc, labels, logging, mem_limit, memswap_limit, "
                + "network_mode, networks, pids_limit, ports, read_only, restart, security_opt, shm_size, "
                + "stop_grace_period, stop_signal, sysctls, tmpfs, ulimits, user, volumes, working_dir)"),
        ComposeCase("imag: x", "4:5: error E-KEY: unknown key \"imag\" (did you mean \"image\"?)"),
        ComposeCase(
            "init: yes", "4:11: error E-BOOL: \"init\" must be true or false, found \"yes\" (write true)"),
    ]

    @Test(arguments: refusals)
    func isRefused(_ example: ComposeCase) throws { try example.check() }

    static let secretKeys = [
        "container_name: x${PW}", "hostname: x${PW}", "labels: {a: '${PW}'}", "labels: ['a=${PW}']",
        "user: ${PW}", "stop_signal: ${PW}", "restart: ${PW}", "ports: ['${PW}:80']", "expose: ['${PW}']",
        "volumes: ['${PW}:/x']", "tmpfs: '${PW}'", "devices: ['${PW}']", "cap_add: ['${PW}']",
        "security_opt: ['${PW}']", "extra_hosts: ['${PW}']", "extra_hosts: {a: '${PW}'}",
        "sysctls: {a: '${PW}'}",
        "network_mode: ${PW}", "networks: ['${PW}']", "ipc: ${PW}", "depends_on: ['${PW}']", "gpus: ${PW}",
        "mem_limit: ${PW}", "cpus: ${PW}", "pids_limit: ${PW}", "shm_size: ${PW}", "ulimits: {core: '${PW}'}",
        "stop_grace_period: ${PW}", "healthcheck: {interval: '${PW}'}", "working_dir: ${PW}", "init: ${PW}",
        "environment: ['${PW}']", "logging: {driver: '${PW}'}", "deploy: '${PW}'", "image: x",
        "ports: [{target: '${PW}'}]", "ports: [{target: 80, host_ip: '${PW}'}]",
        "volumes: [{type: '${PW}', target: /x}]", "gpus: [{count: '${PW}'}]",
        "depends_on: {b: {condition: '${PW}'}}", "command: 'a; ${PW}'", "entrypoint: \"'${PW}\"",
    ]

    @Test(arguments: secretKeys)
    func aSecretIsRefusedWithoutBeingShown(_ keys: String) throws {
        let secret = "hunter2;'("
        let rest = "  b: {image: 'f:1'}\n"
        guard !keys.hasPrefix("image") else {
            let lines = try composed("services: {a: {image: '${PW}'}}", ["PW": .secret(secret)]).lines
            #expect(
                lines == [
                    "compose.yaml:1:23: error E-SECRET: \"image\" cannot hold a secret: plans and "
                        + "the journal show it"
                ])
            return
        }
        let lines = try complaints(keys, ["PW": .secret(secret)], after: rest)
        #expect(!lines.isEmpty)
        #expect(lines.allSatisfy { !$0.contains("hunter2") }, "\(lines)")
    }
}
