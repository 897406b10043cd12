package import Formula
import Model
package import Program
import SourceText

/// A small app with a field of every kind, for tests of stores: `user`, `activity`, `file`, `task` and `deal`.
package enum SampleApp {
    package static let app = make()

    package static let user = ObjectID(index: 0)
    package static let activity = ObjectID(index: 1)
    package static let file = ObjectID(index: 2)
    package static let task = ObjectID(index: 3)
    package static let deal = ObjectID(index: 4)

    /// The field of this name.
    package static func field(_ object: ObjectID, _ name: String) -> FieldID {
        guard let field = app.model[object].field(named: name) else { preconditionFailure("the sample app has no field \(name)") }
        return field.id
    }

    /// A record with these values and all others blank.
    package static func row(
        _ object: ObjectID, _ number: Int64, _ values: [String: Value] = [:], version: Int = 1, at instant: Int64 = 1_000_000
    ) -> Row {
        let at = Value.instant(Instant(microseconds: instant))
        var row = Row(
            id: RecordID(object: object, number: number), values: Array(repeating: .blank, count: app.model[object].fields.count))
        row[.id] = .number(ExactDecimal(number))
        row[.version] = .number(ExactDecimal(version))
        row[.created] = at
        row[.changed] = at
        for (name, value) in values { row[field(object, name)] = value }
        return row
    }

    private static func list(_ name: String, _ keys: [String]) -> OptionList {
        OptionList(name: name, options: keys.map { OptionList.Option(key: $0, labelZh: $0, labelEn: $0) })
    }

    private static func make() -> CompiledApp {
        let stages = ["lead", "quoted", "won", "lost"]
        let everything = [user, activity, file, task, deal]
        let objects: [CheckedObject] = [
            object(
                user, "user", .user,
                [
                    ("name", .text, false), ("login", .text, true), ("role", .choice(list("user.role", ["sales", "boss"])), false),
                    ("active", .bool, false),
                ]),
            object(
                activity, "activity", .activity,
                [
                    ("about", .link(to: everything), false), ("kind", .choice(list("activity.kind", ["call", "note"])), false),
                    ("text", .longText, false), ("minutes", .number(decimals: 6), false),
                ]),
            object(file, "file", .file, [("about", .link(to: everything), false), ("name", .text, false)]),
            object(task, "task", .task, [("about", .link(to: everything), false), ("title", .text, false)]),
            object(
                deal, "deal", nil,
                [
                    ("name", .text, false), ("code", .text, true), ("amount", .money(decimals: 2, currency: "CNY"), false),
                    ("count", .number(decimals: 0), false), ("rate", .percent(decimals: 4), false), ("urgent", .bool, false),
                    ("due", .date, false), ("met", .datetime, false), ("watched", .duration, false),
                    ("level", .choice(list("deal.level", ["low", "high", "top"])), false),
                    ("pains", .choices(list("deal.pains", ["cost", "speed", "risk"])), false), ("words", .tags, false),
                    ("mail", .email, false), ("site", .url, false), ("phone", .phone(region: "CN"), false), ("memo", .longText, false),
                    ("owner", .link(to: [user]), false), ("parent", .link(to: [deal]), false), ("paper", .file, false),
                    ("no", .autonumber(prefix: "D-", digits: 4, suffix: ""), false),
                    (
                        "stage",
                        .stage(
                            CheckedStages(
                                stages: stages.map {
                                    CheckedStage(key: $0, label: Words(same: $0), phase: nil, end: nil, conditions: [], help: nil)
                                }, allowsSkip: true, allowsBack: true, fromAny: [], options: list("deal.stage", stages))), false
                    ),
                    ("place", .location, false), ("partners", .links(to: [deal]), false), ("papers", .files, false), ("address", .address, false),
                    ("credit", .uscc, false), ("citizen", .cnID, false),
                ]),
        ]
        guard let zone = Zone(name: "Asia/Shanghai") else { preconditionFailure("every system knows Shanghai") }
        let roles = ["sales", "boss"].enumerated().map { index, name in
            CheckedRole(id: RoleID(index: index), name: name, label: Words(same: name), covers: [RoleID(index: index)])
        }
        let model = CheckedApp(
            name: "sample", label: Words(same: "sample"), version: "1.0.0", zone: zone, currency: "CNY", roles: roles, objects: objects,
            scenarios: [],
            schema: FormulaSchema(objects: objects.map(formulaObject), roles: roles.map(\.name), users: user, currency: "CNY"))
        let compiled = objects.map { object in
            CompiledObject(
                id: object.id, computedOrder: [], volatile: [], defaults: [], rules: [], gates: [:],
                shows: TemplateEvaluator(object.shows), showsNeeds: [], dependents: [], lookingBack: .none)
        }
        return CompiledApp(model: model, objects: compiled, automations: .none(for: model), sourceHash: "0123456789abcdef")
    }

    private static func object(
        _ id: ObjectID, _ name: String, _ builtIn: BuiltIn?, _ own: [(name: String, kind: FieldKind, unique: Bool)]
    ) -> CheckedObject {
        let system = SystemField.allCases.map { field -> (name: String, kind: FieldKind, unique: Bool) in
            switch field {
            case .id: (field.name, .number(decimals: 0), false)
            case .version: (field.name, .number(decimals: 0), false)
            case .created, .changed: (field.name, .datetime, false)
            case .createdBy, .changedBy: (field.name, .link(to: [user]), false)
            }
        }
        let fields = (system + own).enumerated().map { index, field in
            CheckedField(
                id: FieldID(object: id, index: index), name: field.name, label: Words(same: field.name), kind: field.kind,
                isUnique: field.unique, isBuiltIn: builtIn != nil)
        }
        let nowhere = Span(file: SourceFileID(index: 0), start: 0, end: 0)
        return CheckedObject(
            id: id, name: name, label: Words(same: name), builtIn: builtIn,
            shows: CheckedTemplate(parts: [.text(name)], source: EmbeddedText(text: name, span: nowhere, segments: [])), fields: fields,
            rules: [], stage: fields.first { if case .stage = $0.kind { true } else { false } }?.id, collections: [], declaredAt: nil)
    }

    private static func formulaObject(_ object: CheckedObject) -> FormulaObject {
        FormulaObject(
            id: object.id, name: object.name, labels: [],
            fields: object.fields.map {
                FormulaField(
                    id: $0.id, name: $0.name, labels: [], type: $0.kind.formulaType(fileObject: file), mayBeBlank: !$0.isSystem,
                    decimals: decimals(of: $0.kind))
            }, collections: [])
    }

    private static func decimals(of kind: FieldKind) -> Int {
        switch kind {
        case .number(let decimals), .money(let decimals, _), .percent(let decimals): decimals
        case .text, .longText, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location, .link, .links, .file, .files, .autonumber,
            .stage:
            0
        }
    }
}
