/// A version of the Engine API, such as 1.41.
struct APIVersion: Comparable, CustomStringConvertible {
    /// Docker 20.10; older engines are refused.
    static let oldest = APIVersion(major: 1, minor: 41)
    /// Docker 28.5; newer engines are spoken to in this version.
    static let newest = APIVersion(major: 1, minor: 51)

    let major: Int
    let minor: Int

    init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    init?(parsing text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]) else { return nil }
        self.init(major: major, minor: minor)
    }

    var description: String { "\(major).\(minor)" }

    static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
