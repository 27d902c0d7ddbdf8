/// A place in a file of the state repository.
public struct SourceLocation: Sendable, Hashable, Codable {
    /// Path below the root of the state repository.
    public let file: String
    /// Line and column, counted from 1.
    public let line: Int
    public let column: Int

    public init(file: String, line: Int = 1, column: Int = 1) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourceLocation: Comparable, CustomStringConvertible {
    public static func < (left: Self, right: Self) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }

    public var description: String { "\(file):\(line):\(column)" }
}

/// A mistake in the desired state: collected, never thrown, so that all are shown at once.
public struct Diagnostic: Sendable, Hashable, Codable {
    /// An error keeps the parties it affects at their last good revision; a warning only speaks.
    public enum Severity: String, Sendable, Codable {
        case error, warning
    }

    public let severity: Severity
    /// A stable code such as `E-KEY`.
    public let code: String
    public let location: SourceLocation
    /// What is wrong and what to write instead, on one line, with control characters escaped.
    public let message: String

    public init(
        _ severity: Severity = .error, code: String, at location: SourceLocation, _ message: String
    ) {
        self.severity = severity
        self.code = code
        self.location = location
        self.message = message.escapingControls
    }
}

extension Diagnostic: Comparable, CustomStringConvertible {
    public static func < (left: Self, right: Self) -> Bool {
        (left.location, left.code, left.message) < (right.location, right.code, right.message)
    }

    /// `file:line:column: error E-KEY: message`, the form that editors jump to.
    public var description: String {
        "\(location.file.escapingControls):\(location.line):\(location.column): "
            + "\(severity.rawValue) \(code): \(message)"
    }
}

extension String {
    /// The text with control, bidirectional and line-separator characters written as `\u{...}` escapes,
    /// so that bytes from git cannot act on a terminal.
    public var escapingControls: String {
        guard unicodeScalars.contains(where: \.isUnsafeToPrint) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            if scalar.isUnsafeToPrint {
                let digits = String(scalar.value, radix: 16)
                let padding = String(repeating: "0", count: max(0, 4 - digits.count))
                result += "\\u" + padding + digits
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Whether the scalar can move a cursor, hide text or reorder it.
    public var isUnsafeToPrint: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
