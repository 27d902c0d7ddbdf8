import Glibc

/// The names of this host's users.
public enum UserName {
    /// The user's name; the number where the system knows none.
    public static func of(_ uid: UInt32) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        guard getpwuid_r(uid, &entry, &buffer, buffer.count, &found) == 0, found != nil,
            let name = entry.pw_name
        else { return "\(uid)" }
        return String(cString: name)
    }
}
