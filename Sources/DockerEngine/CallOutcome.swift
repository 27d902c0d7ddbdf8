/// A call that was submitted.
public struct CallID: Sendable, Hashable {
    let key: Int
}

/// What `DockerClient.wait` has to tell about a call.
public enum CallOutcome: Sendable {
    /// Told exactly once for each call.
    case finished(CallID, Result<EngineAnswer, DockerError>)
    /// Told any number of times before `finished`, for pulls only.
    case progress(CallID, PullProgress)
}
