/// An object of libgit2, freed once, when its one owner lets go of it.
///
/// libgit2 lets an object move between threads, but not be used by two at once. So a handle is neither
/// `Copyable` nor `Sendable`, and never leaves this module.
struct GitHandle: ~Copyable {
    let pointer: OpaquePointer
    private let free: (OpaquePointer?) -> Void

    /// Makes the object with `open`, which returns libgit2's result and must set the pointer if that is 0.
    init(
        _ operation: @autoclosure () -> String, free: @escaping (OpaquePointer?) -> Void,
        _ open: (inout OpaquePointer?) -> Int32
    ) throws(GitError) {
        var opened: OpaquePointer?
        try GitError.check(operation()) { open(&opened) }
        guard let opened else { preconditionFailure("libgit2 reported success and gave no object") }
        pointer = opened
        self.free = free
    }

    deinit { free(pointer) }
}
