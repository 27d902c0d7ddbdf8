extension ServiceDecoder {
    /// Mounts of every kind.
    mutating func readStorage(_ reader: inout MapReader) {
        for element in reader.list("volumes") ?? [] {
            if element.entries == nil {
                let what = "an element of \"volumes\""
                guard let parts = reader.attempt(what, element, VolumeMapping.init) else { continue }
                mount(parts, at: element, &reader)
            } else {
                var diagnostics: [Diagnostic] = []
                readLongForm(element, into: &diagnostics)
                reader.collect { $0 += diagnostics }
            }
        }
        readTmpfs(&reader)
        container.readOnly = reader.boolean("read_only") ?? false
    }

    private mutating func mount(_ mapping: VolumeMapping, at node: YAMLNode, _ reader: inout MapReader) {
        take(mapping.target, at: node.location, &reader)
        let what = "an element of \"volumes\""
        guard
            let source = reader.attempt(
                what, node, { _ throws(ComposeMistake) in try dockerSource(mapping.source) })
        else { return }
        add(
            Mount(source.kind, from: source.name, to: mapping.target, readOnly: mapping.isReadOnly),
            at: node.location)
    }

    private mutating func add(_ mount: Mount, at place: SourceLocation) {
        container.mounts.insert(mount)
        switch mount.kind {
        case .bind: service.hostPaths.append(Located(mount.source, at: place))
        case .volume where !mount.source.isEmpty: service.volumes.append(Located(mount.source, at: place))
        case .volume: break
        }
    }

    private func dockerSource(
        _ source: VolumeMapping.Source
    ) throws(ComposeMistake) -> (kind: Mount.Kind, name: String) {
        switch source {
        case .anonymous: return (.volume, "")
        case .path(let path): return (.bind, path)
        case .volume(let key):
            if let volume = scope.volume(key) { return (.volume, volume.spec.name) }
            throw scope.unknown("volume", key, in: scope.volumes.map(\.key))
        }
    }

    private mutating func readLongForm(_ node: YAMLNode, into diagnostics: inout [Diagnostic]) {
        _ = MapReader.read(node, as: "an element of \"volumes\"", into: &diagnostics) { reader in
            let type = reader.value("type", .required) { node throws(ComposeMistake) in
                try node.choice(of: ["bind", "volume", "tmpfs"])
            }
            let target = reader.value("target", YAMLNode.containerPath, .required)
            if let target { take(target, at: node.location, &reader) }
            if type == "tmpfs" { return readTmpfs(at: target, &reader) }
            let isReadOnly = reader.boolean("read_only") ?? false
            let source = reader.node("source", type == "bind" ? .required : .optional)
            _ = reader.map("bind") { Self.readBindOptions(&$0) }
            guard let type, let target else { return }
            let found = source.map { source in
                reader.attempt("\"source\"", source) { node throws(ComposeMistake) in
                    try dockerSource(
                        type == "bind" ? .path(try node.hostPath()) : .volume(try node.openWord()))
                }
            }
            guard let found = found ?? (.volume, "") else { return }
            add(Mount(found.kind, from: found.name, to: target, readOnly: isReadOnly), at: node.location)
        }
    }

    private static func readBindOptions(_ reader: inout MapReader) {
        guard reader.boolean("create_host_path") == true else { return }
        reader.report(
            "E-VALUE", at: reader.location(of: "create_host_path"),
            "\"create_host_path\" cannot be true; list the path under \"directories\" in blueprint.yaml")
    }

    private mutating func readTmpfs(at target: String?, _ reader: inout MapReader) {
        let options: [String]? = reader.map("tmpfs") { reader in
            let size = reader.value("size", YAMLNode.bytes)
            let mode = reader.integer("mode", in: 0...0o7777)
            return [size.map { "size=\($0)" }, mode.map { "mode=" + String($0, radix: 8) }].compactMap { $0 }
        }
        if let target { container.tmpfs[target] = (options ?? []).joined(separator: ",") }
    }

    /// `/run` or `/run:size=64m,mode=755`, alone or in a list.
    private mutating func readTmpfs(_ reader: inout MapReader) {
        guard let node = reader.node("tmpfs") else { return }
        let what = node.elements == nil ? "\"tmpfs\"" : "an element of \"tmpfs\""
        for element in node.elements ?? [node] {
            let parts = reader.attempt(what, element) { node throws(ComposeMistake) in
                let halves = try node.openWord().split(
                    separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                let target = try String(halves[0]).absolutePath(on: "the container")
                guard halves.count == 2 else { return (target, "") }
                try Self.checkTmpfsOptions(halves[1])
                return (target, String(halves[1]))
            }
            guard let (target, options) = parts else { continue }
            take(target, at: element.location, &reader)
            container.tmpfs[target] = options
        }
    }

    /// The engine looks at these only when the container starts.
    private static func checkTmpfsOptions(_ options: Substring) throws(ComposeMistake) {
        let flags = ["rw", "ro", "exec", "noexec", "suid", "nosuid", "dev", "nodev"]
        let values = ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks"]
        for option in options.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let isKnown =
                halves.count == 2
                ? values.contains(String(halves[0])) && !halves[1].isEmpty : flags.contains(String(option))
            if isKnown { continue }
            let known = (values.map { $0 + "=" } + flags).joined(separator: ", ")
            throw ComposeMistake("has an unknown option \(String(option).inQuotes) (known: \(known))")
        }
    }

    /// Reports a second mount at one place, which the engine refuses.
    private mutating func take(_ target: String, at place: SourceLocation, _ reader: inout MapReader) {
        if target == "/" {
            reader.report("E-PATH", at: place, "nothing can be mounted at / of the container")
        } else if let first = targets[target] {
            reader.report(
                "E-DUP", at: place, "\(target) is already a mount point, from \(first.mention(from: place))")
        } else {
            targets[target] = place
        }
    }
}
