package import Definition
import Formula
package import SourceText

extension CheckedApp {
    /// Resolves every name of a definition and checks every formula.
    ///
    /// Goes on as far as it can, so that one run tells all that can be seen.
    ///
    /// - Returns: Nil if anything was wrong with the app, which `report` then tells; warnings do not count.
    package init?(_ definition: AppDefinition, _ report: inout Diagnostics) {
        guard let header = definition.header, !report.hasUnreadParts else { return nil }
        let checker = AppChecker(definition.withLikenesses(&report), header, hasErrorsBefore: report.hasErrors)
        let app = checker.check()
        for diagnostic in checker.report.found { report.report(diagnostic) }
        guard let app, !report.hasErrors else { return nil }
        self = app
    }
}

/// One run over one definition. A class, because a formula field's type is found while another formula is being checked.
final class AppChecker {
    /// Beyond this nobody finds an object in a menu.
    static let maximumObjects = 500
    /// Columns of a table; SQLite takes 2,000, and each field may need two.
    static let maximumFields = 500

    let definition: AppDefinition
    let header: HeaderDefinition
    /// Something was left out of the definition: what is missing may have stood there.
    let hasErrorsBefore: Bool
    var report = Diagnostics()

    var zone = Zone.utc
    var currency = "CNY"
    var demoDay: Day?
    var calendar = BusinessCalendar.plain
    /// The app's own.
    var calendars: [BusinessCalendar] = []
    var roles: [CheckedRole] = []
    var lists: [String: OptionList] = [:]
    var usedLists: Set<String> = []
    /// A field names a list that there is not: another list may be the one that was meant.
    var missesAList = false
    /// By `ObjectID.index`.
    var objects: [ObjectDraft] = []
    var objectIDs: [String: ObjectID] = [:]
    var schema = FormulaSchema(objects: [], roles: [], users: nil, currency: "CNY") {
        didSet { formulasOfSchema = nil }
    }

    /// Those that every app has first; known before what sends messages is checked.
    var checkedChannels: [CheckedChannel] = []
    var checkedConnectors: [CheckedConnector] = []
    /// Known before automations are checked.
    var checkedInbound: [CheckedInbound] = []

    /// Known before the steps that use them are checked.
    var checkedAssignments: [CheckedAssignment] = []
    var checkedApprovals: [CheckedApproval] = []

    /// Those of which all names were found.
    var decays: [(written: DecayDefinition, names: EventNames, draft: DecayDraft, field: FieldID)] = []

    /// Computed fields whose formula is being checked, outermost first.
    var typing: [FieldID] = []
    /// Fields of which a cycle was told.
    var cyclic: Set<FieldID> = []

    init(_ definition: AppDefinition, _ header: HeaderDefinition, hasErrorsBefore: Bool) {
        self.definition = definition
        self.header = header
        self.hasErrorsBefore = hasErrorsBefore
    }

    /// Names first, then what they hold, then formulas, which may use any name.
    func check() -> CheckedApp? {
        checkCalendars()
        checkHeader()
        checkRoles()
        checkChoices()
        declareObjects()
        resolveFields()
        declareHollow()
        resolveCollections()
        declareDecays()
        makeSchema()
        checkComputedFields()
        checkInputs()
        checkDefaultCycles()
        let stages = checkStages()
        completeHollow(stages)
        let rules = objects.map { checkRules(of: $0) }
        let shows = checkShows()
        checkCycles(shows)
        let checked = objects.indices.map { index in
            objects[index].checked(shows: shows[index], rules: rules[index], stages: stages[objects[index].id])
        }
        checkedConnectors = checkConnectors()
        checkedChannels = checkChannels(checkedConnectors)
        checkedAssignments = checkAssignments()
        checkedInbound = checkInbound()
        checkedApprovals = checkApprovals()
        let reports = checkReports()
        let sequences = checkSequences()
        let automations = checkAutomations() + sequences.automations
        checkLoops(automations)
        checkReceiving(automations)
        let decays = checkDecays()
        let watches = checkWatches() + checkDemotions(stages) + decays.watches
        // Questions have fields too.
        warnOfUnusedChoices()
        let scenarios = ScenarioChecker(self, checked).check()
        return CheckedApp(
            name: header.name.value, label: header.label?.words(or: header.name.value) ?? Words(same: header.name.value),
            version: header.version?.value ?? "0.0.0", zone: zone, currency: currency, demoDay: demoDay, calendar: calendar, calendarSpan: header.calendar?.span,
            calendars: calendars, roles: roles, objects: checked, connectors: checkedConnectors, channels: checkedChannels, approvals: checkedApprovals, assignments: checkedAssignments,
            inbound: checkedInbound, automations: automations, watches: watches, sequences: sequences.sequences, decays: decays.decays, reports: reports, scenarios: scenarios, schema: schema)
    }

    /// A checker of formulas over the names known by now.
    var formulas: FormulaChecker {
        if let known = formulasOfSchema { return known }
        let made = FormulaChecker(schema: schema) { [unowned self] in type(of: $0) }
        formulasOfSchema = made
        return made
    }
    private var formulasOfSchema: FormulaChecker?

    func check(_ text: EmbeddedText, in scope: FormulaScope, expecting type: FormulaType? = nil) -> CheckedExpression? {
        var found = Diagnostics()
        let expression = formulas.check(text, in: scope, expecting: type, report: &found)
        for diagnostic in found.found { report.report(diagnostic) }
        return expression
    }

    func checkTemplate(_ text: EmbeddedText, in scope: FormulaScope) -> CheckedTemplate? {
        var found = Diagnostics()
        let template = formulas.checkTemplate(text, in: scope, report: &found)
        for diagnostic in found.found { report.report(diagnostic) }
        return template
    }

    func id(of object: BuiltIn) -> ObjectID {
        ObjectID(index: BuiltIn.allCases.firstIndex(of: object) ?? 0)
    }

    func object(named name: Located<String>) -> ObjectID? {
        if let id = objectIDs[name.value] { return id }
        report.report(.unknownName(name, .object, of: nil, known: objects.map(\.name)))
        return nil
    }
}

/// An object on its way through the checks.
struct ObjectDraft {
    let id: ObjectID
    let name: String
    let label: Words
    let builtIn: BuiltIn?
    let definition: ObjectDefinition?
    var fields: [FieldDraft] = []
    var collections: [CheckedCollection] = []
    var declaredAt: Span? { definition?.name.span }

    func field(named name: String) -> FieldDraft? { fields.first { $0.name == name } }

    func checked(shows: CheckedTemplate, rules: [CheckedRule], stages: CheckedStages?) -> CheckedObject {
        let stage = fields.first { if case .stage = $0.kind { true } else { false } }
        return CheckedObject(
            id: id, name: name, label: label, group: definition?.group?.words(or: name), builtIn: builtIn, shows: shows,
            fields: fields.map { field in
                var field = field
                if let stages, field.id == stage?.id { field.kind = .stage(stages) }
                return field.checked
            },
            rules: rules, stage: stage?.id, hollow: fields.first { $0.isHollow }?.id, collections: collections, declaredAt: declaredAt)
    }
}

/// A field on its way through the checks.
struct FieldDraft {
    enum Derivation {
        /// From the stages that are kept.
        case hollow
        /// The formula of a decay.
        case decay(EmbeddedText)
    }

    enum Typing {
        case unchecked, known(FormulaType)
    }

    let id: FieldID
    let name: String
    var label: Words
    /// Nil while it is not known: of a computed field, or of one that could not be read.
    var kind: FieldKind?
    var isRequired = false
    var isUnique = false
    var isBuiltIn = false
    var defaultValue: CheckedDefault?
    var clean: [CleanStep] = []
    var computed: Computation?
    var help: Words?
    var group: Words?
    /// What the author wrote about it; nil for the fields that every record has.
    var definition: FieldDefinition?
    /// From what else the author wrote it follows, and where that stands.
    var derived: Derivation?
    var derivedAt: Span?
    /// Of a formula field, once its formula was checked.
    var typing = Typing.unchecked

    /// Whether a formula or points give its value, whether or not they could be checked.
    var isComputed: Bool { derived != nil || definition.map { $0.formula != nil || !$0.points.isEmpty } ?? false }
    var isHollow: Bool { if case .hollow? = derived { true } else { false } }
    var span: Span? { definition?.span ?? derivedAt }
    var located: Located<String>? { definition?.name }

    var checked: CheckedField {
        CheckedField(
            id: id, name: name, label: label, kind: kind ?? .text, isRequired: isRequired, isUnique: isUnique, defaultValue: defaultValue,
            clean: clean, computed: computed, help: help, group: group, isBuiltIn: isBuiltIn, declaredAt: span)
    }
}
