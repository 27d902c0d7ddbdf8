import DesiredState
import DockerEngine
import Planning

/// Reads what runs on an engine, and the config files that its containers mount from this host.
enum LiveReader {
    static func read(_ endpoint: DockerEndpoint) throws -> LiveDeployment {
        let observed = try DockerClient(endpoint: endpoint).observeEverything()
        let containers = observed.containers.values.filter { $0.status != .removing && $0.status != .dead }
        var live = LiveDeployment(
            containers: containers.map { container in
                LiveDeployment.Container(
                    id: container.id, spec: container.spec,
                    image: observed.images[container.imageID].map(LiveDeployment.ImageDefaults.init))
            }, networks: observed.networks.values.map(\.spec), volumes: observed.volumes.values.map(\.spec))
        live.networks.sort { $0.name < $1.name }
        live.volumes.sort { $0.name < $1.name }
        for directory in live.confsDirectories.sorted() {
            let (files, findings) = ImportFolderReader.confs(directory)
            live.confs[directory] = files
            live.findings += findings
        }
        return live
    }
}

extension LiveDeployment.ImageDefaults {
    fileprivate init(_ image: LiveImage) {
        self.init()
        command = image.command
        entrypoint = image.entrypoint
        environment = image.environment
        labels = image.labels
        exposedPorts = image.exposedPorts
        volumes = image.volumes
        user = image.user
        workingDirectory = image.workingDirectory
        stopSignal = image.stopSignal
        healthcheck = image.healthcheck
    }
}
