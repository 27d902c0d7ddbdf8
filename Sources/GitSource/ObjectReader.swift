internal import CGit2

/// Reads objects whose size was looked at first.
extension StateRepository {
    enum ObjectKind: Int32 {
        case commit = 1
        case tree = 2
        case blob = 3
        case tag = 4
    }

    struct ObjectHeader {
        /// Nil for what git stores only inside packs.
        let kind: ObjectKind?
        let size: Int
    }

    /// The kind and size of an object; reads no more of it than that takes.
    func header(of id: [UInt8]) throws(GitError) -> ObjectHeader {
        var oid = git_oid(bytes: id)
        var size = 0
        var kind = GIT_OBJECT_INVALID
        try GitError.check("read object \(oid.hexadecimal)") {
            git_odb_read_header(&size, &kind, objects.pointer, &oid)
        }
        return ObjectHeader(kind: ObjectKind(rawValue: kind.rawValue), size: size)
    }

    /// The bytes of an object; libgit2 checks that they match the id.
    func read(_ id: [UInt8]) throws(GitError) -> [UInt8] {
        var oid = git_oid(bytes: id)
        let objects = objects.pointer
        let object = try GitHandle("read object \(oid.hexadecimal)", free: git_odb_object_free) { pointer in
            git_odb_read(&pointer, objects, &oid)
        }
        let bytes = UnsafeRawBufferPointer(
            start: git_odb_object_data(object.pointer), count: git_odb_object_size(object.pointer))
        return Array(bytes)
    }
}

extension git_oid {
    /// The id of these 20 bytes.
    init(bytes: [UInt8]) {
        precondition(bytes.count == 20, "an object id has 20 bytes")
        self.init()
        withUnsafeMutableBytes(of: &id) { $0.copyBytes(from: bytes) }
    }

    var bytes: [UInt8] { withUnsafeBytes(of: id) { Array($0) } }
}
