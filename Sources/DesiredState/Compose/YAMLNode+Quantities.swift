extension YAMLNode {
    /// A number of bytes as Compose reads it: `64m`, `4GB` and `1.5g` count in powers of 1024.
    func bytes() throws(ComposeMistake) -> Int64 {
        let wanted = "must be a size such as 64m, 4g or 1073741824, greater than zero"
        guard case .string = content else {
            guard case .integer(let count) = content, count > 0 else { throw mistake("E-SIZE", wanted) }
            return count
        }
        let text = raw.lowercased()
        let number = text.prefix { $0 == "." || "0123456789".contains($0) }
        var unit = text.dropFirst(number.count)
        if unit.first == " " { unit = unit.dropFirst() }
        let powers = ["": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5]
        if unit.hasSuffix("b") { unit = unit.dropLast() }
        if unit.hasSuffix("i") { unit = unit.dropLast() }
        guard let power = powers[String(unit)], let value = Decimal(number)?.scaled(by: 1 << (10 * power)),
            value > 0
        else { throw mistake("E-SIZE", wanted) }
        return value
    }

    /// Billionths of a CPU.
    func cpus() throws(ComposeMistake) -> Int64 {
        guard isScalar, let value = Decimal(raw[...])?.scaled(by: 1_000_000_000), value >= 10_000_000 else {
            throw mistake("must be a number of CPUs such as 0.5, at least 0.01")
        }
        return value
    }

    /// Nanoseconds of a duration such as `1m30s`.
    func duration() throws(ComposeMistake) -> Int64 {
        let wanted = "must be a duration such as 90s, 1m30s or 500ms"
        guard case .string(let text) = content, !text.isEmpty else { throw mistake("E-DURATION", wanted) }
        let units: [Substring: Int64] = [
            "ns": 1, "us": 1_000, "µs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
            "h": 3_600_000_000_000,
        ]
        var rest = text[...]
        var total: Int64 = 0
        while !rest.isEmpty {
            let number = rest.prefix { $0 == "." || "0123456789".contains($0) }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { $0 != "." && !"0123456789".contains($0) }
            rest = rest.dropFirst(unit.count)
            guard let scale = units[unit], let part = Decimal(number)?.scaled(by: scale) else {
                throw mistake("E-DURATION", wanted)
            }
            let (sum, isOverflow) = total.addingReportingOverflow(part)
            guard !isOverflow else { throw mistake("E-DURATION", "is longer than 292 years") }
            total = sum
        }
        return total
    }

    /// Seconds of a duration that has no fraction of one.
    func wholeSeconds() throws(ComposeMistake) -> Int {
        let (seconds, rest) = try duration().quotientAndRemainder(dividingBy: 1_000_000_000)
        guard rest == 0 else { throw mistake("E-DURATION", "must be whole seconds") }
        return Int(seconds)
    }
}

/// A decimal number without sign, such as `1.5`.
private struct Decimal {
    var digits: Int64
    var scale: Int64

    init?(_ text: Substring) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.isDigits }) else {
            return nil
        }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.utf8.count <= 9, let digits = Int64(parts[0] + fraction) else { return nil }
        self.digits = digits
        scale = fraction.utf8.reduce(1) { scale, _ in scale * 10 }
    }

    /// The whole part of the number times `factor`; `nil` when it is too large.
    func scaled(by factor: Int64) -> Int64? {
        Int64(exactly: Int128(digits) * Int128(factor) / Int128(scale))
    }
}
