/// Reads the lines that the engine writes during a pull.
///
/// A pull that breaks in the middle has status 200 too: only its last line tells.
final class PullStream {
    private static let layerLimit = 2000

    private struct Layer {
        var current: Int64 = 0
        var total: Int64 = 0
        var isDone = false
    }

    private let operation: String
    private var lines: LineSplitter
    private var layers: [String: Layer] = [:]
    private(set) var digest: String?
    private(set) var failure: DockerError?
    private var reported: PullProgress?

    init(operation: String) {
        self.operation = operation
        lines = LineSplitter(limit: 1 << 20, operation: operation)
    }

    func accept(_ bytes: UnsafeRawBufferPointer) throws(DockerError) {
        for line in try lines.split(bytes) { try read(line) }
    }

    /// Reads what came without an end of line.
    func finish() throws(DockerError) {
        if let rest = lines.takeRest() { try read(rest) }
    }

    /// The progress, if it changed since the last time this was asked.
    func takeProgress() -> PullProgress? {
        var progress = PullProgress()
        progress.layers = layers.count
        for layer in layers.values {
            progress.layersDone += layer.isDone ? 1 : 0
            progress.bytes += layer.current
            progress.totalBytes += layer.total
        }
        guard progress.layers > 0, progress != reported else { return nil }
        reported = progress
        return progress
    }

    private func read(_ bytes: [UInt8]) throws(DockerError) {
        let line: WirePullLine = try decodeJSON(bytes, operation)
        if let message = line.errorDetail?.message ?? line.error {
            failure = DockerError(.refused(status: 200), operation, message)
        }
        let status = line.status ?? ""
        if status.hasPrefix("Digest: ") { digest = String(status.dropFirst("Digest: ".count)) }
        guard let id = line.id, layers[id] != nil || layers.count < Self.layerLimit else { return }
        // The first line of a stream has the tag as its id.
        guard !status.hasPrefix("Pulling from") else { return }
        var layer = layers[id] ?? Layer()
        switch status {
        case "Downloading":
            layer.current = max(layer.current, line.progressDetail?.current ?? 0)
            layer.total = max(layer.total, line.progressDetail?.total ?? 0)
        case "Download complete": layer.current = layer.total
        case "Pull complete", "Already exists":
            layer.current = layer.total
            layer.isDone = true
        default: break
        }
        layers[id] = layer
    }
}

/// One line of the stream of a pull.
struct WirePullLine: Decodable {
    struct Detail: Decodable {
        var current: Int64?
        var total: Int64?
    }

    struct Failure: Decodable {
        var message: String?
    }

    var status: String?
    var id: String?
    var progressDetail: Detail?
    var error: String?
    var errorDetail: Failure?
}
