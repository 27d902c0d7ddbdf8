/// Compose's short form of a mount: `SOURCE:TARGET:OPTIONS`, `SOURCE:TARGET` or `TARGET`.
struct VolumeMapping {
    enum Source {
        case anonymous
        /// An absolute path of the host.
        case path(String)
        /// The key of a volume.
        case volume(String)
    }

    var source: Source
    var target: String
    var isReadOnly = false

    init(_ node: YAMLNode) throws(ComposeMistake) {
        let parts = try node.openWord().split(separator: ":", omittingEmptySubsequences: false).map(
            String.init)
        guard parts.count <= 3, parts.allSatisfy({ !$0.isEmpty }) else {
            throw node.mistake("must be SOURCE:TARGET or SOURCE:TARGET:ro")
        }
        target = try parts[parts.count > 1 ? 1 : 0].absolutePath(on: "the container")
        source = parts.count > 1 ? try Self.source(parts[0]) : .anonymous
        guard parts.count == 3 else { return }
        for option in parts[2].split(separator: ",", omittingEmptySubsequences: false) {
            switch option {
            case "ro": isReadOnly = true
            case "rw": isReadOnly = false
            case "z", "Z":
                throw ComposeMistake(
                    "has the option \(option), but fatesync does not relabel files for SELinux")
            default:
                throw ComposeMistake(
                    "has the option \(String(option).inQuotes); only ro and rw are supported")
            }
        }
    }

    private static func source(_ text: String) throws(ComposeMistake) -> Source {
        let isPath = text.contains("/") || text.hasPrefix(".") || text.hasPrefix("~")
        return isPath ? .path(try text.absolutePath(on: "the host")) : .volume(text)
    }
}
