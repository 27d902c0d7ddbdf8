import CCurl

/// The exchanges that are on their way, all driven by one thread through one multi handle.
final class TransferSet {
    let waker: EngineWaker
    private let multi: UnsafeMutableRawPointer
    private var running: [UnsafeMutableRawPointer: Transfer] = [:]

    init(operation: String) throws(DockerError) {
        guard let multi = curl_multi_init() else {
            throw DockerError(.unreachable, operation, "libcurl cannot start")
        }
        self.multi = multi
        waker = EngineWaker(multi)
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 16)
    }

    deinit {
        waker.detach()
        for easy in running.keys { curl_multi_remove_handle(multi, easy) }
        curl_multi_cleanup(multi)
    }

    func start(_ transfer: Transfer) {
        running[transfer.easy] = transfer
        let code = curl_multi_add_handle(multi, transfer.easy)
        precondition(code == CURLM_OK, "curl_multi_add_handle takes a fresh handle")
    }

    /// Lets go of an exchange and closes its connection; the engine may carry on with the call.
    func stop(_ transfer: Transfer) {
        guard running.removeValue(forKey: transfer.easy) != nil else { return }
        curl_multi_remove_handle(multi, transfer.easy)
    }

    /// Moves all exchanges on, and waits once for the network, a wake-up or the time limit.
    func advance(atMost limit: Duration) -> [(Transfer, Result<HTTPAnswer, DockerError>)] {
        var stillRunning: Int32 = 0
        curl_multi_perform(multi, &stillRunning)
        let early = takeFinished()
        guard early.isEmpty, limit > .zero else { return early }
        // Rounded up: a wait of 0 ms for a rest of 0.4 ms would spin.
        let milliseconds = limit / .milliseconds(1)
        curl_multi_poll(multi, nil, 0, Int32(min(milliseconds.rounded(.up), 600_000)), nil)
        curl_multi_perform(multi, &stillRunning)
        return takeFinished()
    }

    private func takeFinished() -> [(Transfer, Result<HTTPAnswer, DockerError>)] {
        var finished: [(Transfer, Result<HTTPAnswer, DockerError>)] = []
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else {
                continue
            }
            // The message is gone once the handle is removed.
            let code = message.pointee.data.result
            guard let transfer = running[easy] else { continue }
            finished.append((transfer, transfer.result(of: code)))
            stop(transfer)
        }
        return finished
    }
}
