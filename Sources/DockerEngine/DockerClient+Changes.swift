import Planning

extension DockerClient {
    /// Every path that differs from the image in these containers, by full id.
    ///
    /// The engine walks the writable layer for it, which takes a while where much was written; so it is asked only
    /// when the answer matters. A container that is gone has none.
    public func readChanges(of containers: Set<String>) throws(DockerError) -> [String: [String]] {
        let version = try negotiated().apiVersion
        defer { abandonReads() }
        var pending: [Int: String] = [:]
        for id in containers.sorted() {
            let path = "/v\(version)/containers/\(id)/changes"
            pending[startRead(path: path, Self.operation(id))] = id
        }
        var result: [String: [String]] = [:]
        while let (key, answer) = try takeRead() {
            guard let id = pending[key] else { continue }
            if answer.status == 404 {
                result[id] = []
                continue
            }
            guard answer.status == 200 else { throw answer.refusal(Self.operation(id)) }
            let changes: [WireChange]? = try decodeJSON(answer.body, Self.operation(id))
            result[id] = (changes ?? []).map(\.path)
        }
        return result
    }

    private static func operation(_ id: String) -> String { "list changes of container \(id.shortID)" }
}
