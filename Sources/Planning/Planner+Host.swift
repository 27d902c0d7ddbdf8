import DesiredState

extension Planner {
    /// Directories and config files of a party: made and written before any container starts.
    mutating func planHost(of party: PartyResources) {
        for directory in party.directories.sorted(by: { $0.path < $1.path }) {
            switch live.files[directory.path] {
            case .directory: continue
            case nil:
                // A parent sorts before its children, so it is made first.
                _ = builder.add(
                    .makeDirectory(directory), of: directory.path, party: party.party, rung: .create,
                    cause: "missing", after: parentSteps(of: directory.path),
                    makes: .directory(directory.path))
            case .file, .other:
                builder.warn(
                    PlanWarning(
                        party: party.party, object: directory.path,
                        message: "is not a directory; move it away so that fatesync can make one"))
            }
        }
        for file in party.files.sorted(by: { $0.path < $1.path }) {
            planFile(file, of: party)
        }
    }

    private mutating func planFile(_ file: FileSpec, of party: PartyResources) {
        var cause = "missing"
        var changes: [FieldChange] = []
        switch live.files[file.path] {
        case .file(let content, let mode, _):
            guard content != file.content || mode != file.mode else { return }
            cause = content == file.content ? "permissions changed" : "content differs"
            if mode != file.mode {
                changes.append(FieldChange("mode", String(mode, radix: 8), String(file.mode, radix: 8)))
            }
            if content != file.content, !file.isSecret {
                changes += LineDifference.changes(from: content, to: file.content)
            }
        case .directory, .other:
            builder.warn(
                PlanWarning(
                    party: party.party, object: file.path,
                    message: "is not a regular file; fatesync replaces only regular files"))
            return
        case nil: break
        }
        if case .reload(let seconds) = file.onChange, cause == "content differs" {
            cause += ", in effect within \(seconds) s"
        }
        _ = builder.add(
            .writeFile(file), of: file.path, party: party.party, rung: .writeFile, cause: cause,
            changes: changes, after: parentSteps(of: file.path))
    }

    /// The steps that make a directory above `path`.
    private func parentSteps(of path: String) -> Set<Int> {
        var result: Set<Int> = []
        var parent = path[...]
        while let slash = parent.lastIndex(of: "/"), slash != parent.startIndex {
            parent = parent[..<slash]
            if let maker = builder.maker(of: .directory(String(parent))) { result.insert(maker) }
        }
        return result
    }
}

/// The lines in which two texts differ, as fields of a plan.
enum LineDifference {
    /// At most this many changed lines are shown; the rest is counted.
    private static let limit = 8

    static func changes(from old: [UInt8], to new: [UInt8]) -> [FieldChange] {
        let oldLines = lines(of: old)
        let newLines = lines(of: new)
        let removed = oldLines.filter { !Set(newLines).contains($0) }
        let added = newLines.filter { !Set(oldLines).contains($0) }
        var changes: [FieldChange] = []
        for index in 0..<max(removed.count, added.count) {
            guard changes.count < limit else {
                let left = max(removed.count, added.count) - limit
                changes.append(FieldChange("line", "-", "and \(left) more"))
                break
            }
            changes.append(
                FieldChange(
                    "line", index < removed.count ? removed[index] : "-",
                    index < added.count ? added[index] : "-"))
        }
        return changes
    }

    private static func lines(of bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { line in
                let text = String(line).drop { $0 == " " }.escapingControls
                return text.count > 120 ? String(text.prefix(117)) + "..." : text
            }
    }
}

extension Substring {
    fileprivate var escapingControls: String { String(self).escapingControls }
}
