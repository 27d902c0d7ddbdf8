import Foundation

/// A CDI spec of the engine for one host alone: device `a` is /dev/null, `b` is /dev/zero.
struct DeviceSpecs {
    let kind: String
    private let file: String

    init(_ host: Host) {
        kind = "fatesync.test/host\(host.number)"
        file = "\(host.engine.folder)/cdi/host\(host.number).json"
    }

    func write(node: String = "/dev/null") throws {
        let text = """
            {"cdiVersion": "0.5.0", "kind": "\(kind)", "devices": [
             {"name": "a", "containerEdits": {"deviceNodes": [{"path": "/dev/fakegpu0", "hostPath": "\(node)"}]}},
             {"name": "b", "containerEdits": {"deviceNodes": [{"path": "/dev/fakegpu1", "hostPath": "/dev/zero"}]}}]}
            """
        // Not by a rename from elsewhere, which the engine's watch of the directory would miss.
        try text.write(toFile: file, atomically: false, encoding: .utf8)
    }

    func remove() { unlink(file) }
}
