import DesiredState
import EngineModel
import Planning

extension LiveState {
    /// The same state with its dictionaries built in another order.
    func shuffled(_ random: inout SeededRandom) -> LiveState {
        var copy = self
        copy.containers = containers.rebuilt(&random)
        copy.networks = networks.rebuilt(&random)
        copy.volumes = volumes.rebuilt(&random)
        copy.images = images.rebuilt(&random)
        copy.files = files.rebuilt(&random)
        return copy
    }
}

extension Dictionary where Key: Comparable {
    fileprivate func rebuilt(_ random: inout SeededRandom) -> Self {
        // The capacity decides the order in which a dictionary shows its entries.
        var copy = Dictionary(minimumCapacity: Int.random(in: count...4 * count + 1, using: &random))
        for (key, value) in shuffled(using: &random) { copy[key] = value }
        return copy
    }
}

extension DesiredHost {
    func shuffled(_ random: inout SeededRandom) -> DesiredHost {
        var copy = self
        copy.parties.shuffle(using: &random)
        for index in copy.parties.indices {
            copy.parties[index].services.shuffle(using: &random)
            copy.parties[index].networks.shuffle(using: &random)
            copy.parties[index].volumes.shuffle(using: &random)
            copy.parties[index].directories.shuffle(using: &random)
            copy.parties[index].files.shuffle(using: &random)
            for service in copy.parties[index].services.indices {
                copy.parties[index].services[service].dependsOn.shuffle(using: &random)
                copy.parties[index].services[service].restartsWith.shuffle(using: &random)
            }
        }
        return copy
    }
}
