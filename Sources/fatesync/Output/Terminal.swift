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
        fputs(text + "\n", stderr)
    }

    /// Writes text to standard output.
    ///
    /// A closed pipe ends the program, as it ends every filter.
    static func say(_ text: String) {
        fputs(text + "\n", stdout)
    }

    private static func isSet(_ name: String) -> Bool {
        getenv(name).map { $0.pointee != 0 } ?? false
    }

    private static var isDumb: Bool {
        getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? false
    }
}
