/// A diagnostic with the units that it makes invalid.
struct Finding: Hashable, Sendable {
    var diagnostic: Diagnostic
    var units: Set<SourceUnit>

    init(_ diagnostic: Diagnostic, in units: Set<SourceUnit>) {
        self.diagnostic = diagnostic
        self.units = units
    }

    /// A mistake that makes the unit of its file invalid.
    ///
    /// A file outside every unit may be a misplaced one, and then what is missing elsewhere is not meant to be
    /// missing. So it counts as a mistake of the whole.
    init(_ diagnostic: Diagnostic) {
        self.init(diagnostic, in: [SourceUnit(path: diagnostic.location.file) ?? .federation])
    }

    var isError: Bool { diagnostic.severity == .error }
}

extension [Finding] {
    /// The units that have an error.
    var invalidUnits: Set<SourceUnit> {
        reduce(into: []) { units, finding in
            if finding.isError { units.formUnion(finding.units) }
        }
    }

    /// Every diagnostic once, in the order of the files.
    var diagnostics: [Diagnostic] { Set(map(\.diagnostic)).sorted() }

    mutating func append(_ diagnostics: [Diagnostic], in unit: SourceUnit) {
        self += diagnostics.map { Finding($0, in: [unit]) }
    }
}
