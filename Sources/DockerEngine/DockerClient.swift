public import Planning

/// A connection to one engine, used from one thread.
///
/// Calls are submitted, go out together and are waited for together. Reads of a whole snapshot and the
/// negotiation block. Between calls nothing happens in the background: time passes only inside `wait`,
/// `observe` and `connect`.
public final class DockerClient {
    public let endpoint: DockerEndpoint
    /// Interrupts `wait` from any thread.
    public var waker: EngineWaker { queue.waker }
    /// Which engine answered last; `nil` before the first `connect`.
    public private(set) var engine: EngineIdentity?

    let deadline: Duration
    let queue: RequestQueue
    /// Names and ids, for reading single containers later.
    var overlayNetworks: Set<String> = []
    /// Answers of the last snapshot; of those to come, most are the same.
    var decoded = DecodedAnswers()
    private var lastKey = 0
    private var mustNegotiate = true
    private var calls: [Int: (call: EngineCall, pull: PullStream?)] = [:]
    private var outcomes: [CallOutcome] = []
    private var reads: [Int: Result<HTTPAnswer, DockerError>?] = [:]

    /// Prepares a client; nothing is sent yet.
    ///
    /// `deadline` is what one quick call may take.
    public init(endpoint: DockerEndpoint, deadline: Duration = .seconds(60)) throws(DockerError) {
        self.endpoint = endpoint
        self.deadline = deadline
        queue = try RequestQueue(endpoint: endpoint)
    }

    /// Asks the engine who it is and agrees on a version of its API.
    @discardableResult
    public func connect() throws(DockerError) -> EngineIdentity {
        let operation = "reach Docker at \(endpoint)"
        let key = startRead(path: "/_ping", operation)
        let answer = try finishRead(key)
        guard answer.status == 200 else { throw answer.refusal(operation) }
        guard let offered = answer.apiVersion.flatMap({ APIVersion(parsing: $0) }) else {
            throw DockerError(
                .undecodable, operation, "the answer has no Api-Version, so it is not from an engine")
        }
        guard offered >= .oldest else {
            throw DockerError(
                .undecodable, operation,
                "it speaks API \(offered); fatesync needs \(APIVersion.oldest) (Docker 20.10) or newer"
            )
        }
        let identity = EngineIdentity(
            version: answer.engineVersion, apiVersion: min(offered, .newest).description)
        engine = identity
        mustNegotiate = false
        return identity
    }

    /// The identity that was agreed, agreed anew after the engine went away.
    func negotiated() throws(DockerError) -> EngineIdentity {
        if let engine, !mustNegotiate { engine } else { try connect() }
    }

    /// Makes the next snapshot negotiate first.
    func forgetNegotiation() { mustNegotiate = true }
}

extension DockerClient {
    /// Sends a call, or queues it behind others; `wait` gives its one final outcome.
    ///
    /// Before the first `connect` the call speaks the oldest version of the API.
    public func submit(_ call: EngineCall) -> CallID {
        lastKey += 1
        let id = CallID(key: lastKey)
        if let objection = call.objection {
            outcomes.append(.finished(id, .failure(objection)))
            return id
        }
        let request = call.request(apiVersion: engine?.apiVersion ?? APIVersion.oldest.description)
        var pull: PullStream?
        var consumer: ((UnsafeRawBufferPointer) throws(DockerError) -> Void)?
        if case .pullImage = call {
            let stream = PullStream(operation: call.operation)
            pull = stream
            consumer = { (bytes) throws(DockerError) in try stream.accept(bytes) }
        }
        calls[id.key] = (call, pull)
        queue.add(
            HTTPRequest(
                operation: call.operation, method: request.method, path: request.path, body: request.body,
                headers: call.headers, limits: call.limits(base: deadline), consumer: consumer),
            key: id.key)
        return id
    }

    /// Drives all calls until there is something to tell, somebody wakes the client, or the time is over.
    public func wait(atMost limit: Duration) -> [CallOutcome] {
        let end = ContinuousClock.now + limit
        collect(queue.advance(atMost: .zero))
        while outcomes.isEmpty, !waker.takeWake() {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { break }
            collect(queue.advance(atMost: left))
        }
        defer { outcomes = [] }
        return outcomes
    }

    /// Gives a call up; its outcome is an error with the code `.cancelled`.
    ///
    /// The engine may carry on with what it has begun.
    public func cancel(_ id: CallID) {
        guard let (call, _) = calls.removeValue(forKey: id.key) else { return }
        let wasSent = queue.cancel(id.key)
        let error = DockerError(
            .cancelled, call.operation, "cancelled", outcomeIsUnknown: wasSent && call.isMutation)
        outcomes.append(.finished(id, .failure(error)))
    }

    private func collect(_ results: [(key: Int, result: Result<HTTPAnswer, DockerError>)]) {
        for (id, entry) in calls {
            if let progress = entry.pull?.takeProgress() {
                outcomes.append(.progress(CallID(key: id), progress))
            }
        }
        for (key, result) in results {
            if case .failure(let error) = result, error.code == .unreachable { mustNegotiate = true }
            if let (call, pull) = calls.removeValue(forKey: key) {
                outcomes.append(.finished(CallID(key: key), answer(to: call, pull, result)))
            } else if reads[key] != nil {
                reads[key] = .some(result)
            }
        }
    }

    private func answer(
        to call: EngineCall, _ pull: PullStream?, _ result: Result<HTTPAnswer, DockerError>
    ) -> Result<EngineAnswer, DockerError> {
        do throws(DockerError) {
            let answer = try call.answer(from: try result.get(), overlayNetworks: overlayNetworks)
            guard let pull else { return .success(answer) }
            try pull.finish()
            if let failure = pull.failure { throw failure }
            return .success(.pulled(digest: pull.digest))
        } catch {
            return .failure(error)
        }
    }
}

extension DockerClient {
    /// Sends a read whose answer `finishRead` or `takeRead` gives.
    func startRead(path: String, _ operation: String) -> Int {
        lastKey += 1
        reads[lastKey] = .some(nil)
        queue.add(
            HTTPRequest(
                operation: operation, method: "GET", path: path, limits: RequestLimits(deadline: deadline)),
            key: lastKey)
        return lastKey
    }

    /// Waits until one of the reads has its answer, and takes that.
    ///
    /// Calls that finish meanwhile keep their outcome for `wait`.
    func takeRead() throws(DockerError) -> (key: Int, answer: HTTPAnswer)? {
        while !reads.isEmpty {
            for (key, result) in reads {
                guard let result else { continue }
                reads[key] = nil
                return (key, try result.get())
            }
            if waker.readsAreCancelled {
                throw DockerError(.cancelled, "read from Docker at \(endpoint)", "fatesync is stopping")
            }
            collect(queue.advance(atMost: .seconds(60)))
        }
        return nil
    }

    /// Forgets all reads, on the way out of a snapshot that cannot be had.
    func abandonReads() {
        for key in reads.keys { _ = queue.cancel(key) }
        reads = [:]
    }

    private func finishRead(_ key: Int) throws(DockerError) -> HTTPAnswer {
        defer { abandonReads() }
        guard let (_, answer) = try takeRead() else { preconditionFailure("read \(key) was started") }
        return answer
    }
}

extension HTTPAnswer {
    /// The version in a `Server` header such as `Docker/20.10.24 (linux)`.
    var engineVersion: String {
        let product = (server ?? "").prefix { $0 != " " }
        return product.split(separator: "/").last.map(String.init) ?? ""
    }
}
