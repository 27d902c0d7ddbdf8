import DesiredState

typealias VolumeField = Field<VolumeSpec>

extension VolumeField {
    /// Every field of a volume, in the order in which plans list them.
    ///
    /// None can be changed without removing the volume and the data in it, so fatesync only reports differences.
    static let all = [
        VolumeField(
            "name", nil, .identity { $0.name },
            sent: ["Name"], shown: ["Name"],
            rule: "Another name is another volume: it is created empty, and the old one stays."),
        VolumeField(
            "driver", nil, .value { $0.driver },
            sent: ["Driver"], shown: ["Driver"],
            rule: "Absent is `local`."),
        VolumeField(
            "driver_opts", nil, .map { $0.driverOptions },
            sent: ["DriverOpts.*"], shown: ["Options.*"],
            rule: "Compared letter by letter."),
        VolumeField(
            "labels", nil, .map { $0.labels },
            sent: ["Labels.*"], shown: ["Labels.*"],
            rule: "Compared on a volume that fatesync made; on another one they are its maker's."),
    ]
}
