internal import CGit2

extension git_oid {
    /// The id that these 40 hexadecimal digits write.
    ///
    /// - Throws: `GitError` with code `.invalid` if they are not that.
    init(commit text: String) throws(GitError) {
        self.init()
        let digits = text.utf8
        guard digits.count == 40, git_oid_fromstr(&self, text) == 0 else {
            throw GitError(
                .invalid, "read the commit id \"\(text.prefix(80))\"", "it is not 40 hexadecimal digits")
        }
    }

    /// The id in 40 lower-case digits.
    var hexadecimal: String {
        withUnsafeBytes(of: id) { bytes in
            bytes.reduce(into: "") { text, byte in
                let digits = String(byte, radix: 16)
                text += digits.count == 1 ? "0" + digits : digits
            }
        }
    }
}
