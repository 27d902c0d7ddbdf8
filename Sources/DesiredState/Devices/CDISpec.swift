/// A device node that a spec of the Container Device Interface puts into a container.
public struct CDINode: Sendable, Hashable {
    /// Path in the container.
    public var path: String
    /// Path on the host.
    public var hostPath: String

    public init(path: String, hostPath: String) {
        self.path = path
        self.hostPath = hostPath
    }
}

/// One spec file of the Container Device Interface, as far as fatesync looks at it: which devices it offers, and
/// which nodes each brings.
public struct CDISpec: Sendable, Equatable {
    /// Qualified name -> nodes, those that the spec adds for any of its devices among them.
    public var devices: [String: [CDINode]]

    public init(devices: [String: [CDINode]]) { self.devices = devices }

    /// Reads a file of a spec directory; `nil` when it cannot be read, so that nothing is known of its devices.
    ///
    /// The limits of every file that fatesync reads hold. JSON is read as such by name, anything else as YAML.
    public static func parse(_ bytes: [UInt8], file: String) -> CDISpec? {
        var mistakes: [Diagnostic] = []
        let root =
            file.hasSuffix(".json")
            ? YAMLNode.parseJSON(bytes, file: file, into: &mistakes)
            : YAMLNode.parse(bytes, file: file, into: &mistakes)
        guard let root, mistakes.isEmpty, let kind = root["kind"]?.raw, isKind(kind),
            let common = nodes(of: root), let list = root["devices"]?.elements
        else { return nil }
        var devices: [String: [CDINode]] = [:]
        for element in list {
            guard let name = element["name"]?.raw, CDIName("\(kind)=\(name)") != nil,
                let own = nodes(of: element), devices["\(kind)=\(name)"] == nil
            else { return nil }
            devices["\(kind)=\(name)"] = own + common
        }
        return CDISpec(devices: devices)
    }

    private static func isKind(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy(CDIName.isKindPart)
    }

    /// The nodes that `containerEdits` of a device or of the whole spec adds; `nil` when they cannot be read.
    private static func nodes(of node: YAMLNode) -> [CDINode]? {
        guard let edits = node["containerEdits"], !edits.isNull else { return [] }
        guard edits.entries != nil else { return nil }
        guard let list = edits["deviceNodes"], !list.isNull else { return [] }
        guard let elements = list.elements else { return nil }
        var nodes: [CDINode] = []
        for element in elements {
            guard let path = element["path"]?.raw, path.hasPrefix("/") else { return nil }
            let host = element["hostPath"]?.raw ?? ""
            nodes.append(CDINode(path: path, hostPath: host.isEmpty ? path : host))
        }
        return nodes
    }
}
