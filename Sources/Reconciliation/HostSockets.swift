import DesiredState
import Glibc
import Planning

/// What the kernel tells of an engine's network namespace: routes, and who listens.
///
/// Everything may be unknown, as with an engine on another host; then nothing is said against a plan.
struct HostSockets {
    /// The engine's process.
    private let pid: Int32

    /// `nil` when the engine is not a process of this host that can be found.
    init?(engineAt socket: String?) {
        guard let engine = socket.flatMap({ EngineProcess(listeningAt: $0) }) else { return nil }
        pid = engine.pid
    }

    /// The routes of the engine's host but for the default route.
    var routes: [HostRoute] { Self.routes(ProcessFiles.text("/proc/\(pid)/net/route") ?? "") }

    /// Reads `/proc/net/route`, whose numbers are hexadecimal in the machine's order of bytes.
    static func routes(_ text: String) -> [HostRoute] {
        text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
            guard fields.count > 7, let destination = UInt32(fields[1], radix: 16)?.byteSwapped,
                let mask = UInt32(fields[7], radix: 16)?.byteSwapped, mask != 0
            else { return nil }
            return HostRoute(
                subnet: "\(address(destination))/\(mask.nonzeroBitCount)", interface: String(fields[0]))
        }
    }

    /// Who listens at one of the ports; each of them is looked for in all processes, so few should be asked for.
    func listeners(at ports: Set<Int>) -> [HostListener] {
        guard !ports.isEmpty else { return [] }
        let found = ["tcp", "tcp6", "udp", "udp6"].flatMap { proto in
            Self.listening(ProcessFiles.text("/proc/\(pid)/net/\(proto)") ?? "", proto)
        }.filter { ports.contains($0.port) }
        guard !found.isEmpty else { return [] }
        let owners = Self.processes(of: Set(found.map(\.inode)))
        return found.compactMap { socket in
            let owner = owners[socket.inode]
            // It is the engine's, on behalf of a container.
            if owner?.name == "docker-proxy" { return nil }
            return HostListener(
                address: socket.address, port: socket.port, proto: socket.proto,
                process: owner.map { "process \($0.pid) (\($0.name))" } ?? "a process of the host")
        }
    }

    struct Listening: Equatable {
        var address: String
        var port: Int
        var proto: String
        var inode: String
    }

    /// Reads `/proc/net/tcp` and its likes: the sockets that wait for others.
    static func listening(_ text: String, _ proto: String) -> [Listening] {
        // Of the states of TCP this is LISTEN; a UDP socket without a peer is always in the other one.
        let state = proto.hasPrefix("tcp") ? "0A" : "07"
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[3] == state else { return nil }
            let place = fields[1].split(separator: ":")
            guard place.count == 2, let port = Int(place[1], radix: 16) else { return nil }
            let address: String
            if place[0].count == 8, let number = UInt32(place[0], radix: 16)?.byteSwapped {
                address = Self.address(number)
            } else if place[0].allSatisfy({ $0 == "0" }) {
                address = "::"
            } else {
                // Another IPv6 address keeps no port of IPv4 from anybody.
                return nil
            }
            return Listening(
                address: address, port: port, proto: String(proto.prefix(3)), inode: String(fields[9]))
        }
    }

    private static func address(_ number: UInt32) -> String {
        [24, 16, 8, 0].map { "\(number >> $0 & 0xFF)" }.joined(separator: ".")
    }

    /// The processes that have these sockets open, by inode.
    private static func processes(of inodes: Set<String>) -> [String: (pid: Int32, name: String)] {
        let wanted = Dictionary(inodes.map { ("socket:[\($0)]", $0) }) { first, _ in first }
        var result: [String: (pid: Int32, name: String)] = [:]
        // A process that has just ended has no sockets any more.
        for pid in ((try? HostFiles.names(in: "/proc")) ?? []).compactMap({ Int32($0) }) {
            for descriptor in (try? HostFiles.names(in: "/proc/\(pid)/fd")) ?? [] {
                var buffer = [CChar](repeating: 0, count: 64)
                let count = readlink("/proc/\(pid)/fd/\(descriptor)", &buffer, 63)
                guard count > 0 else { continue }
                let link = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
                guard let inode = wanted[link] else { continue }
                let name = (ProcessFiles.text("/proc/\(pid)/comm") ?? "?").filter { $0 != "\n" }
                result[inode] = (pid, name)
            }
            if result.count == inodes.count { break }
        }
        return result
    }
}

extension LiveState {
    /// Adds what only the host knows and checks before a change need.
    mutating func addHost(of desired: DesiredHost, engineAt socket: String?) throws(HostFileError) {
        for party in desired.parties {
            for directory in party.directories where directory.owner != nil {
                owners[directory.path] = HostFiles.owner(of: directory.path)
            }
        }
        let first = desired.parties.flatMap(\.firstStart).map(\.directory)
        for path in Set(first).union(nodeDirectories(of: desired)) {
            guard try HostFiles.read(path) == .directory else { continue }
            if try !HostFiles.names(in: path).isEmpty { filledDirectories.insert(path) }
        }
        let published = Set(publishedPorts.map(\.port))
        let wanted = desired.parties.flatMap(\.services).flatMap(\.container.ports).map(\.hostPort)
        let ports = Set(wanted).subtracting(published).subtracting([0])
        let subnets = Set(networks.values.flatMap(\.spec.pools).map(\.subnet))
        let isNew = desired.parties.flatMap(\.networks).flatMap(\.pools).contains {
            !subnets.contains($0.subnet)
        }
        // Mostly everything is there already, and then nothing is looked for.
        guard isNew || !ports.isEmpty, let sockets = HostSockets(engineAt: socket) else { return }
        routes = sockets.routes
        listeners = sockets.listeners(at: ports)
    }
}

extension LiveState {
    /// Directories of nodes that run here and are not desired here any more.
    private func nodeDirectories(of desired: DesiredHost) -> Set<String> {
        let wanted = Set(desired.parties.flatMap(\.services).map(\.container.name))
        let going = containers.values.filter {
            $0.spec.labels[Labels.host] == desired.host && !wanted.contains($0.spec.name)
        }
        return Set(
            going.compactMap { container in
                guard let node = container.spec.labels[Labels.party].flatMap({ desired.nodes[$0] }) else {
                    return nil
                }
                return container.spec.mounts.first { $0.target == node.directory }?.hostPath(volumes)
            })
    }
}
