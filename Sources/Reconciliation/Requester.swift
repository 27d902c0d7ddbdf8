import FoundationEssentials
import Glibc

/// The person behind a command, as the kernel knows them.
public struct Requester: Codable, Sendable, Equatable {
    public var uid: UInt32
    /// The process that ran the command.
    public var pid: Int32
    public var user: String
    /// Who logged in, where that is somebody else than `user`, as behind `sudo`; the kernel keeps it for the session.
    public var login: String?

    /// The user who runs this process.
    public static func current() -> Requester {
        let uid = getuid()
        let login = loginUID().flatMap { $0 == uid ? nil : UserName.of($0) }
        return Requester(uid: uid, pid: getpid(), user: UserName.of(uid), login: login)
    }

    /// For sentences: the login name where there is one.
    public var name: String { login.map { "\($0) as \(user)" } ?? user }

    /// `nil` outside a login session, and where the kernel keeps no such thing.
    private static func loginUID() -> UInt32? {
        guard let data = try? Data(contentsOf: URL(filePath: "/proc/self/loginuid")) else { return nil }
        let digits = String(decoding: data, as: UTF8.self).prefix { $0.isNumber }
        return UInt32(digits).flatMap { $0 == UInt32.max ? nil : $0 }
    }
}
