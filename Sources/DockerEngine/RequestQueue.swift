/// Sends requests, not too many at once, and gives each exactly one result.
///
/// The engine serves each connection in a thread of its own, but its work shares a few locks and disks: more
/// than sixteen quick calls at once gain nothing. Slow calls (a stop, a pull) do not count, so that they
/// never hold up a read.
final class RequestQueue {
    private static let quickLimit = 16

    var waker: EngineWaker { transfers.waker }
    private let endpoint: DockerEndpoint
    private let transfers: TransferSet
    private var waiting: [(key: Int, request: HTTPRequest)] = []
    private var running: [Int: Transfer] = [:]
    private var failedToStart: [(key: Int, result: Result<HTTPAnswer, DockerError>)] = []

    init(endpoint: DockerEndpoint) throws(DockerError) {
        self.endpoint = endpoint
        transfers = try TransferSet(operation: "use Docker endpoint \(endpoint)")
    }

    func add(_ request: HTTPRequest, key: Int) {
        waiting.append((key, request))
        startWaiting()
    }

    /// Forgets a request; returns whether it may have reached the engine.
    func cancel(_ key: Int) -> Bool {
        if let index = waiting.firstIndex(where: { $0.key == key }) {
            waiting.remove(at: index)
            return false
        }
        guard let transfer = running.removeValue(forKey: key) else { return false }
        transfers.stop(transfer)
        startWaiting()
        return true
    }

    /// Moves requests on until something finished, somebody wakes the queue or the time is over.
    func advance(atMost limit: Duration) -> [(key: Int, result: Result<HTTPAnswer, DockerError>)] {
        var results = failedToStart
        failedToStart = []
        let expiry = running.values.map(\.expiry).min()
        let untilExpiry = expiry.map { ContinuousClock.now.duration(to: $0) } ?? limit
        let wait = results.isEmpty ? max(.zero, min(limit, untilExpiry)) : .zero
        let keys = Dictionary(uniqueKeysWithValues: running.map { (ObjectIdentifier($0.value), $0.key) })
        for (transfer, result) in transfers.advance(atMost: wait) {
            guard let key = keys[ObjectIdentifier(transfer)] else { continue }
            running[key] = nil
            results.append((key, result))
        }
        let now = ContinuousClock.now
        for (key, transfer) in running where transfer.expiry <= now {
            running[key] = nil
            transfers.stop(transfer)
            results.append((key, .failure(transfer.timeout)))
        }
        startWaiting()
        return results
    }

    private func startWaiting() {
        var quick = running.values.count { !$0.request.limits.isSlow }
        var rest: [(key: Int, request: HTTPRequest)] = []
        for (key, request) in waiting {
            guard request.limits.isSlow || quick < Self.quickLimit else {
                rest.append((key, request))
                continue
            }
            if !request.limits.isSlow { quick += 1 }
            do throws(DockerError) {
                let transfer = try Transfer(request, to: endpoint)
                running[key] = transfer
                transfers.start(transfer)
            } catch {
                failedToStart.append((key, .failure(error)))
            }
        }
        waiting = rest
    }
}
