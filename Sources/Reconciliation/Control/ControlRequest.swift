import DesiredState

/// What a client of the control socket asks for: one line of JSON, the first and only one that it sends.
///
/// `{"version":1,"command":"wait","arguments":{"revision":"4f2c1a9be001"}}`
public struct ControlRequest: Codable, Sendable, Equatable {
    /// The version of the protocol that this program speaks.
    public static let currentVersion = 1

    public var version = Self.currentVersion
    /// A command's name, such as `sync`.
    public var command: String
    /// What the command is told, by name.
    public var arguments: [String: String]?

    public init(_ command: String, _ arguments: [String: String]? = nil) {
        self.command = command
        self.arguments = arguments
    }
}

/// A request that the watcher understands.
public enum ControlCommand: Sendable, Equatable {
    /// A pass, because a person wants one.
    case sync
    /// A pass, because the branch was pushed to; the commit is the one that it ended at.
    case push(revision: String)
    /// Passes, until this host has come to the commit or says why it does not; 7 to 40 hexadecimal digits.
    case wait(revision: String)

    /// Reads a request.
    ///
    /// - Throws: `ControlRefusal` with what is wrong with it.
    init(_ request: ControlRequest) throws(ControlRefusal) {
        guard request.version == ControlRequest.currentVersion else {
            throw ControlRefusal(
                "this watcher speaks version \(ControlRequest.currentVersion) of the protocol, and the request "
                    + "is of version \(request.version); use the same fatesync on both sides")
        }
        switch request.command {
        case "sync": self = .sync
        case "push": self = .push(revision: try Self.revision(of: request))
        case "wait": self = .wait(revision: try Self.revision(of: request))
        default:
            throw ControlRefusal(
                "this watcher does not know the command '\(String(request.command.prefix(40)).escapingControls)'; it "
                    + "knows push, sync and wait")
        }
    }

    private static func revision(of request: ControlRequest) throws(ControlRefusal) -> String {
        guard let text = request.arguments?["revision"], isRevision(text) else {
            throw ControlRefusal("\(request.command) needs a revision of 7 to 40 hexadecimal digits")
        }
        return text
    }

    /// Whether the text can name a commit: 7 to 40 lower-case hexadecimal digits.
    public static func isRevision(_ text: String) -> Bool {
        7...40 ~= text.utf8.count
            && text.utf8.allSatisfy {
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
            }
    }

    var name: String {
        switch self {
        case .sync: "sync"
        case .push: "push"
        case .wait: "wait"
        }
    }

    /// The commit that the client wants to hear about.
    var revision: String? {
        switch self {
        case .sync: nil
        case .push(let revision), .wait(let revision): revision
        }
    }

    var trigger: Trigger {
        switch self {
        case .push: .push
        case .sync, .wait: .command
        }
    }
}

/// A request that was accepted, and who made it.
struct ControlCall: Sendable {
    /// Names the connection while it lasts.
    var connection: Int
    var command: ControlCommand
    var peer: ControlPeer
}

/// Who is at the other end of a connection, as the kernel says.
struct ControlPeer: Sendable, Equatable {
    var process: Int32
    var uid: UInt32
    /// The user's name; the number where the system knows none.
    var user: String
}

/// Why a request is not carried out.
struct ControlRefusal: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
