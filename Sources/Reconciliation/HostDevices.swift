import DesiredState
import DockerEngine
import Glibc
import Planning

/// Finds out which devices the engine can give to containers.
///
/// Files of this host say something only when the engine runs here too. Everything that cannot be read for sure
/// counts as unknown.
struct HostDevices {
    let engine: EngineDevices
    let identity: EngineIdentity
    let endpoint: DockerEndpoint
    /// Where the driver of NVIDIA describes its GPUs.
    var driver = "/proc/driver/nvidia/gpus"

    /// More files than any host has specs.
    private static let specLimit = 256

    init(engine: EngineDevices, identity: EngineIdentity, _ endpoint: DockerEndpoint) {
        self.engine = engine
        self.identity = identity
        self.endpoint = endpoint
    }

    /// A socket alone proves nothing: it may be forwarded from elsewhere.
    private var isLocal: Bool {
        var name = [CChar](repeating: 0, count: 256)
        guard endpoint.socketPath != nil, gethostname(&name, name.count - 1) == 0 else { return false }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            == engine.hostName
    }

    // MARK: - Container Device Interface

    var cdi: DeviceInventory.CDI {
        guard identity.isAtLeast(apiVersion: (1, 44)) else {
            return .unavailable(
                "Docker \(identity.version) knows no CDI devices; Docker 25.0 or newer is needed")
        }
        let directories = engine.specDirectories
        guard !directories.isEmpty else {
            return .unavailable(
                "CDI is switched off in this engine; set \"features\": {\"cdi\": true} in its daemon.json and "
                    + "restart it")
        }
        guard isLocal else {
            return engine.discovered.map { .devices(nodeless($0), directories: directories) } ?? .unknown
        }
        // Specs in later directories win.
        var devices = nodeless(engine.discovered ?? [])
        for directory in directories {
            guard let found = specs(in: directory) else { return .unknown }
            devices.merge(found) { _, later in later }
        }
        return .devices(devices, directories: directories)
    }

    private func nodeless(_ names: Set<String>) -> [String: [CDINode]] {
        Dictionary(names.map { ($0, []) }) { first, _ in first }
    }

    /// The devices that the specs of a directory define; `nil` when one of them cannot be read.
    private func specs(in directory: String) -> [String: [CDINode]]? {
        do throws(HostFileError) {
            guard try HostFiles.read(directory) != nil else { return [:] }
            let names = try HostFiles.names(in: directory).filter {
                $0.hasSuffix(".json") || $0.hasSuffix(".yaml")
            }
            guard names.count <= Self.specLimit else { return nil }
            var devices: [String: [CDINode]] = [:]
            for name in names {
                guard case .file(let content, _, _)? = try HostFiles.read("\(directory)/\(name)"),
                    let spec = CDISpec.parse(content, file: name)
                else { return nil }
                devices.merge(spec.devices) { first, _ in first }
            }
            return devices
        } catch {
            return nil
        }
    }

    // MARK: - GPUs

    /// The GPUs in the order of their bus addresses, which is that of their indices; `nil` without the driver.
    var gpus: [HostGPU]? {
        guard isLocal, let addresses = try? HostFiles.names(in: driver) else { return nil }
        var gpus: [HostGPU] = []
        for address in addresses {
            guard let text = ProcessFiles.text("\(driver)/\(address)/information"),
                let minor = Self.field("Device Minor", of: text).flatMap({ Int($0) })
            else { return nil }
            gpus.append(HostGPU(uuid: Self.field("GPU UUID", of: text) ?? "", minor: minor))
        }
        return gpus
    }

    private static func field(_ name: String, of text: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix("\(name):") {
            let value = line.dropFirst(name.count + 1).drop { $0 == " " || $0 == "\t" }
            return String(value.prefix { $0 != " " && $0 != "\t" })
        }
        return nil
    }

    /// Why a request for GPUs cannot be served.
    ///
    /// An engine before 29 has a driver for GPUs when it found NVIDIA's hook in its search path as it started, and
    /// runs that hook at each start of a container. Later ones may do without.
    var gpuObstacle: String? {
        guard isLocal, let major = Int(identity.version.prefix { $0 != "." }), major < 29,
            let socket = endpoint.socketPath, let daemon = EngineProcess(listeningAt: socket),
            let found = daemon.finds(Self.hook), !found
        else { return nil }
        return "the engine has no driver for GPUs, because \(Self.hook) is not in its search path; install "
            + "nvidia-container-toolkit and restart the engine"
    }

    private static let hook = "nvidia-container-runtime-hook"
}

extension EngineIdentity {
    fileprivate func isAtLeast(apiVersion other: (Int, Int)) -> Bool {
        let parts = apiVersion.split(separator: ".").compactMap { Int($0) }
        return parts.count == 2 && (parts[0], parts[1]) >= other
    }
}
