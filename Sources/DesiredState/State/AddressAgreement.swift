/// An entry of `addresses`: a key of a config file that must be the fixed address of a service's container.
///
/// FATE Flow binds to the address in its file and ends when the container does not have it.
struct AddressAgreement: Sendable {
    var service: String
    var serviceLocation: SourceLocation
    /// Path below `confs/`.
    var file: String
    var key: String
    var location: SourceLocation

    static func read(_ node: YAMLNode, into diagnostics: inout [Diagnostic]) -> AddressAgreement? {
        let read = MapReader.read(node, as: "the element of \"addresses\"", into: &diagnostics) { reader in
            let serviceNode = reader.node("service", .required)
            let service = serviceNode.flatMap { node in
                reader.collect { node.string("\"service\"", into: &$0) }
            }
            let file = reader.relativePath(reader.node("file", .required))
            let key = reader.string("key", .required)
            guard let service, let serviceNode, let file, let key else { return AddressAgreement?.none }
            return AddressAgreement(
                service: service, serviceLocation: serviceNode.location, file: file, key: key,
                location: node.location)
        }
        return read ?? nil
    }

    /// Reports an address in the file that is not the container's.
    ///
    /// - Parameter addresses: The fixed addresses of the service.
    func check(
        _ files: RenderedFiles, _ addresses: [ComposeAddress], into diagnostics: inout [Diagnostic]
    ) {
        func report(_ place: SourceLocation, _ message: String) {
            diagnostics.append(Diagnostic(code: "E-ADDRESS", at: place, message))
        }
        // A file that could not be rendered is reported where it is rendered.
        guard let tree = files.trees[file] else { return }
        guard let value = tree.value(at: key) else {
            return report(
                location,
                "\(file) has no \(key), which must be the address of service \(service.inQuotes)")
        }
        guard let first = addresses.first else {
            return report(
                value.location,
                "\(key) of \(file) is \(value.shown), and service \(service.inQuotes) has no ipv4_address; "
                    + "its program binds to that address and ends when its container does not have it")
        }
        guard !addresses.contains(where: { $0.address.value == value.raw }) else { return }
        // Where the party has written one of the two, it has broken what the blueprint keeps together.
        let isOwn = first.address.location.file.hasPrefix("parties/")
        let (place, other) =
            isOwn
            ? (first.address.location, value.location) : (value.location, first.address.location)
        report(
            place,
            "\(key) of \(file) is \(value.shown), and the address of service \(service.inQuotes) is "
                + "\(first.address.value) (\(other)); its program binds to the first, so both must be equal")
    }
}

extension YAMLNode {
    /// The value of a key such as `fateflow.host`; in a properties file the dots belong to the key.
    func value(at key: String) -> YAMLNode? {
        if let value = self[key] { return value }
        return key.split(separator: ".").reduce(Optional(self)) { node, part in node?[String(part)] }
    }
}
