/// The static type of a formula or a field.
package indirect enum FormulaType: Sendable, Hashable {
    case number
    /// Money in one currency, by its ISO 4217 code.
    case money(currency: String)
    case percent
    case text(TextKind)
    case bool
    case date
    case datetime
    case duration
    /// One option of a list; stages too. Ordered by declaration.
    case choice(OptionList)
    /// Several options of a list.
    case choices(OptionList)
    /// Free words.
    case tags
    /// A record of one of these objects; never empty.
    case link([ObjectID])
    /// Several records of one of these objects; a set of rows in formulas.
    case links([ObjectID])
    /// A place by its coordinates.
    case location
    /// Values of a child set or of a list input.
    case list(FormulaType)
    /// The literal `blank`, which fits every type.
    case blank
    /// What was wrong has been reported; every further check passes it by.
    case error

    /// The objects to whose records a link, to one or to many, leads; none of any other type.
    package var linkedObjects: [ObjectID] {
        switch self {
        case .link(let objects), .links(let objects): objects
        case .number, .money, .percent, .text, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .location, .list, .blank, .error: []
        }
    }

    package var isNumeric: Bool {
        switch self {
        case .number, .money, .percent: true
        case .text, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .location, .link, .links, .list, .blank, .error: false
        }
    }
}

/// What a text is about, which is what `is valid` tests.
package enum TextKind: Sendable, Hashable {
    case plain
    case phone(region: String)
    case email
    case url
    case address
    /// A unified social credit code.
    case uscc
    /// A citizen's identity number.
    case citizenNumber

    /// Whether `is valid` says anything of it.
    package var canBeTested: Bool {
        switch self {
        case .phone, .email, .url, .uscc, .citizenNumber: true
        case .plain, .address: false
        }
    }
}

/// The options of a choice, in the order of their declaration, which is also their order in comparisons.
package struct OptionList: Sendable, Hashable {
    package struct Option: Sendable, Hashable {
        package let key: String
        package let labelZh: String
        package let labelEn: String

        package init(key: String, labelZh: String, labelEn: String) {
            self.key = key
            self.labelZh = labelZh
            self.labelEn = labelEn
        }
    }

    /// The name of a shared list, or `object.field` for options written at the field.
    package let name: String
    package let options: [Option]

    package init(name: String, options: [Option]) {
        self.name = name
        self.options = options
    }

    /// Position of the option in the declared order, or nil if there is none of this key.
    package func position(of key: String) -> Int? {
        options.firstIndex { $0.key == key }
    }
}
