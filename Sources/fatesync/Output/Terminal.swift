import Glibc

/// Where text goes and whether it may have colours.
struct Terminal: Sendable {
    /// Whether results may have colours.
    let coloursResults: Bool
    /// Whether standard error is a terminal on which a line can be redrawn.
    let redrawsProgress: Bool
    private let coloursProgress: Bool

    init(_ options: OutputOptions) {
        let plain = options.noColor || Self.isSet("NO_COLOR") || Self.isDumb
        coloursResults = !plain && isatty(STDOUT_FILENO) == 1
        coloursProgress = !plain && isatty(STDERR_FILENO) == 1
        redrawsProgress = isatty(STDERR_FILENO) == 1 && !Self.isDumb && !options.quiet && !options.isJSON
    }

    enum Style: String {
        case bold = "1"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
        case faint = "2"
    }

    /// Text for standard output.
    func styled(_ text: String, _ style: Style) -> String {
        coloursResults ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Text for standard error.
    func styledProgress(_ text: String, _ style: Style) -> String {
        coloursProgress ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Writes a line to standard error.
    static func complain(_ text: String) {
        write(text + "\n", to: STDERR_FILENO)
    }

    /// Writes text to standard output.
    ///
    /// A closed pipe ends the program, as it ends every filter.
    static func say(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// Writes all of the text at once; what cannot be written has no reader.
    static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private static func isSet(_ name: String) -> Bool {
        getenv(name).map { $0.pointee != 0 } ?? false
    }

    private static var isDumb: Bool {
        getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? false
    }
}
