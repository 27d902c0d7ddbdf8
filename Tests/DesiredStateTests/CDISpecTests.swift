import Testing

@testable import DesiredState

/// Spec files of the Container Device Interface, which other programs write on the host.
struct CDISpecTests {
    private static let yaml = """
        cdiVersion: 0.6.0
        kind: vendor.com/class
        containerEdits:
          env: [A=b]
          deviceNodes:
            - path: /dev/control
        devices:
          - name: "0"
            containerEdits:
              deviceNodes:
                - path: /dev/fake0
                  hostPath: /dev/null
                  type: c
                  major: 1
          - name: all
            containerEdits: {}

        """
    private static let json = """
        {"cdiVersion": "0.6.0", "kind": "vendor.com/class",
         "containerEdits": {"env": ["A=b"], "deviceNodes": [{"path": "/dev/control"}]},
         "devices": [
           {"name": "0", "containerEdits": {"deviceNodes": [{"path": "/dev/fake0", "hostPath": "/dev/null"}]}},
           {"name": "all", "containerEdits": {"hooks": [{"hookName": "createContainer", "path": "/bin/true"}]}}]}
        """

    @Test(arguments: [("a.yaml", yaml), ("a.json", json)])
    func devicesAndTheirNodes(_ file: String, _ text: String) {
        let control = CDINode(path: "/dev/control", hostPath: "/dev/control")
        let expected = CDISpec(devices: [
            "vendor.com/class=0": [CDINode(path: "/dev/fake0", hostPath: "/dev/null"), control],
            "vendor.com/class=all": [control],
        ])
        #expect(CDISpec.parse(Array(text.utf8), file: file) == expected)
    }

    @Test(arguments: [
        "", "[]", "{", "null", "{}", "{\"kind\": \"vendor.com/class\"}",
        "{\"kind\": \"vendor.com\", \"devices\": []}",
        "{\"kind\": \"vendor.com/class\", \"devices\": {}}",
        "{\"kind\": \"vendor.com/class\", \"devices\": [{\"name\": \"-\"}]}",
        "{\"kind\": \"vendor.com/class\", \"devices\": [{\"name\": [1]}]}",
        "{\"kind\": \"vendor.com/class\", \"devices\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}",
        "{\"kind\": \"vendor.com/class\", \"devices\": [{\"name\": \"a\", \"containerEdits\": []}]}",
        "{\"kind\": \"v/c\", \"devices\": [{\"name\": \"a\", \"containerEdits\": {\"deviceNodes\": [{\"path\": \"x\"}]}}]}",
        String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
        String(repeating: " ", count: 300_000),
    ])
    func whatCannotBeReadSaysNothingAboutDevices(_ text: String) {
        #expect(CDISpec.parse(Array(text.utf8), file: "a.json") == nil)
        #expect(CDISpec.parse(Array(text.utf8), file: "a.yaml") == nil)
    }

    @Test func noBytesMakeTheReaderFail() {
        var seed: UInt64 = 1
        let valid = Array(Self.json.utf8)
        for _ in 0..<400 {
            var bytes = valid
            for _ in 0..<4 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(seed >> 33) % bytes.count] = UInt8(truncatingIfNeeded: seed >> 24)
            }
            for file in ["a.json", "a.yaml"] {
                guard let spec = CDISpec.parse(bytes, file: file) else { continue }
                #expect(spec.devices.keys.allSatisfy { CDIName($0) != nil })
            }
        }
    }
}
