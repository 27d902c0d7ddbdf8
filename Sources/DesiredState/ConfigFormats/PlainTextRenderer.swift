/// Fills in the variables of a text that has no syntax that fatesync knows.
enum PlainTextRenderer {
    static func render(
        _ start: TextCursor, _ variables: Variables, into diagnostics: inout [Diagnostic]
    ) -> RenderedConfig? {
        var cursor = start
        var output = SubstitutedText(text: "")
        while true {
            output.text += cursor.read { $0 != "$" }
            let place = cursor.location
            guard cursor.next() != nil else { break }
            guard let value = variables.value(behindDollarOf: &cursor, at: place, into: &diagnostics) else {
                continue
            }
            if value.text.unicodeScalars.contains(where: { $0.isUnsafeToPrint && $0 != "\t" }) {
                let message = "the value of \(value.name) has a line break or control character"
                diagnostics.append(Diagnostic(code: "E-VALUE", at: place, message))
            }
            output.text += value.text
            output.isSecret = output.isSecret || value.isSecret
        }
        return RenderedConfig(output.text, isSecret: output.isSecret)
    }
}

/// A value at a place in a text.
struct PlacedValue {
    let text: String
    /// `"NAME"`, for messages.
    let name: String
    let isSecret: Bool
    /// Whether this is the dollar sign that `$$` stands for.
    let isDollar: Bool
}

extension Variables {
    /// The value of the variable that begins with the dollar sign before the cursor; `nil` after a report.
    func value(
        behindDollarOf cursor: inout TextCursor, at place: SourceLocation,
        into diagnostics: inout [Diagnostic]
    ) -> PlacedValue? {
        let segment: Template.Segment
        do {
            segment = try cursor.templateSegment()
        } catch {
            diagnostics.append(Diagnostic(code: "E-TEMPLATE", at: place, error.message))
            return nil
        }
        switch segment {
        case .literal(let text):
            return PlacedValue(text: text, name: "", isSecret: false, isDollar: true)
        case .variable(let name, let fallback):
            let found = replacement(for: name, fallback, at: place, into: &diagnostics)
            return found.map {
                PlacedValue(
                    text: $0.value.text, name: name.inQuotes, isSecret: $0.value.isSecret, isDollar: false)
            }
        }
    }
}
