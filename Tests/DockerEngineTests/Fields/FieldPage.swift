import Foundation

@testable import Planning

/// The page of the manual that lists every field, made from the table.
enum FieldPage {
    static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources/fatesync/Documentation.docc/Fields.md").path

    static var text: String {
        introduction + section("Containers", ContainerField.all, inPlace: "update")
            + section("Endpoints: a container on a network", EndpointField.all, inPlace: "connect")
            + section("Networks", NetworkField.all, inPlace: "")
            + section("Volumes", VolumeField.all, inPlace: "")
            + constants
    }

    private static let introduction = """
        # Fields

        Every field that fatesync sends, where the engine shows it, how both sides are compared, and what a change needs.

        ## Overview

        This page is made from the table that comparisons use (`Sources/Planning/Fields`); a test fails when they differ,
        and `FATESYNC_UPDATE_GOLDEN=1` rewrites the page. What is not in the table is not sent and not looked at.

        - **Sent**: the place in the body of the create call; behind *update* or *connect*, in the body of the call that
          changes a running container. `[]` is each element of a list, `*` each key of a map, `?name` a part of the address.
        - **Shown**: the place in the answer to `inspect`.
        - **Compared**: as one value, as a list in its order, as a set, or as a map key by key; then how both sides are made
          equal where they say the same.
        - **Needs**: the rung of a change. Where it is *report*, fatesync names the difference and changes nothing; where it
          is *keep*, no file says the value, and a new container takes that of the old one over.


        """

    private static func section<Side>(_ title: String, _ fields: [Field<Side>], inPlace call: String)
        -> String
    {
        let rows = fields.map { field in
            let compose = field.compose.isEmpty ? "" : code(field.compose.components(separatedBy: ", "))
            let update = field.sentInPlace.isEmpty ? "" : "; *\(call)* " + code(field.sentInPlace)
            return "| \(field.name) | \(compose) | \(code(field.sent))\(update) | \(code(field.shown)) "
                + "| \(field.reading.kind.rawValue): \(field.rule) | \(needs(field)) |"
        }
        return """
            ## \(title)

            | field | in compose.yaml | sent | shown | compared | needs |
            | --- | --- | --- | --- | --- | --- |
            \(rows.joined(separator: "\n"))


            """
    }

    private static func needs<Side>(_ field: Field<Side>) -> String {
        if let rung = field.rung { return rung.name }
        return switch field.reading.kind {
        case .identity: "another one"
        case .handover: "keep"
        case .value, .list, .set, .map: "report"
        }
    }

    private static var constants: String {
        let rows = [("container", ContainerField.constants), ("network", NetworkField.constants)]
            .flatMap { kind, constants in
                constants.map { "| \(kind) | `\($0.path)` | `\($0.value)` | \($0.reason) |" }
            }
        return """
            ## Said in every create call

            | call | place | value | why |
            | --- | --- | --- | --- |
            \(rows.joined(separator: "\n"))

            """
    }

    private static func code(_ words: [String]) -> String { words.map { "`\($0)`" }.joined(separator: ", ") }
}
