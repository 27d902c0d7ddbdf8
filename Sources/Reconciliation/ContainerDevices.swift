import DesiredState
import Glibc
import Planning

/// Looks at the devices of a running container from outside, through `/proc` and its control group.
///
/// What cannot be seen, such as a container of another machine, counts as present.
struct ContainerDevices {
    /// Why the container does not have what it requests; `nil` when it has, or nobody knows.
    func absence(in container: LiveContainer, _ inventory: DeviceInventory) -> String? {
        if let lost = lost(by: container, inventory).first { return "\(lost.path) is \(lost.reason)" }
        guard inventory.gpus == nil, container.spec.deviceRequests.contains(where: \.isGPU),
            isHere(container),
            let environment = ProcessFiles.environment(of: container.pid), !environment.isEmpty
        else { return nil }
        // Whatever serves a request for GPUs tells the process so, even if it tells it only `void`.
        return environment["NVIDIA_VISIBLE_DEVICES"] == nil ? "NVIDIA_VISIBLE_DEVICES is not set" : nil
    }

    /// The devices that the container requests and cannot use.
    func lost(by container: LiveContainer, _ inventory: DeviceInventory) -> [LostDevice] {
        let nodes = inventory.nodes(for: container.spec.deviceRequests)
        guard !nodes.isEmpty, isHere(container) else { return [] }
        let rules = deviceRules(of: container)
        return nodes.compactMap { node in
            guard access(node.hostPath, F_OK) == 0 else {
                return LostDevice(path: node.path, reason: "gone from the host", isOnHost: false)
            }
            guard let device = Device(node.hostPath, follows: true) else { return nil }
            // A link in the container's last component leads into our own tree, so it is not followed.
            guard let own = Device("/proc/\(container.pid)/root\(node.path)", follows: false) else {
                return LostDevice(path: node.path, reason: "missing", isOnHost: true)
            }
            guard own == device else {
                return LostDevice(path: node.path, reason: "\(own) instead of \(device)", isOnHost: true)
            }
            guard rules.map({ rules in rules.contains { $0.allows(device) } }) ?? true else {
                return LostDevice(path: node.path, reason: "denied by its control group", isOnHost: true)
            }
            return nil
        }
    }

    /// Whether the process id means the container on this very machine.
    private func isHere(_ container: LiveContainer) -> Bool {
        guard container.pid > 0, let groups = ProcessFiles.text("/proc/\(container.pid)/cgroup") else {
            return false
        }
        return groups.contains(container.id)
    }

    /// What the container's control group allows; `nil` where it cannot be read, as with version 2, which has no
    /// file for it.
    private func deviceRules(of container: LiveContainer) -> [DeviceRule]? {
        let groups = ProcessFiles.text("/proc/\(container.pid)/cgroup") ?? ""
        for line in groups.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[1].split(separator: ",").contains("devices") else { continue }
            guard let text = ProcessFiles.text("/sys/fs/cgroup/devices\(parts[2])/devices.list") else {
                return nil
            }
            return text.split(separator: "\n").compactMap { DeviceRule($0) }
        }
        return nil
    }
}

/// The numbers of a device node.
struct Device: Equatable, CustomStringConvertible {
    let isBlock: Bool
    let major: UInt64
    let minor: UInt64

    init(isBlock: Bool, major: UInt64, minor: UInt64) {
        self.isBlock = isBlock
        self.major = major
        self.minor = minor
    }

    /// Reads a node; `nil` when there is none.
    init?(_ path: String, follows: Bool) {
        var status = stat()
        guard (follows ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFCHR || kind == S_IFBLK else { return nil }
        // The C library's own split of a device number, which is a macro and so out of Swift's reach.
        let number = UInt64(status.st_rdev)
        isBlock = kind == S_IFBLK
        major = (number >> 8 & 0xfff) | (number >> 32 & ~0xfff)
        minor = (number & 0xff) | (number >> 12 & ~0xff)
    }

    var description: String { "\(isBlock ? "b" : "c") \(major):\(minor)" }
}

/// One line of `devices.list`, such as `c 195:* rwm`.
struct DeviceRule {
    private let kind: Substring
    private let major: Substring
    private let minor: Substring
    private let permissions: Substring

    init?(_ line: Substring) {
        let words = line.split(separator: " ")
        guard words.count == 3 else { return nil }
        let numbers = words[1].split(separator: ":")
        guard numbers.count == 2 else { return nil }
        (kind, major, minor, permissions) = (words[0], numbers[0], numbers[1], words[2])
    }

    func allows(_ device: Device) -> Bool {
        guard kind == "a" || kind == (device.isBlock ? "b" : "c"), permissions.contains("r") else {
            return false
        }
        return (major == "*" || major == "\(device.major)") && (minor == "*" || minor == "\(device.minor)")
    }
}
