import Glibc
import Planning

/// Values of `type: secret`, read from a directory that only root can read.
///
/// `NAME` holds a secret of every party, `PARTY/NAME` or `PARTY_NAME` that of one; one line break at the
/// end is not part of it. systemd credentials are such a directory, flat, hence the second form.
enum SecretFiles {
    static func read(_ directory: String?) throws(HostFileError) -> [String: String] {
        guard let directory else { return [:] }
        var status = stat()
        guard stat(directory, &status) == 0 else { throw HostFileError("read the secrets in \(directory)") }
        guard status.st_mode & 0o077 == 0 else {
            throw HostFileError(
                "read the secrets in \(directory)",
                reason: "others can read it; run: chmod 700 \(directory)")
        }
        var values: [String: String] = [:]
        for name in try HostFiles.names(in: directory) {
            let path = "\(directory)/\(name)"
            switch try HostFiles.read(path) {
            case .file(let content, _, _): values[name] = text(content)
            case .directory:
                for inner in try HostFiles.names(in: path) {
                    if case .file(let content, _, _)? = try HostFiles.read("\(path)/\(inner)") {
                        values["\(name)/\(inner)"] = text(content)
                    }
                }
            case .other, nil: continue
            }
        }
        return values
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.last == 0x0A ? bytes.dropLast() : bytes[...], as: UTF8.self)
    }
}
