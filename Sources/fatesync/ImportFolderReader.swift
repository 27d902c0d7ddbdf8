import DesiredState
import Glibc

/// Reads what an import looks at below a folder, and lists what it does not read.
///
/// Data of the parties is never touched, symbolic links are not followed, and nothing is executed.
struct ImportFolderReader {
    /// Config files are small; a larger file would not fit into a state repository either.
    private static let sizeLimit = 256 << 10
    private static let countLimit = 5000
    private static let depthLimit = 8

    private var files: [String: [UInt8]] = [:]
    private var findings: [ImportFinding] = []

    static func read(_ path: String) throws(SettingsError) -> ImportFolder {
        guard let root = realpath(path, nil) else {
            throw SettingsError("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { free(root) }
        let folder = String(cString: root)
        var reader = Self()
        let (parent, name) = split(folder)
        if isParty(name), access("\(folder)/confs", F_OK) == 0 {
            // One party of a folder.
            reader.readFile("parties.conf", below: parent)
            reader.readProject(name, below: parent)
            return ImportFolder(
                path: parent, tree: SourceTree(files: reader.files), findings: reader.findings)
        }
        reader.readFile("parties.conf", below: folder)
        var base = folder
        var projects = try entries(of: folder).filter(isProject)
        if !projects.contains(where: isParty), let packed = try? entries(of: folder + "/outputs") {
            base = folder + "/outputs"
            projects = packed.filter(isProject)
        }
        for project in projects.sorted() { reader.readProject(project, below: base) }
        return ImportFolder(path: base, tree: SourceTree(files: reader.files), findings: reader.findings)
    }

    /// The files below a directory `confs` of this host, by their path there.
    static func confs(_ directory: String) -> (files: [String: [UInt8]], findings: [ImportFinding]) {
        var reader = Self()
        let (parent, name) = split(directory)
        reader.readFolder(name, below: parent, depth: 0)
        let files = Dictionary(
            uniqueKeysWithValues: reader.files.map { (String($0.key.dropFirst(name.count + 1)), $0.value) })
        let findings = reader.findings.map { finding in
            let place = SourceLocation(file: "\(parent)/\(finding.location.file)")
            return ImportFinding(finding.kind, at: place, finding.message)
        }
        return (files, findings)
    }

    private static func isParty(_ name: String) -> Bool {
        name.hasPrefix("confs-") && name.utf8.count > 6 && name.dropFirst(6).allSatisfy(\.isNumber)
    }

    private static func isProject(_ name: String) -> Bool {
        (name.hasPrefix("confs-") || name.hasPrefix("serving-")) && !name.hasSuffix(".tar")
    }

    private static func split(_ path: String) -> (parent: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("/", path) }
        let parent = String(path[..<slash])
        return (parent.isEmpty ? "/" : parent, String(path[path.index(after: slash)...]))
    }

    private mutating func readProject(_ name: String, below base: String) {
        let names: [String]
        do throws(SettingsError) {
            names = try Self.entries(of: "\(base)/\(name)").sorted()
        } catch {
            return leaveOut(name, error.description)
        }
        for entry in names {
            switch entry {
            case ".env", "docker-compose.yml", "docker-compose.yaml", "compose.yaml", "compose.yml":
                readFile("\(name)/\(entry)", below: base)
            case "confs": readFolder("\(name)/confs", below: base, depth: 0)
            // The data of MySQL, of the nodemanager, of jobs.
            case "shared_dir": break
            default:
                leaveOut("\(name)/\(entry)", "nothing of KubeFATE's has this name here; it is not read")
            }
        }
    }

    private mutating func readFolder(_ path: String, below base: String, depth: Int) {
        guard depth <= Self.depthLimit else {
            return leaveOut(path, "more than \(Self.depthLimit) folders deep")
        }
        let names: [String]
        do throws(SettingsError) {
            names = try Self.entries(of: "\(base)/\(path)").sorted()
        } catch {
            return leaveOut(path, error.description)
        }
        for name in names {
            let below = "\(path)/\(name)"
            var status = stat()
            if name.hasPrefix(".")
                || name.unicodeScalars.contains(where: { $0.isUnsafeToPrint || $0 == "\u{FFFD}" })
            {
                leaveOut(below, "a file of this name does not belong into a state repository")
            } else if lstat("\(base)/\(below)", &status) != 0 {
                leaveOut(below, "cannot be read: \(String(cString: strerror(errno)))")
            } else if status.st_mode & S_IFMT == S_IFDIR {
                readFolder(below, below: base, depth: depth + 1)
            } else {
                readFile(below, below: base)
            }
        }
    }

    /// Reads a regular file; one that is not there is none.
    private mutating func readFile(_ path: String, below base: String) {
        var status = stat()
        guard lstat("\(base)/\(path)", &status) == 0 else { return }
        switch status.st_mode & S_IFMT {
        case S_IFREG where status.st_size > Self.sizeLimit:
            leaveOut(path, "the file has \(status.st_size) bytes, at most \(Self.sizeLimit) are read")
        case S_IFREG where files.count >= Self.countLimit:
            leaveOut(path, "more than \(Self.countLimit) files")
        case S_IFREG:
            if let bytes = LocalFiles.read("\(base)/\(path)") {
                files[path] = bytes
                if path.contains("/confs/") || path.hasPrefix("confs/") { checkMode(status.st_mode, path) }
            } else {
                leaveOut(path, "cannot be read: \(String(cString: strerror(errno)))")
            }
        case S_IFLNK: leaveOut(path, "a symbolic link, which is not followed")
        default: leaveOut(path, "not a regular file")
        }
    }

    /// fatesync gives every config file the same permissions, and whoever reads one that changes is restarted.
    private mutating func checkMode(_ mode: mode_t, _ path: String) {
        guard mode & 0o7777 != 0o644 else { return }
        let message =
            "its permissions are \(String(mode & 0o7777, radix: 8)) and become 644; set them before the first "
            + "sync, which else restarts its readers"
        findings.append(ImportFinding(.changed, at: SourceLocation(file: path), message))
    }

    private mutating func leaveOut(_ path: String, _ message: String) {
        findings.append(ImportFinding(.leftOut, at: SourceLocation(file: path), message))
    }

    private static func entries(of directory: String) throws(SettingsError) -> [String] {
        guard let stream = opendir(directory) else {
            throw SettingsError("cannot read \(directory): \(String(cString: strerror(errno)))")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
