/// Devices that a party takes, and those that it would share.
struct DeviceClaim: Sendable, Hashable {
    var selection: DeviceSelection
    /// What the party lists under `sharedDevices`.
    var shared: Set<DeviceSelection>

    /// The first device that both want and that not both would share; `nil` when there is none.
    func contested(with other: Self) -> DeviceSelection? {
        selection.overlap(other.selection).first { device in
            !(device.isCovered(by: shared) && device.isCovered(by: other.shared))
        }
    }

    /// What is wrong, given the other claim and its owner in words.
    func message(against other: Self, of owner: String) -> String {
        let device = contested(with: other) ?? selection
        let what = device == selection ? "\(device) is" : "\(selection): \(device) is"
        return
            "\(what) also claimed by \(owner); give it to one of them, or list it under sharedDevices of both"
    }

    /// What a person would look for in a file.
    var text: String {
        switch selection.choice {
        case .all: "all"
        case .first(let count): String(count)
        case .device(let id): id
        }
    }
}

extension PartyCompose {
    /// Warnings of devices that several services of the party use, unless it lists them under `sharedDevices`.
    func deviceWarnings(shared: Set<DeviceSelection>) -> [Diagnostic] {
        var earlier: [(service: String, claim: Located<DeviceClaim>)] = []
        var warnings: [Diagnostic] = []
        for (service, selection) in devices {
            let claim = Located(
                DeviceClaim(selection: selection.value, shared: shared), at: selection.location)
            let other = earlier.first {
                $0.service != service && $0.claim.value.contested(with: claim.value) != nil
            }
            if let other, let device = claim.value.contested(with: other.claim.value) {
                let place = other.claim.location.mention(from: claim.location)
                let message =
                    "\(device) is also used by service \(other.service.inQuotes) (\(place)); if that is meant, "
                    + "list it under sharedDevices in party.yaml"
                warnings.append(Diagnostic(.warning, code: "W-GPU", at: claim.location, message))
            }
            earlier.append((service, claim))
        }
        return warnings
    }
}

extension PartyFile {
    /// Reads `sharedDevices`.
    static func sharedDevices(_ reader: inout MapReader) -> Set<DeviceSelection> {
        let devices: [Located<DeviceSelection>] = reader.values("sharedDevices") {
            node throws(ComposeMistake) in
            guard let device = DeviceSelection(shared: try node.word()) else {
                throw node.mistake(
                    "must be \"all\", the index or the UUID of a GPU, or a CDI name such as vendor.com/class=name"
                )
            }
            return device
        }
        return Set(devices.map(\.value))
    }
}
