import Foundation
import Testing

@testable import DesiredState

/// Docker Compose's own reading of a file, as a file: `compose config` writes out what it understood.
private func composeConfig(_ text: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fatesync-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }  // what stays behind is only a temporary file
    let file = folder.appending(path: "compose.yaml")
    try Data(text.utf8).write(to: file)
    let tests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    let process = Process()
    process.executableURL = tests.deletingLastPathComponent().appending(path: "Support/compose")
    process.arguments = ["-f", file.path(), "-p", "party", "config", "--format", "json"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let tree = withoutComposesExtras(try JSONSerialization.jsonObject(with: data))
    let options: JSONSerialization.WritingOptions = [.withoutEscapingSlashes, .sortedKeys]
    return String(decoding: try JSONSerialization.data(withJSONObject: tree, options: options), as: UTF8.self)
}

/// The tree without what Compose adds although nobody wrote it.
private func withoutComposesExtras(_ value: Any) -> Any {
    switch value {
    case let list as [Any]:
        return list.map(withoutComposesExtras)
    case var map as [String: Any]:
        // The short form of a bind mount makes missing directories; in fatesync the blueprint lists them.
        map["create_host_path"] = nil
        if map["condition"] != nil { map = map.filter { $0.key == "condition" } }
        for key in ["volume", "placement"] where (map[key] as? [String: Any])?.isEmpty == true {
            map[key] = nil
        }
        if let host = map["source"], let target = map["target"], let permissions = map["permissions"] {
            let isCDI = !"\(host)".hasPrefix("/")
            return isCDI ? host : "\(host):\(target):\(permissions)"
        }
        return map.mapValues(withoutComposesExtras)
    default:
        return value
    }
}

struct ComposeAgreementTests {
    private static let text = """
        name: party
        networks:
          front: {driver_opts: {a.b: 1}, ipam: {config: [{subnet: 10.9.0.0/24, gateway: 10.9.0.9}]}}
          back: {name: the_back, internal: true, labels: [x=y, z]}
        volumes:
          data: {labels: {k: 1}}
          other: {external: true}
        services:
          a:
            image: foo:1
            command: run --x="a b" 'c $${D}' e\\ f "g'h" i"j"'k' ''
            entrypoint: /bin/sh -c
            environment: {A: x, B: 1, C: true, D: 0.5, E: '', F: yes, G: 22:22, H: '1.50', I: 'a=b'}
            labels: [a=b, c]
            ports:
              ["8080:80", "127.0.0.1:8081:81/udp", 82, "3000-3002:4000-4002", "127.0.0.1::83", "[::1]:84:84"]
            expose: [90, "91/udp"]
            volumes: ["/a/b:/c/", "/d:/e:ro", "data:/f", "/anonymous", "other:/g:rw"]
            networks: {front: {ipv4_address: 10.9.0.7, aliases: [x, y]}, back: }
            mem_limit: 1.5gb
            memswap_limit: -1
            shm_size: 64M
            cpus: 0.25
            pids_limit: 100
            ulimits: {nofile: 5, nproc: {soft: 1, hard: 2}}
            devices: ["/dev/null:/dev/x:r", "/dev/zero", "vendor.com/class=one", vendor.com/class=all]
            healthcheck: {test: curl -f x, interval: 1m30s, timeout: 500ms, start_period: 1h, retries: 3}
            stop_grace_period: 90s
            extra_hosts: ["h:10.0.0.1", "i=::1"]
            depends_on: [b]
            sysctls: [net.core.somaxconn=1]
            tmpfs: /run:size=64m
            logging: {driver: json-file, options: {max-file: 3}}
            restart: on-failure:3
          b:
            image: foo:1
            command: []
            entrypoint: ""
            environment: [A=x, "B=c d", C=]
            network_mode: service:c
            ipc: service:c
            healthcheck: {disable: true}
            deploy:
              resources:
                limits: {cpus: "1.5", memory: 64M, pids: 7}
                reservations: {devices: [{driver: nvidia, count: all, capabilities: [gpu]}]}
          c:
            image: foo:1
            ipc: shareable
            gpus: all
            volumes:
              - {type: bind, source: /a, target: /c, read_only: true}
              - {type: volume, source: data, target: /d}
              - {type: tmpfs, target: /e, tmpfs: {size: 1m}}
            ports: [{target: 80, published: "9090", host_ip: 127.0.0.1, protocol: udp, mode: host}]
            depends_on: {d: {condition: service_started}}
          e:
            image: foo:1
            gpus: [{driver: nvidia, count: 2}]
          d:
            image: foo:1
            ipc: host
            gpus: [{driver: nvidia, device_ids: ['0', GPU-6a1b], capabilities: [utility]}]
            deploy:
              resources:
                reservations:
                  devices: [{driver: cdi, device_ids: [vendor.com/class=two], capabilities: [gpu]}]
            cap_add: [NET_ADMIN]
            security_opt: ["no-new-privileges:true"]
            init: true

        """

    @Test func composeUnderstandsAFileAsFatesyncDoes() throws {
        let ours = try project(Self.text)
        let composes = try project(try composeConfig(Self.text))
        let byName = Dictionary(uniqueKeysWithValues: composes.services.map { ($0.spec.name, $0.spec) })
        for service in ours.services {
            #expect(byName[service.spec.name] == service.spec)
        }
        #expect(composes.services.count == ours.services.count)
        #expect(
            sorted(composes.networks.map(\.spec), by: \.name) == sorted(ours.networks.map(\.spec), by: \.name)
        )
        #expect(
            sorted(composes.volumes.map(\.spec), by: \.name) == sorted(ours.volumes.map(\.spec), by: \.name))
    }

    private func sorted<Value>(_ values: [Value], by name: KeyPath<Value, String>) -> [Value] {
        values.sorted { $0[keyPath: name] < $1[keyPath: name] }
    }
}
