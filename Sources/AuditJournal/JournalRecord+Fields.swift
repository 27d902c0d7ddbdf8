extension JournalRecord {
    /// The longest error text that is recorded, in bytes of UTF-8.
    static let longestError = 2048

    /// The members that this record puts into its line.
    var fields: [String: JournalValue] {
        var fields: [String: JournalValue] = ["kind": .string(kind.rawValue)]
        fields["cause"] = cause?.value
        fields["src"] = source?.value
        fields["party"] = party.map(JournalValue.string)
        fields["plan"] = plan.map(JournalValue.string)
        fields["step"] = step.map { .int(Int64($0)) }
        fields["act"] = action.map(JournalValue.string)
        fields["obj"] = object?.value
        fields["req"] = requestDigest.map(JournalValue.string)
        if !diff.isEmpty { fields["diff"] = .array(diff.map(\.value)) }
        fields["out"] = outcome.map { .string($0.rawValue) }
        fields["code"] = code.map { .int(Int64($0)) }
        fields["err"] = error.map { .string($0.cut(toBytes: Self.longestError)) }
        fields["ms"] = milliseconds.map(JournalValue.int)
        if !details.isEmpty { fields["data"] = .object(details) }
        return fields
    }

    /// Reads back what `fields` wrote; members of another shape count as absent.
    init?(fields: [String: JournalValue]) {
        guard let kind = fields["kind"]?.string else { return nil }
        self.init(JournalKind(rawValue: kind))
        cause = fields["cause"].flatMap(JournalCause.init(value:))
        source = fields["src"].flatMap(RevisionSource.init(value:))
        party = fields["party"]?.string
        plan = fields["plan"]?.string
        step = fields["step"]?.integer.map(Int.init)
        action = fields["act"]?.string
        object = fields["obj"].flatMap(JournalObject.init(value:))
        requestDigest = fields["req"]?.string
        diff = fields["diff"]?.array?.compactMap(JournalChange.init(value:)) ?? []
        outcome = fields["out"]?.string.flatMap(JournalOutcome.init(rawValue:))
        code = fields["code"]?.integer.map(Int.init)
        error = fields["err"]?.string
        milliseconds = fields["ms"]?.integer
        details = fields["data"]?.object ?? [:]
    }
}

extension JournalCause {
    fileprivate var value: JournalValue {
        var members: [String: JournalValue] = ["trigger": .string(trigger)]
        members["uid"] = uid.map { .int(Int64($0)) }
        members["pid"] = pid.map { .int(Int64($0)) }
        members["detail"] = detail.map(JournalValue.string)
        return .object(members)
    }

    fileprivate init?(value: JournalValue) {
        guard let trigger = value["trigger"]?.string else { return nil }
        self.init(
            trigger, uid: value["uid"]?.integer.flatMap(UInt32.init(exactly:)),
            pid: value["pid"]?.integer.flatMap(Int32.init(exactly:)), detail: value["detail"]?.string)
    }
}

extension JournalObject {
    fileprivate var value: JournalValue {
        var members: [String: JournalValue] = ["name": .string(name)]
        members["id"] = id.map(JournalValue.string)
        return .object(members)
    }

    fileprivate init?(value: JournalValue) {
        guard let name = value["name"]?.string else { return nil }
        self.init(name: name, id: value["id"]?.string)
    }
}

extension JournalChange {
    fileprivate var value: JournalValue {
        var members: [String: JournalValue] = ["field": .string(field)]
        members["old"] = old.map(JournalValue.string)
        members["new"] = new.map(JournalValue.string)
        return .object(members)
    }

    fileprivate init?(value: JournalValue) {
        guard let field = value["field"]?.string else { return nil }
        self.init(field: field, old: value["old"]?.string, new: value["new"]?.string)
    }
}

extension RevisionSource {
    fileprivate var value: JournalValue {
        var members: [String: JournalValue] = [
            "commit": .string(commit), "author": .string(author), "subject": .string(subject),
        ]
        members["remote"] = remote.map(JournalValue.string)
        members["ref"] = ref.map(JournalValue.string)
        members["previous"] = previous.map(JournalValue.string)
        return .object(members)
    }

    fileprivate init?(value: JournalValue) {
        guard let commit = value["commit"]?.string, let author = value["author"]?.string,
            let subject = value["subject"]?.string
        else { return nil }
        self.init(
            remote: value["remote"]?.string, ref: value["ref"]?.string, commit: commit,
            previous: value["previous"]?.string, author: author, subject: subject)
    }
}

extension String {
    /// The longest beginning of whole characters that has at most `limit` bytes of UTF-8.
    fileprivate func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
