import DesiredState

extension Planner {
    /// Directories and config files of a party: made and written before any container starts.
    ///
    /// Answers the steps that do it.
    mutating func planHost(of party: PartyResources) -> Set<Int> {
        var steps: Set<Int> = []
        for directory in party.directories.sorted(by: { $0.path < $1.path }) {
            switch live.files[directory.path] {
            case .directory: checkOwner(of: directory, party: party.party)
            case nil:
                // A parent sorts before its children, so it is made first.
                let parents = parentSteps(of: directory.path)
                let made = builder.maker(of: .directory(directory.path))
                steps.insert(
                    made
                        ?? builder.add(
                            .makeDirectory(directory), of: directory.path, party: party.party, rung: .create,
                            cause: "missing", after: parents, makes: .directory(directory.path)))
            case .file, .other:
                builder.warn(
                    PlanWarning(
                        party: party.party, object: directory.path,
                        message: "is not a directory; move it away so that fatesync can make one"))
            }
        }
        for file in party.files.sorted(by: { $0.path < $1.path }) {
            if let step = planFile(file, of: party) { steps.insert(step) }
        }
        return steps
    }

    /// The steps that make a directory above `path`.
    func parentSteps(of path: String) -> Set<Int> {
        var result: Set<Int> = []
        var parent = path[...]
        while let slash = parent.lastIndex(of: "/"), slash != parent.startIndex {
            parent = parent[..<slash]
            if let maker = builder.maker(of: .directory(String(parent))) { result.insert(maker) }
        }
        return result
    }
}
