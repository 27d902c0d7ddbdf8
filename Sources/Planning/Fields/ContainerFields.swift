import DesiredState

typealias ContainerField = Field<ComparedContainer>

extension ContainerField {
    /// Every field of a container, in the order in which plans list them.
    ///
    /// How it sits on each network is in `EndpointField`.
    static let all: [ContainerField] =
        identity + process + networking + storage + resources + isolation
        + [imageID]

    static let constants = [
        FieldConstant(
            path: "HostConfig.DeviceRequests[].Options", value: "{}",
            reason: "Compose has no key for the options of a driver.")
    ]

    private static let identity = [
        ContainerField(
            "container_name", .updateInPlace, .identity { $0.name },
            sent: ["?name"], shown: ["Name"],
            rule:
                "The container of the service is found under its old name too and then renamed, which stops nothing."
        )
    ]

    /// Last, so that a new reference is named before what came with it.
    private static let imageID = ContainerField(
        "image id", .recreate, .value { $0.imageID }, compose: "",
        sent: ["Image"], shown: ["Image"],
        rule: """
            The image that the reference resolves to on this host; while the host has none, or the container was \
            made from another reference, it counts as equal.
            """)
}

/// A container as one side of a comparison.
@dynamicMemberLookup
struct ComparedContainer: Sendable, Equatable {
    /// Normalised.
    var spec: ContainerSpec
    /// Empty on both sides where it says nothing.
    var imageID: String

    subscript<Value>(dynamicMember path: KeyPath<ContainerSpec, Value>) -> Value { spec[keyPath: path] }
}
