/// A value of a field or of a formula.
///
/// Empty text is blank and never stands in `.text`. A failure is a value like the others: it travels through formulas and is
/// stored beside its field, but never stops a save.
package enum Value: Sendable, Hashable {
    case blank
    case bool(Bool)
    /// Numbers, money (in the currency of its field) and percent (as the fraction).
    case number(ExactDecimal)
    /// Never empty.
    case text(String)
    case date(Day)
    case instant(Instant)
    case duration(TimeSpan)
    /// A choice or a stage: the option's key.
    case option(String)
    /// The keys of several choices, in the order of their declaration, or tags in the order of entry; never empty, no key twice.
    case options([String])
    case link(RecordID)
    /// Several records of one object, in the order of entry; never empty, none twice.
    case links([RecordID])
    case location(Location)
    /// Values of a child set or of a list input; not stored in fields.
    case list([Value])
    case failure(FormulaFailure)

    package var isBlank: Bool {
        if case .blank = self { true } else { false }
    }

    /// Whether this is a link to the record, or one to several among which it is.
    package func leads(to record: RecordID) -> Bool {
        switch self {
        case .link(let other): other == record
        case .links(let records): records.contains(record)
        case .blank, .bool, .number, .text, .date, .instant, .duration, .option, .options, .location, .list, .failure: false
        }
    }

    /// The records to which a link leads, one or several; none of any other value.
    package var linkedRecords: [RecordID] {
        switch self {
        case .link(let record): [record]
        case .links(let records): records
        case .blank, .bool, .number, .text, .date, .instant, .duration, .option, .options, .location, .list, .failure: []
        }
    }

    /// What stands in a list and in the lists inside it, in order; of anything else the value itself.
    package var leaves: [Value] {
        guard case .list(let values) = self else { return [self] }
        return values.contains { if case .list = $0 { true } else { false } } ? values.flatMap(\.leaves) : values
    }
}

/// Why a formula has no value for a record.
package struct FormulaFailure: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case divisionByZero = "DIV0"
        case domain = "DOMAIN"
        case overflow = "OVERFLOW"
        case badNumber = "BAD_NUMBER"
        case badDate = "BAD_DATE"
        case notFound = "NOT_FOUND"
        case noConvergence = "NO_CONVERGENCE"
        /// The author's own `error('…')`.
        case custom = "ERROR"
        /// A bound of the evaluation was reached.
        case limit = "LIMIT"
    }

    package let code: Code
    /// The author's words with `.custom`, else nil.
    package let text: String?

    package init(_ code: Code, text: String? = nil) {
        self.code = code
        self.text = text
    }
}

/// A record as formulas, engine and storage see it: a value per field of its object, by `FieldID.index`.
///
/// The first `SystemField.allCases.count` values are the system fields.
package struct Row: Sendable, Hashable {
    package let id: RecordID
    package var values: [Value]

    package init(id: RecordID, values: [Value]) {
        self.id = id
        self.values = values
    }

    package subscript(field: FieldID) -> Value {
        get { values[field.index] }
        set { values[field.index] = newValue }
    }

    package subscript(field: SystemField) -> Value {
        get { values[field.rawValue] }
        set { values[field.rawValue] = newValue }
    }
}
