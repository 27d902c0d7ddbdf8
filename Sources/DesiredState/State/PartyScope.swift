/// A party with everything that its values are filled in from.
struct PartyScope {
    let party: PartyFile
    let blueprint: BlueprintFile
    let federation: FederationFile?
    let variables: PartyVariables
    let blame: Blame
    let context: DecodingContext

    /// Decodes what the party is on its host, and what it claims there.
    func decode(compose root: YAMLNode?, into result: inout DecodedParty, _ diagnostics: inout [Diagnostic]) {
        let project = project(into: &diagnostics)
        let compose = root.flatMap { PartyCompose.decode($0, project: project, in: self, into: &diagnostics) }
        diagnostics += compose?.deviceWarnings(shared: party.sharedDevices) ?? []
        if let declared = party.endpoint,
            let route = route(published: compose?.ports, into: &diagnostics)
        {
            result.set(route, at: declared.location)
        }

        let confs = blueprint.confsDirectory.flatMap {
            FilePath.onHost(
                fill($0, &diagnostics), "\"confs\"", below: context.dataDirectory, into: &diagnostics)
        }
        let directories = blueprint.directories.compactMap { directory($0, into: &diagnostics) }
        let files = PartyConfigFiles(
            party: party, blueprint: blueprint, variables: variables.withStandIns(for: blueprint),
            directory: confs ?? context.dataDirectory
        ).render(into: &diagnostics)
        result.routeTables = routeTables(in: confs, into: &diagnostics)
        for declaration in blueprint.routeTables {
            guard let table = result.routeTables.first(where: { $0.name == declaration.path }) else {
                continue
            }
            RollsiteConsistency(declaration: declaration, table: table)
                .check(files.specs, into: &diagnostics)
        }
        result.rollsiteClient = checkRendered(
            files, compose, result.routeTables, into: &diagnostics)
        let firstStart = firstStart(in: confs, into: &diagnostics)
        addClaims(of: compose, project: project, confs: confs, directories, to: &result)

        guard let host = party.host, let project, let compose, confs != nil else { return }
        let labels = PartyLabels(
            party: party.id, host: host, project: project, shared: federation?.labels ?? [:])
        var resources = PartyResources(party: party.id, project: project)
        let instances = party.instances
        compose.fill(
            &resources, labels: labels, declarations: blueprint.services, instances: instances)
        resources.directories = directories.map(\.spec)
        resources.files = files.specs.map { $0.naming(instances) }
        resources.jobs = blueprint.services.jobs?.resolved(maxHold: party.maxHold).naming(instances)
        resources.firstStart = firstStart
        resources.secrets = variables.secrets
        resources.variables = variables.environment
        resources.adoptsExisting = party.adoptsExisting
        resources.release = release(into: &diagnostics)
        result.resources = resources
        result.placement = compose.placement
        result.nodes = blueprint.nodes.map { NodeData(directory: $0.directory) }
    }

    /// Checks what config files and compose.yaml say together; answers how rollsite dials others.
    private func checkRendered(
        _ files: RenderedFiles, _ compose: PartyCompose?, _ tables: [RouteTable],
        into diagnostics: inout [Diagnostic]
    ) -> RollsiteSecurity.Client? {
        // A stand-in for a missing value agrees with nothing, and what could not be read is not there.
        guard let compose, variables.failed.isEmpty, !diagnostics.contains(where: { $0.severity == .error })
        else { return nil }
        for agreement in blueprint.addresses {
            agreement.check(files, compose.addresses(of: agreement.service), into: &diagnostics)
        }
        if let nodes = blueprint.nodes {
            NodeCheck(declaration: nodes, party: party, files: files, compose: compose)
                .check(into: &diagnostics)
        }
        let table = tables.first { $0.format == .rollsite && $0.role == .party }
        guard let port = table?.own?.ports["port"] else { return nil }
        return RollsiteSecurity(port: port, compose: compose).check(files, into: &diagnostics)
    }

    /// A node of the blueprint with the party's variables filled in.
    func fill(_ node: YAMLNode, _ diagnostics: inout [Diagnostic]) -> YAMLNode {
        node.substituting(variables.variables, into: &diagnostics)
    }

    private func project(into diagnostics: inout [Diagnostic]) -> String? {
        guard let template = blueprint.project else { return nil }
        let node = fill(template, &diagnostics)
        do {
            return try node.projectName()
        } catch {
            let message = "\"project\" \(error.message)"
            diagnostics.append(Diagnostic(code: error.code, at: node.location, message))
            return nil
        }
    }

    private func directory(
        _ declaration: DirectoryDeclaration, into diagnostics: inout [Diagnostic]
    ) -> (spec: DirectorySpec, location: SourceLocation)? {
        let node = fill(declaration.path, &diagnostics)
        let path = FilePath.onHost(node, "\"path\"", below: context.dataDirectory, into: &diagnostics)
        return path.map {
            (DirectorySpec(path: $0, mode: declaration.mode, owner: declaration.owner), node.location)
        }
    }

    private func addClaims(
        of compose: PartyCompose?, project: String?, confs: String?,
        _ directories: [(spec: DirectorySpec, location: SourceLocation)], to result: inout DecodedParty
    ) {
        // Without a project name, other names are not the ones that are meant.
        var wanted = (compose?.claims ?? []).filter { project != nil || !$0.subject.isName }
        let placement = compose?.placement ?? party.placement
        wanted += (compose?.devices ?? []).map { service, selection in
            let claim = DeviceClaim(selection: selection.value, shared: party.sharedDevices)
            return (.device(claim), selection.location, placement.host(of: service))
        }
        for host in placement.hosts.sorted() {
            if let project, let node = blueprint.project {
                wanted.append((.project(project), node.location, host))
            }
            if let confs, let node = blueprint.confsDirectory {
                wanted.insert((.directory(confs), node.location, host), at: 0)
            }
            wanted += directories.map { (.directory($0.spec.path), $0.location, host) }
        }
        struct Taken: Hashable {
            var subject: Claim.Subject
            var host: String?
        }
        var seen: Set<Taken> = []
        for (subject, location, host) in wanted
        where seen.insert(Taken(subject: subject, host: host)).inserted {
            let place = blame.origin(of: location, holding: subject.text) ?? location
            result.claims.append(
                Claim(subject: subject, party: party.id, host: host, location: place))
        }
    }
}
