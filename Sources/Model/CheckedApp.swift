package import Formula
package import SourceText

/// An app of which everything is known to be right: every name is an identity, every formula is typed.
package struct CheckedApp: Sendable {
    package var name: String
    package var label: Words
    package var version: String
    package var zone: Zone
    package var currency: String
    /// The day for which its demo data was written; nil: nobody said.
    package var demoDay: Day?
    /// Which days are worked.
    package var calendar: BusinessCalendar
    /// The app's own calendars, in the order of writing.
    package var calendars: [BusinessCalendar]
    /// Where the author chose it; nil if nobody did.
    package var calendarSpan: Span?
    /// By `RoleID.index`.
    package var roles: [CheckedRole]
    /// By `ObjectID.index`; the built-in ones (`BuiltIn`) first, with what the author added to them.
    package var objects: [CheckedObject]
    package var connectors: [CheckedConnector]
    /// Those that every app has first, then the author's.
    package var channels: [CheckedChannel]
    package var approvals: [CheckedApproval]
    package var assignments: [CheckedAssignment]
    package var inbound: [CheckedInbound]
    package var automations: [CheckedAutomation]
    package var watches: [CheckedWatch]
    package var sequences: [CheckedSequence]
    package var decays: [CheckedDecay]
    package var reports: [CheckedReport]
    package var scenarios: [CheckedScenario]
    /// What formulas written later (filters, queries) are checked against; every field's type is filled in.
    package var schema: FormulaSchema

    package init(
        name: String, label: Words, version: String, zone: Zone, currency: String, demoDay: Day? = nil, calendar: BusinessCalendar = .plain,
        calendarSpan: Span? = nil, calendars: [BusinessCalendar] = [], roles: [CheckedRole], objects: [CheckedObject], connectors: [CheckedConnector] = [], channels: [CheckedChannel] = [],
        approvals: [CheckedApproval] = [], assignments: [CheckedAssignment] = [], inbound: [CheckedInbound] = [], automations: [CheckedAutomation] = [], watches: [CheckedWatch] = [], sequences: [CheckedSequence] = [], decays: [CheckedDecay] = [], reports: [CheckedReport] = [], scenarios: [CheckedScenario], schema: FormulaSchema
    ) {
        self.name = name
        self.label = label
        self.version = version
        self.zone = zone
        self.currency = currency
        self.demoDay = demoDay
        self.calendar = calendar
        self.calendars = calendars
        self.calendarSpan = calendarSpan
        self.roles = roles
        self.objects = objects
        self.connectors = connectors
        self.channels = channels
        self.approvals = approvals
        self.assignments = assignments
        self.inbound = inbound
        self.automations = automations
        self.watches = watches
        self.sequences = sequences
        self.decays = decays
        self.reports = reports
        self.scenarios = scenarios
        self.schema = schema
    }

    package subscript(id: ObjectID) -> CheckedObject { objects[id.index] }
    package subscript(id: FieldID) -> CheckedField { objects[id.object.index].fields[id.index] }
    package subscript(id: RoleID) -> CheckedRole { roles[id.index] }

    /// The object of this name, as URLs and commands give it.
    package func object(named name: String) -> CheckedObject? {
        objects.first { $0.name == name }
    }
}

package struct CheckedRole: Sendable {
    package let id: RoleID
    package let name: String
    package let label: Words
    /// The role itself and every role it includes, directly or through others.
    package let covers: Set<RoleID>
    /// May do what nobody else may, such as deleting for good.
    package let administers: Bool

    package init(id: RoleID, name: String, label: Words, covers: Set<RoleID>, administers: Bool = false) {
        self.id = id
        self.name = name
        self.label = label
        self.covers = covers
        self.administers = administers
    }
}

package struct CheckedObject: Sendable {
    package let id: ObjectID
    package let name: String
    package let label: Words
    /// A heading of the menu under which the object stands; nil if the author gave none.
    package let group: Words?
    package let builtIn: BuiltIn?
    /// How a record is called wherever it appears.
    package let shows: CheckedTemplate
    /// By `FieldID.index`; `SystemField`s first, then the built-in object's own, then the author's in written order.
    package let fields: [CheckedField]
    package let rules: [CheckedRule]
    /// The field of type stage, if there is one; there is at most one.
    package let stage: FieldID?
    /// The field that says that its stage does not hold any more; nil where no stage is kept.
    package let hollow: FieldID?
    /// Child sets: what links here, and the reserved `activities`, `files`, `tasks`.
    package let collections: [CheckedCollection]
    package let declaredAt: Span?

    package init(
        id: ObjectID, name: String, label: Words, group: Words? = nil, builtIn: BuiltIn?, shows: CheckedTemplate, fields: [CheckedField], rules: [CheckedRule],
        stage: FieldID?, hollow: FieldID? = nil, collections: [CheckedCollection], declaredAt: Span?
    ) {
        self.id = id
        self.name = name
        self.label = label
        self.group = group
        self.builtIn = builtIn
        self.shows = shows
        self.fields = fields
        self.rules = rules
        self.stage = stage
        self.hollow = hollow
        self.collections = collections
        self.declaredAt = declaredAt
    }

    package func field(named name: String) -> CheckedField? {
        fields.first { $0.name == name }
    }

    package func field(_ system: SystemField) -> CheckedField { fields[system.rawValue] }
}

/// The objects that every app has. Fields behind the system fields, in this order (`decisions.md` §6).
package enum BuiltIn: String, Sendable, Hashable, CaseIterable {
    case user, activity, file, task
}

package struct CheckedCollection: Sendable {
    package let name: String
    package let label: Words
    package let rows: ObjectID
    package let link: FieldID

    package init(name: String, label: Words, rows: ObjectID, link: FieldID) {
        self.name = name
        self.label = label
        self.rows = rows
        self.link = link
    }
}

package struct CheckedField: Sendable {
    package let id: FieldID
    package let name: String
    package let label: Words
    package let kind: FieldKind
    package let isRequired: Bool
    package let isUnique: Bool
    package let defaultValue: CheckedDefault?
    package let clean: [CleanStep]
    package let computed: Computation?
    package let help: Words?
    package let group: Words?
    /// The built-in objects' own fields: apps may not redeclare them, only extend options of `kind`.
    package let isBuiltIn: Bool
    package let declaredAt: Span?

    package init(
        id: FieldID, name: String, label: Words, kind: FieldKind, isRequired: Bool = false, isUnique: Bool = false,
        defaultValue: CheckedDefault? = nil, clean: [CleanStep] = [], computed: Computation? = nil, help: Words? = nil, group: Words? = nil,
        isBuiltIn: Bool = false, declaredAt: Span? = nil
    ) {
        self.id = id
        self.name = name
        self.label = label
        self.kind = kind
        self.isRequired = isRequired
        self.isUnique = isUnique
        self.defaultValue = defaultValue
        self.clean = clean
        self.computed = computed
        self.help = help
        self.group = group
        self.isBuiltIn = isBuiltIn
        self.declaredAt = declaredAt
    }

    package var isSystem: Bool { id.index < SystemField.allCases.count }
    /// Whether people and programs may write it.
    package var isWritable: Bool {
        if isSystem || computed != nil { return false }
        if case .autonumber = kind { return false }
        return true
    }
}

package enum FieldKind: Sendable, Hashable {
    case text, longText
    case number(decimals: Int)
    case money(decimals: Int, currency: String)
    case percent(decimals: Int)
    case bool, date, datetime, duration
    case choice(OptionList)
    case choices(OptionList)
    case tags
    case email, url
    case phone(region: String)
    /// To a record of one of these objects; `about` of activities, files and tasks leads to any object of the app.
    case link(to: [ObjectID])
    /// To any number of records of one of these objects; there is one.
    case links(to: [ObjectID])
    /// A link to the built-in object `file`.
    case file
    /// Links to any number of files.
    case files
    /// Text of one or more lines.
    case address
    /// A unified social credit code.
    case uscc
    /// A citizen's identity number.
    case cnID
    /// A place by its coordinates.
    case location
    /// The pattern's text before and after the number, and the digits to which the number is padded.
    case autonumber(prefix: String, digits: Int, suffix: String)
    case stage(CheckedStages)

    /// As formulas see it.
    package func formulaType(fileObject: ObjectID) -> FormulaType {
        switch self {
        case .text, .longText, .autonumber: .text(.plain)
        case .number: .number
        case .money(_, let currency): .money(currency: currency)
        case .percent: .percent
        case .bool: .bool
        case .date: .date
        case .datetime: .datetime
        case .duration: .duration
        case .choice(let list): .choice(list)
        case .choices(let list): .choices(list)
        case .tags: .tags
        case .email: .text(.email)
        case .url: .text(.url)
        case .phone(let region): .text(.phone(region: region))
        case .link(let objects): .link(objects)
        case .links(let objects): .links(objects)
        case .file: .link([fileObject])
        case .files: .links([fileObject])
        case .address: .text(.address)
        case .uscc: .text(.uscc)
        case .cnID: .text(.citizenNumber)
        case .location: .location
        case .stage(let stages): .choice(stages.options)
        }
    }
}

extension FieldKind {
    /// Whether it leads to any number of records.
    package var isSeveralLinks: Bool {
        switch self {
        case .links, .files: true
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .address,
            .uscc, .cnID, .location, .link, .file, .autonumber, .stage:
            false
        }
    }
}

package enum CheckedDefault: Sendable {
    case value(Value)
    case formula(CheckedExpression)
}

/// Where a computed field's value comes from.
package enum Computation: Sendable {
    case formula(CheckedExpression)
    /// Their sum, each shown by its name.
    case points([CheckedPoints])

    package var expressions: [CheckedExpression] {
        switch self {
        case .formula(let expression): [expression]
        case .points(let points): points.map(\.entry)
        }
    }
}

package struct CheckedPoints: Sendable {
    package let name: String
    /// A number, 0 where its condition does not hold.
    package let entry: CheckedExpression

    package init(name: String, entry: CheckedExpression) {
        self.name = name
        self.entry = entry
    }
}

/// What is done to an input before anything looks at it.
package enum CleanStep: Sendable, Hashable {
    /// Blanks at both ends.
    case trim
    /// Runs of blanks to one.
    case collapse
    /// Full-width letters, digits and signs to half-width.
    case halfwidth
    case upper, lower
    /// Blanks, dashes, brackets and the country code out of a phone number; a masked one stays masked.
    case phone
    /// `张老师` → `张`, and `老师` into the field if that is blank.
    case honorific(into: FieldID?)
    /// Parts go into the fields, each only if it is blank; the first may be the field itself.
    case split(by: String, into: [FieldID])
}

/// A rule of an object or a condition of a gate.
package struct CheckedRule: Sendable {
    package let name: String
    package let must: CheckedExpression
    /// The rule counts only where this holds; nil always.
    package let condition: CheckedExpression?
    package let say: LocalizedTemplate
    package let declaredAt: Span

    package init(name: String, must: CheckedExpression, condition: CheckedExpression?, say: LocalizedTemplate, declaredAt: Span) {
        self.name = name
        self.must = must
        self.condition = condition
        self.say = say
        self.declaredAt = declaredAt
    }
}

/// A template for each language.
package struct LocalizedTemplate: Sendable {
    package let zh: CheckedTemplate
    package let en: CheckedTemplate

    package init(zh: CheckedTemplate, en: CheckedTemplate) {
        self.zh = zh
        self.en = en
    }

    package subscript(language: Language) -> CheckedTemplate {
        switch language {
        case .zh: zh
        case .en: en
        }
    }
}
