/// How far the pull of an image is.
public struct PullProgress: Sendable, Equatable {
    /// Layers that the image has, as far as the engine has named them.
    public var layers = 0
    public var layersDone = 0
    /// Bytes received of the layers that are being downloaded or were.
    public var bytes: Int64 = 0
    /// Bytes of those layers in all.
    public var totalBytes: Int64 = 0
}
