/// Why a value of compose.yaml cannot be taken.
struct ComposeMistake: Error {
    var code: String
    /// Follows the name of the value: `must be an absolute path, found "x"`.
    var message: String

    init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ message: String) { self.init("E-VALUE", message) }
}

/// A way to read a node: a method such as `YAMLNode.dockerName`.
typealias NodeMethod<Value> = (YAMLNode) -> () throws(ComposeMistake) -> Value

extension MapReader {
    mutating func value<Value>(
        _ key: String, _ method: NodeMethod<Value>, _ presence: Presence = .optional
    ) -> Value? {
        value(key, presence) { node throws(ComposeMistake) in try method(node)() }
    }

    mutating func values<Value>(_ key: String, _ method: NodeMethod<Value>) -> [Located<Value>] {
        values(key) { node throws(ComposeMistake) in try method(node)() }
    }

    mutating func located<Value>(_ key: String, _ method: NodeMethod<Value>) -> Located<Value>? {
        guard let node = node(key) else { return nil }
        return attempt(key.inQuotes, node, method).map { Located($0, at: node.location) }
    }

    mutating func attempt<Value>(_ what: String, _ node: YAMLNode, _ method: NodeMethod<Value>) -> Value? {
        attempt(what, node) { node throws(ComposeMistake) in try method(node)() }
    }
}

extension MapReader {
    /// The value of a key as `parse` reads it; `nil` when it is absent, or after a report.
    mutating func value<Value>(
        _ key: String, _ presence: Presence = .optional, _ parse: (YAMLNode) throws(ComposeMistake) -> Value
    ) -> Value? {
        guard let node = node(key, presence) else { return nil }
        return attempt(key.inQuotes, node, parse)
    }

    /// The elements of a list as `parse` reads them, without those that are reported.
    mutating func values<Value>(
        _ key: String, _ parse: (YAMLNode) throws(ComposeMistake) -> Value
    ) -> [Located<Value>] {
        (list(key) ?? []).compactMap { element in
            attempt("an element of \(key.inQuotes)", element, parse).map { Located($0, at: element.location) }
        }
    }

    /// What `parse` makes of a node; `nil` after a report.
    mutating func attempt<Value>(
        _ what: String, _ node: YAMLNode, _ parse: (YAMLNode) throws(ComposeMistake) -> Value
    ) -> Value? {
        do {
            return try parse(node)
        } catch {
            report(error.code, at: node.location, "\(what) \(error.message)")
            return nil
        }
    }
}

extension YAMLNode {
    /// The scalar for a message, unless it is secret.
    var shown: String { isScalar && !isNull && !isSecret ? raw.inQuotes : typeName }

    func mistake(_ code: String, _ wanted: String) -> ComposeMistake {
        ComposeMistake(code, "\(wanted), found \(shown)")
    }

    func mistake(_ wanted: String) -> ComposeMistake { mistake("E-VALUE", wanted) }
}
