package import LocatedYAML
package import SourceText

// In: located YAML trees. Out: `AppDefinition`, what the author wrote, key by key.
// Always true of it: every key is one of the language's, every name is well formed and unique where it is declared, every scalar has
// the form its position asks for. Whether names exist is not known here.

/// An app as its author wrote it, key by key: shapes and spellings are right, names are still text.
///
/// Made from located trees by `AppDefinition(_:_:)`. Files are merged by their top-level keys; an object may be declared in several
/// files. What could not be understood was reported and is left out, so that later checks pass it by.
package struct AppDefinition: Sendable {
    package var header: HeaderDefinition?
    package var calendars: [CalendarDefinition] = []
    package var roles: [RoleDefinition] = []
    package var choices: [ChoiceDefinition] = []
    package var objects: [ObjectDefinition] = []
    package var connectors: [ConnectorDefinition] = []
    package var channels: [ChannelDefinition] = []
    package var approvals: [ApprovalDefinition] = []
    package var assignments: [AssignmentDefinition] = []
    package var inbound: [InboundDefinition] = []
    package var automations: [AutomationDefinition] = []
    package var watches: [WatchDefinition] = []
    package var sequences: [SequenceDefinition] = []
    package var decays: [DecayDefinition] = []
    package var reports: [ReportDefinition] = []
    package var scenarios: [ScenarioDefinition] = []

    package init() {}

    /// Reads the trees of all files, in the order in which they are given.
    ///
    /// A missing `app` is told only if every file could be read: it may have stood in the one that could not.
    package init(_ trees: [YAMLNode], _ report: inout Diagnostics) {
        var merge = Merge()
        for tree in trees {
            guard let keys = KeyReader(tree, of: .file, &report) else { continue }
            for entry in keys.readable {
                switch entry.key.value {
                case "app": readHeader(entry, &merge, &report)
                case "calendars": calendars += CalendarDefinition.read(entry, &merge.calendars, &report)
                case "roles": roles += RoleDefinition.read(entry, &merge.roles, &report)
                case "choices": choices += ChoiceDefinition.read(entry, &merge.choices, &report)
                case "objects": readObjects(entry, &merge, &report)
                case "connectors": connectors += ConnectorDefinition.read(entry, &merge.connectors, &report)
                case "channels": channels += ChannelDefinition.read(entry, &merge.channels, &report)
                case "approvals": approvals += ApprovalDefinition.read(entry, &merge.approvals, &report)
                case "assignments": assignments += AssignmentDefinition.read(entry, &merge.assignments, &report)
                case "inbound": inbound += InboundDefinition.read(entry, &merge.inbound, &report)
                case "automations": automations += AutomationDefinition.read(entry, &merge.automations, &report)
                case "watches": watches += WatchDefinition.read(entry, &merge.watches, &report)
                case "sequences": sequences += SequenceDefinition.read(entry, &merge.sequences, &report)
                case "decays": decays += DecayDefinition.read(entry, &merge.decays, &report)
                case "reports": reports += ReportDefinition.read(entry, &merge.reports, &report)
                case "tests": scenarios += ScenarioDefinition.read(entry, &merge.scenarios, &report)
                default: preconditionFailure("a key of a file is read by nobody")
                }
            }
        }
        if header == nil, merge.app == nil, !report.hasUnreadParts {
            let start = trees.first?.span ?? Span(file: SourceFileID(index: 0), start: 0, end: 0)
            report.report(.missingApp(at: Span(file: start.file, start: start.start, end: start.start)))
        }
    }

    /// What has been declared so far, over all files.
    struct Merge {
        var app: Span?
        var calendars = NameTable(.calendar)
        var roles = NameTable(.role)
        var choices = NameTable(.choiceList)
        var objects = NameTable(.object)
        var approvals = NameTable(.approval)
        var assignments = NameTable(.assignment)
        var automations = NameTable(.automation)
        var watches = NameTable(.watch)
        var sequences = NameTable(.sequence)
        var decays = NameTable(.decay)
        var reports = NameTable(.report)
        var scenarios = NameTable(.scenario)
        var connectors = NameTable(.connector)
        var channels = NameTable(.channel)
        var inbound = NameTable(.inbound)
        /// By object: its fields, its rules, and the keys it has said.
        var members: [String: Members] = [:]

        struct Members {
            var keys = NameTable(.key)
            var fields = NameTable(.field)
            var rules = NameTable(.rule)
        }
    }

    private mutating func readHeader(_ entry: YAMLEntry, _ merge: inout Merge, _ report: inout Diagnostics) {
        if let first = merge.app {
            report.report(.duplicateName(entry.key, .key, first: first))
            return
        }
        merge.app = entry.key.span
        header = HeaderDefinition.read(entry, &report)
    }

    private mutating func readObjects(_ entry: YAMLEntry, _ merge: inout Merge, _ report: inout Diagnostics) {
        for object in namedEntries(of: entry, as: .object, &report) {
            let name = object.key.value
            if let index = objects.firstIndex(where: { $0.name.value == name }) {
                objects[index].read(object, &merge.members[name, default: .init()], &report)
            } else if merge.objects.declare(object.key, &report) {
                var definition = ObjectDefinition(name: object.key, label: nil, shows: nil, fields: [], rules: [])
                definition.read(object, &merge.members[name, default: .init()], &report)
                objects.append(definition)
            }
        }
    }
}
