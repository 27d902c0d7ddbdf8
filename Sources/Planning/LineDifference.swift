import DesiredState

/// The lines in which two texts differ, as fields of a plan.
enum LineDifference {
    /// At most this many changed lines are shown; the rest is counted.
    private static let limit = 8

    static func changes(from old: [UInt8], to new: [UInt8], masking mask: SecretMask) -> [FieldChange] {
        let oldLines = lines(of: old)
        let newLines = lines(of: new)
        let removed = oldLines.removing(newLines)
        let added = newLines.removing(oldLines)
        let count = max(removed.count, added.count)
        // Masked before it is cut, so that no half of a secret is left.
        let shown = { (lines: [String], index: Int) in
            guard index < lines.count else { return "-" }
            return mask.hides(lines[index]) ? SecretMask.text : lines[index].shortened
        }
        var changes = (0..<min(count, limit)).map { index in
            FieldChange("line", shown(removed, index), shown(added, index))
        }
        if count > limit { changes.append(FieldChange("line", "-", "and \(count - limit) more")) }
        return changes
    }

    private static func lines(of bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { String($0.drop { $0 == " " }) }
    }
}

extension String {
    /// The text on one line of a plan.
    var shortened: String {
        let text = escapingControls
        return text.count > 120 ? String(text.prefix(117)) + "..." : text
    }
}

extension [String] {
    /// The lines that are left when each of `others` has taken away one that equals it.
    fileprivate func removing(_ others: [String]) -> [String] {
        var left = others.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        return filter { line in
            guard let count = left[line], count > 0 else { return true }
            left[line] = count - 1
            return false
        }
    }
}
