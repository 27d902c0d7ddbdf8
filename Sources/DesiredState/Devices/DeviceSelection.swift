/// The devices of one kind that a request asks for.
///
/// GPUs of NVIDIA are of one kind however they are asked for, because NVIDIA's own specs name them by the same
/// index and UUID.
public struct DeviceSelection: Sendable, Hashable {
    public enum Choice: Sendable, Hashable {
        /// Every device of the kind.
        case all
        /// The devices 0 to n - 1: the engine keeps no account of who has which one.
        case first(Int)
        /// One device, by index, UUID or name.
        case device(String)
    }

    /// What the engine's own driver for GPUs hands out, named as NVIDIA names it.
    public static let gpuKind = "nvidia.com/gpu"

    public var kind: String
    public var choice: Choice

    public init(kind: String, _ choice: Choice) {
        self.kind = kind
        self.choice = choice
    }

    init(_ name: CDIName) {
        self.init(kind: name.kind, name.device == "all" ? .all : .device(name.device))
    }

    /// A device as `sharedDevices` lists it; `nil` when it can be none.
    init?(shared text: String) {
        if let name = CDIName(text) {
            self.init(name)
        } else if text == "all" {
            self.init(kind: Self.gpuKind, .all)
        } else if DeviceRequest.isGPU(text) {
            self.init(kind: Self.gpuKind, .device(text))
        } else {
            return nil
        }
    }

    /// The devices that both select, as a person would name them; empty when there is none, or none is known.
    ///
    /// Which index a UUID has is known on the host alone.
    public func overlap(_ other: Self) -> [DeviceSelection] {
        guard kind == other.kind else { return [] }
        switch (choice, other.choice) {
        case (.all, _): return [other]
        case (_, .all): return [self]
        case (.first(let own), .first(let others)):
            return (0..<min(own, others)).map { Self(kind: kind, .device(String($0))) }
        case (.first(let count), .device(let id)): return Self.isBelow(count, id) ? [other] : []
        case (.device(let id), .first(let count)): return Self.isBelow(count, id) ? [self] : []
        case (.device(let own), .device(let others)):
            if own == others || own.hasPrefix("\(others):") { return [self] }
            return others.hasPrefix("\(own):") ? [other] : []
        }
    }

    /// Whether the index, or that of the GPU of which it is a part (`0:1`), is below `count`.
    private static func isBelow(_ count: Int, _ id: String) -> Bool {
        Int(id.prefix { $0 != ":" }).map { $0 < count } ?? false
    }

    /// Whether everything that is selected here is among `allowed`.
    func isCovered(by allowed: Set<DeviceSelection>) -> Bool {
        if allowed.contains(self) || allowed.contains(Self(kind: kind, .all)) { return true }
        guard case .first(let count) = choice else { return false }
        return (0..<count).allSatisfy { allowed.contains(Self(kind: kind, .device(String($0)))) }
    }
}

extension DeviceSelection: CustomStringConvertible {
    public var description: String {
        let isGPU = kind == Self.gpuKind
        return switch choice {
        case .all: isGPU ? "every GPU" : "every device \(kind)"
        case .first(1): isGPU ? "GPU 0" : "device 0 of \(kind)"
        case .first(let count): isGPU ? "GPUs 0 to \(count - 1)" : "devices 0 to \(count - 1) of \(kind)"
        case .device(let id): isGPU ? "GPU \(id)" : "device \(kind)=\(id)"
        }
    }
}

extension DeviceRequest {
    /// The driver that takes names of the Container Device Interface.
    public static let cdiDriver = "cdi"

    public var isCDI: Bool { driver == Self.cdiDriver }

    /// Whether the engine's own driver for GPUs serves it.
    public var isGPU: Bool { driver.isEmpty || driver == "nvidia" }

    /// What it asks for.
    public var selections: [DeviceSelection] {
        if isCDI { return deviceIDs.compactMap(CDIName.init).map(DeviceSelection.init) }
        let kind = isGPU ? DeviceSelection.gpuKind : driver
        guard deviceIDs.isEmpty else { return deviceIDs.map { DeviceSelection(kind: kind, .device($0)) } }
        return [DeviceSelection(kind: kind, count < 0 ? .all : .first(count))]
    }

    /// Whether a text can be the id of a GPU: an index, a part of it such as `0:1`, or a UUID.
    static func isGPU(_ id: String) -> Bool {
        let digits = id.split(separator: ":", omittingEmptySubsequences: false)
        if digits.count <= 2,
            digits.allSatisfy({ PlainScalar.isDecimalInteger(String($0)) && $0.first != "-" })
        {
            return true
        }
        return (id.hasPrefix("GPU-") || id.hasPrefix("MIG-")) && id.utf8.count > 4
            && id.isAlphanumeric(or: "-/")
    }
}
