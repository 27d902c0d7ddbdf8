import DesiredState
import DockerEngine
import Planning

extension Reconciler {
    /// What engine and host can give to containers; `nil`, and nothing is read, when no service requests devices.
    func devices(
        for specs: [ContainerSpec], _ observed: ObservedEngine
    ) throws(DockerError) -> DeviceInventory? {
        guard specs.contains(where: { !$0.deviceRequests.isEmpty }) else { return nil }
        let host = HostDevices(engine: try docker.readDevices(), identity: observed.engine, docker.endpoint)
        var inventory = DeviceInventory(cdi: host.cdi, gpuObstacle: host.gpuObstacle, gpus: host.gpus)
        for container in observed.containers.values where container.status == .running {
            let lost = ContainerDevices().lost(by: container, inventory)
            if !lost.isEmpty { inventory.lost[container.id] = lost }
        }
        return inventory
    }
}
