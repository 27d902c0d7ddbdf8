extension YAMLNode {
    /// Changes every value of a map, or every element of a list, that stands behind a key.
    mutating func edit(_ key: String, _ body: (inout YAMLNode) -> Void) {
        edit(key: key) { node in
            switch node.content {
            case .map(var entries):
                for index in entries.indices { body(&entries[index].value) }
                node.content = .map(entries)
            case .list(var elements):
                for index in elements.indices { body(&elements[index]) }
                node.content = .list(elements)
            default: break
            }
        }
    }

    /// Changes the value of a key, if it is there.
    mutating func edit(key: String, _ body: (inout YAMLNode) -> Void) {
        guard case .map(var entries) = content, let index = entries.firstIndex(where: { $0.key == key })
        else { return }
        body(&entries[index].value)
        content = .map(entries)
    }

    /// Changes every scalar that is a string.
    mutating func editStrings(_ body: (String) -> String) {
        switch content {
        case .map(var entries):
            for index in entries.indices { entries[index].value.editStrings(body) }
            content = .map(entries)
        case .list(var elements):
            for index in elements.indices { elements[index].editStrings(body) }
            content = .list(elements)
        case .string(let text):
            let new = body(text)
            if new != text { setText(new) }
        default: break
        }
    }

    /// Makes this scalar a string.
    mutating func setText(_ text: String) {
        content = .string(text)
        raw = text
        isQuoted = true
    }

    mutating func remove(key: String) -> YAMLEntry? {
        guard case .map(var entries) = content, let index = entries.firstIndex(where: { $0.key == key })
        else { return nil }
        let entry = entries.remove(at: index)
        content = .map(entries)
        return entry
    }

    /// The node without the innermost entry or element at a place; `nil` when nothing stands there.
    func removing(at place: SourceLocation) -> YAMLNode? {
        var node = self
        switch content {
        case .map(var entries):
            for index in entries.indices {
                if let smaller = entries[index].value.removing(at: place) {
                    entries[index].value = smaller
                } else if entries[index].keyLocation == place || entries[index].value.location == place {
                    entries.remove(at: index)
                } else {
                    continue
                }
                node.content = .map(entries)
                return node
            }
        case .list(var elements):
            for index in elements.indices {
                if let smaller = elements[index].removing(at: place) {
                    elements[index] = smaller
                } else if elements[index].location == place {
                    elements.remove(at: index)
                } else {
                    continue
                }
                node.content = .list(elements)
                return node
            }
        default: break
        }
        return nil
    }

    /// Every scalar with its place among the keys, such as `servings.hosts[0]`.
    func scalars(at path: String = "") -> [(path: String, node: YAMLNode)] {
        switch content {
        case .map(let entries):
            return entries.flatMap { $0.value.scalars(at: path.isEmpty ? $0.key : "\(path).\($0.key)") }
        case .list(let elements):
            return elements.enumerated().flatMap { $1.scalars(at: "\(path)[\($0)]") }
        default: return [(path, self)]
        }
    }

    /// What must be laid over a node to make another of it.
    struct Overlay {
        /// `nil`: nothing.
        var changes: YAMLNode?
    }

    /// What must be laid over this node to make `other` of it; `nil` when a key would have to go, which laying
    /// over cannot do.
    func overlay(making other: YAMLNode) -> Overlay? {
        do {
            return Overlay(changes: try changes(to: other))
        } catch {
            return nil
        }
    }

    private func changes(to other: YAMLNode) throws(Inexpressible) -> YAMLNode? {
        guard case .map(let old) = content, case .map(let new) = other.content else {
            return ConfigValue(self) == ConfigValue(other) ? nil : other
        }
        let keys = Set(new.map(\.key))
        guard old.allSatisfy({ keys.contains($0.key) }) else { throw Inexpressible() }
        var changes: [YAMLEntry] = []
        for entry in new {
            guard let before = old.first(where: { $0.key == entry.key })?.value else {
                changes.append(entry)
                continue
            }
            // An override of nothing is none.
            if entry.value.isNull, !before.isNull { throw Inexpressible() }
            guard let change = try before.changes(to: entry.value) else { continue }
            var changed = entry
            changed.value = change
            changes.append(changed)
        }
        return changes.isEmpty ? nil : YAMLNode(location: other.location, content: .map(changes))
    }

    private struct Inexpressible: Error {}
}
