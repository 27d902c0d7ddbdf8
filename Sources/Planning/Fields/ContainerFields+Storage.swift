import DesiredState

extension ContainerField {
    /// What is mounted.
    static let storage = [
        ContainerField(
            "mounts", .recreate, .set { $0.mounts.map(\.text) }, compose: "volumes",
            sent: [
                "HostConfig.Mounts[].Type", "HostConfig.Mounts[].Source", "HostConfig.Mounts[].Target",
                "HostConfig.Mounts[].ReadOnly",
            ], shown: ["Mounts", "HostConfig.Mounts"],
            rule: """
                What is really mounted is compared, so a bind, a mount and a volume of the image are the same; a \
                volume of the image that nothing covers is an anonymous one, whose name does not count.
                """),
        ContainerField(
            "tmpfs", .recreate, .map { $0.tmpfs }, compose: "tmpfs, volumes with type tmpfs",
            sent: ["HostConfig.Tmpfs.*"], shown: ["HostConfig.Tmpfs.*"],
            rule: "A tmpfs that was asked for as a mount is the same; options count in any order."),
        ContainerField(
            "read_only", .recreate, .value { "\($0.readOnly)" },
            sent: ["HostConfig.ReadonlyRootfs"], shown: ["HostConfig.ReadonlyRootfs"],
            rule: "Absent is false."),
    ]
}

extension Mount {
    /// Compose's short form, `source:target[:ro]`.
    var text: String {
        (source.isEmpty ? "(anonymous volume)" : source) + ":\(target)" + (readOnly ? ":ro" : "")
    }
}
