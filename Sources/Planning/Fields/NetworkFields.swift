import DesiredState

typealias NetworkField = Field<NetworkSpec>

extension NetworkField {
    /// Every field of a network, in the order in which plans list them.
    static let all = [
        NetworkField(
            "name", nil, .identity { $0.name },
            sent: ["Name"], shown: ["Name"],
            rule: "Another name is another network: containers move to it, and the old one is removed."),
        NetworkField(
            "driver", .networkRecreate, .value { $0.driver },
            sent: ["Driver"], shown: ["Driver"],
            rule: "Absent is `bridge`."),
        NetworkField(
            "ipam", .networkRecreate, .set { $0.pools.map(\.text) }, compose: "ipam.config",
            sent: ["IPAM.Config[].Subnet", "IPAM.Config[].Gateway", "IPAM.Config[].IPRange"],
            shown: ["IPAM.Config"],
            rule: """
                Without a subnet the engine chooses, so any is right; without a gateway in the file the live one, \
                which newer engines fill in, does not count.
                """),
        NetworkField(
            "attachable", .networkRecreate, .value { "\($0.attachable)" },
            sent: ["Attachable"], shown: ["Attachable"],
            rule: "Absent is false."),
        NetworkField(
            "internal", .networkRecreate, .value { "\($0.isInternal)" },
            sent: ["Internal"], shown: ["Internal"],
            rule: "Absent is false."),
        NetworkField(
            "driver_opts", .networkRecreate, .map { $0.driverOptions },
            sent: ["Options.*"], shown: ["Options.*"],
            rule: "Options that the engine gives to overlay networks by itself do not count."),
        NetworkField(
            "labels", .networkRecreate, .map { $0.labels },
            sent: ["Labels.*"], shown: ["Labels.*"],
            rule: """
                On a network that fatesync made all count; on another one those that the desired state does not \
                name are its maker's.
                """),
    ]

    static let constants = [
        FieldConstant(
            path: "CheckDuplicate", value: "true",
            reason: "Engines before 25 make a second network of the same name without it."),
        FieldConstant(
            path: "IPAM.Driver", value: "default", reason: "The only address management that is supported."),
    ]
}

extension AddressPool {
    var text: String {
        ([subnet] + [gateway.map { "gateway \($0)" }, range.map { "range \($0)" }].compactMap { $0 })
            .joined(separator: " ")
    }
}
