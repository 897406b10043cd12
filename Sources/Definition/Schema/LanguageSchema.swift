package import JSON

/// The language as a JSON Schema (2020-12), for editors: what `check` says of the shape of a file, key by key.
///
/// Made from the tables that reading uses: the keys of each `Construct`, the types and their keys in `FieldTypeWord`, the steps of cleaning
/// and of tests. What a schema cannot say is told in `spec/schema.md`.
package enum LanguageSchema {
    /// Where editors may find it; an address as a name, nothing is fetched.
    package static let identifier = "https://weir.invalid/schema/language-\(HeaderDefinition.languageVersion).json"

    package static var document: JSONValue {
        var members: [JSONValue.Member] = [
            .init("$schema", "https://json-schema.org/draft/2020-12/schema"),
            .init("$id", .string(identifier)),
            .init("title", "Weir"),
            .init("$ref", "#/$defs/file"),
        ]
        members.append(.init("$defs", .object(Part.allCases.map { JSONValue.Member($0.rawValue, $0.schema) })))
        return .object(members)
    }
}

/// A part of the schema that others refer to.
enum Part: String, CaseIterable {
    case file, app, calendar, role, object, field, collection, split, rule, condition, stage, demotion, moves, approval, level, assignment, nobody, automation, watch, action, actions, scenario, step
    case connector, auth, call, channel, inbound, verification, report, sending, sequence, decay, payload, secret, setting, header
    case text, label, yesOrNo, names, windows, plain, assignments, options, clean, fieldType, points

    var reference: JSONValue { ["$ref": .string("#/$defs/\(rawValue)")] }

    var schema: JSONValue {
        switch self {
        case .file: Self.keys(of: .file)
        case .app: Self.keys(of: .app, required: ["name"])
        case .calendar: CalendarSchema.calendar
        case .role: Self.orNothing(Self.keys(of: .role))
        case .object: Self.orNothing(Self.keys(of: .object))
        case .collection: Self.keys(of: .collection, required: ["name"])
        case .split: Self.keys(of: .split, required: ["split", "into"])
        case .rule: Self.keys(of: .rule, required: ["must"])
        case .condition: Self.keys(of: .condition, required: ["must"])
        case .stage: Self.orNothing(Self.keys(of: .stage))
        case .demotion: Self.keys(of: .demotion, required: ["after"])
        case .moves: Self.keys(of: .moves)
        case .scenario: Self.keys(of: .scenario, required: ["steps"])
        case .approval: Self.keys(of: .approval, required: ["on", "levels"])
        case .level: Self.keys(of: .level, required: ["by"], adding: [("dependentRequired", ["late": ["within"]])])
        case .assignment: Self.keys(of: .assignment, required: ["on", "sets", "among"])
        case .nobody: Self.any(Self.keys(of: .nobody, required: ["queue"]), Self.keys(of: .nobody, required: ["notify"]))
        case .automation: Self.any(Self.keys(of: .automation, required: ["when", "do"]), Self.keys(of: .automation, required: ["when", "before"]))
        case .watch: Self.keys(of: .watch, required: ["while", "after"])
        case .action: Self.actionSchema
        case .actions: Self.any(Part.action.reference, ["type": "array", "minItems": 1, "items": Part.action.reference])
        case .field: FieldSchema.field
        case .step: Self.stepSchema
        case .text: Self.scalar
        case .label: Self.any(Part.text.reference, Self.keys(of: .languages, adding: [("minProperties", 1)]))
        case .yesOrNo: Self.any(["type": "boolean"], ["type": "string", "pattern": "^([Yy][Ee][Ss]|[Nn][Oo]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|是|否)$"])
        case .names: Self.any(Part.text.reference, ["type": "array", "items": Part.text.reference])
        case .windows: CalendarSchema.windows
        case .plain: Self.any(Self.scalarOrNothing, ["type": "array", "items": Self.scalarOrNothing])
        case .assignments: Self.map(Part.plain)
        case .options:
            Self.any(
                ["type": "array", "items": Part.text.reference],
                ["type": "object", "additionalProperties": Self.any(Part.label.reference, ["type": "null"])])
        case .clean: FieldSchema.clean
        case .fieldType: FieldSchema.type
        case .connector: ConnectorSchema.connector
        case .auth: ConnectorSchema.auth
        case .call: ConnectorSchema.call
        case .channel: ConnectorSchema.channel
        case .inbound: Self.keys(of: .inbound, required: ["verify", "creates", "map"])
        case .verification: ConnectorSchema.verification
        case .report: Self.keys(of: .report, required: ["from", "value"])
        case .sending: Self.keys(of: .sending, required: ["to"])
        case .sequence: Self.keys(of: .sequence, required: ["of", "by", "steps", "within", "do"])
        case .decay: Self.keys(of: .decay, required: ["of", "by", "add", "curve"])
        case .payload: ConnectorSchema.payload
        case .secret: ["type": "string", "pattern": .string(ConnectorSchema.secretPattern)]
        case .setting: Self.any(["type": "string", "pattern": .string(ConnectorSchema.secretPattern)], ["type": ["string", "number", "boolean"], "minLength": 1, "not": ["type": "string", "pattern": "^\\$"]])
        case .header: ["type": "string", "pattern": .string(ConnectorSchema.headerPattern)]
        case .points: ["type": "object", "minProperties": 1, "additionalProperties": Part.text.reference]
        }
    }

    // MARK: Shapes

    /// A text, however YAML reads it: types come from the position.
    static let scalar: JSONValue = ["type": ["string", "number", "boolean"], "minLength": 1]
    private static let scalarOrNothing: JSONValue = ["type": ["string", "number", "boolean", "null"]]

    static func any(_ schemas: JSONValue...) -> JSONValue { ["anyOf": .array(schemas)] }

    static func orNothing(_ schema: JSONValue) -> JSONValue { any(["type": "null"], schema) }

    /// A map whose keys are the author's.
    static func map(_ part: Part) -> JSONValue { ["type": "object", "additionalProperties": part.reference] }

    /// A map with the keys of the construct and no others.
    static func keys(of construct: Construct, required: [String] = [], adding: [(String, JSONValue)] = []) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("type", "object"),
            .init("properties", .object(construct.keys.map { JSONValue.Member($0, value(of: $0, in: construct)) })),
            .init("additionalProperties", false),
        ]
        if !required.isEmpty { members.append(.init("required", .array(required.map(JSONValue.string)))) }
        members += adding.map { JSONValue.Member($0.0, $0.1) }
        return .object(members)
    }

    // MARK: Keys

    /// What stands behind a key. A key of the language without an answer here is our own mistake, which the tests find.
    private static func value(of key: String, in construct: Construct) -> JSONValue {
        ConnectorSchema.value(of: key, in: construct) ?? otherValue(of: key, in: construct)
    }

    private static func otherValue(of key: String, in construct: Construct) -> JSONValue {
        switch (construct, key) {
        case (.file, "app"): Part.app.reference
        case (.file, "calendars"): map(.calendar)
        case (.file, "roles"): map(.role)
        case (.file, "choices"): map(.options)
        case (.file, "objects"): map(.object)
        case (.file, "approvals"): map(.approval)
        case (.approval, "freeze"): Part.names.reference
        case (.approval, "changed"): ["enum": .array(ApprovalDefinition.changes.map(JSONValue.string))]
        case (.approval, "levels"): ["type": "object", "minProperties": 1, "additionalProperties": Part.level.reference]
        case (.approval, "reject"): ["enum": .array(ApprovalDefinition.rejections.map(JSONValue.string))]
        case (.approval, "allow"):
            any(
                ["enum": .array(ApprovalDefinition.liberties.map(JSONValue.string))],
                ["type": "array", "items": ["enum": .array(ApprovalDefinition.liberties.map(JSONValue.string))]])
        case (.approval, "self_approval"): Part.yesOrNo.reference
        case (.approval, "on"), (.level, "need"), (.level, "within"): Part.text.reference
        case (.level, "by"), (.level, "late"): Part.names.reference
        case (.level, "same_person"): ["enum": ["skip", "ask"]]
        case (.level, "empty"): ["enum": ["fail", "skip", "escalate"]]
        case (.stage, "approval"): Part.text.reference
        case (.step, "answer"): any(["type": "null"], Part.assignments.reference)
        case (.step, "away"), (.step, "from"), (.step, "until"), (.step, "add signer before"), (.step, "add signer after"): Part.text.reference
        case (.step, "approve"), (.step, "reject"), (.step, "send back"), (.step, "delegate"), (.step, "withdraw"), (.step, "resubmit"), (.step, "to"),
            (.step, "comment"):
            Part.text.reference
        case (.step, "expect approval"): ["type": "object", "minProperties": 1, "additionalProperties": Part.text.reference]
        case (.step, "expect approvers"): Part.names.reference
        case (.file, "assignments"): map(.assignment)
        case (.assignment, "prefer"): Part.points.reference
        case (.assignment, "tie"): ["enum": ["round robin", "in order"]]
        case (.assignment, "nobody"): Part.nobody.reference
        case (.assignment, "on"), (.assignment, "sets"), (.assignment, "among"), (.assignment, "protect"), (.nobody, "queue"): Part.text.reference
        case (.nobody, "notify"): Part.names.reference
        case (.nobody, "message"): Part.label.reference
        case (.file, "automations"): map(.automation)
        case (.file, "watches"): map(.watch)
        case (.file, "reports"): map(.report)
        case (.report, "show"): ["enum": .array(ReportDefinition.shows.map(JSONValue.string))]
        case (.report, "send"): Part.sending.reference
        case (.report, "from"), (.report, "rows"), (.report, "columns"), (.report, "value"), (.report, "every"): Part.text.reference
        case (.sending, "to"), (.sending, "via"): Part.names.reference
        case (.sending, "title"), (.sending, "message"): Part.label.reference
        case (.file, "tests"): map(.scenario)
        case (.app, "language"): ["enum": [.string(HeaderDefinition.languageVersion), .number(HeaderDefinition.languageVersion)]]
        case (.app, "version"): any(["type": "number"], ["type": "string", "pattern": "^[0-9]{1,9}(\\.[0-9]{1,9}){0,2}$"])
        case (.app, _): key == "label" ? Part.label.reference : Part.text.reference
        case (.calendar, "week"): CalendarSchema.week
        case (.calendar, "holidays"), (.calendar, "workdays"): Part.names.reference
        case (.calendar, "exceptions"): CalendarSchema.exceptions
        case (.calendar, "years"): CalendarSchema.years
        case (.role, "includes"), (.moves, "from_any"), (.split, "into"): Part.names.reference
        case (.role, "administers"): Part.yesOrNo.reference
        case (.object, "fields"): map(.field)
        case (.object, "rules"): map(.rule)
        case (.object, "shows"): Part.label.reference
        case (.field, "type"): Part.fieldType.reference
        case (.field, "required"), (.field, "unique"), (.moves, "skip"), (.moves, "back"): Part.yesOrNo.reference
        case (.field, "default"): Part.plain.reference
        case (.field, "clean"): Part.clean.reference
        case (.field, "options"): Part.options.reference
        case (.field, "to"): Part.names.reference
        case (.field, "as"): any(Part.text.reference, Part.collection.reference)
        case (.field, "decimals"): FieldSchema.decimals
        case (.field, "stages"): ["type": "object", "minProperties": 1, "additionalProperties": Part.stage.reference]
        case (.field, "moves"): Part.moves.reference
        case (.field, "points"): Part.points.reference
        case (.stage, "enter"): map(.condition)
        case (.stage, "keep"): Part.yesOrNo.reference
        case (.stage, "demote"): Part.demotion.reference
        case (.demotion, "notify"): Part.names.reference
        case (.demotion, "message"): Part.label.reference
        case (.demotion, _): Part.text.reference
        case (.stage, "end"): ["enum": .array(StageDefinition.Stage.End.allCases.map { .string($0.rawValue) })]
        case (.file, "sequences"): map(.sequence)
        case (.file, "decays"): map(.decay)
        case (.sequence, "steps"): ["type": "array", "minItems": 2, "items": Part.text.reference]
        case (.sequence, "unless"): Part.names.reference
        case (.sequence, "do"): Part.actions.reference
        case (.sequence, "within"), (.sequence, "late"): Part.text.reference
        case (.sequence, let key) where EventsDefinition.keys.contains(key), (.decay, let key) where EventsDefinition.keys.contains(key): Part.text.reference
        case (.decay, "add"), (.decay, "curve"): Part.points.reference
        case (.decay, "below"): ["type": "object", "minProperties": 1, "additionalProperties": Part.actions.reference]
        case (.automation, "before"), (.action, "set"): Part.assignments.reference
        // Fields to be filled in of `ask`, values of all others: see `actionSchema`.
        case (.action, "with"): ["type": "object"]
        case (.automation, "when"), (.watch, "restart on"), (.action, "via"), (.action, "notify"), (.action, "ask"), (.action, "to"): Part.names.reference
        case (.automation, "do"), (.action, "do"), (.action, "then"), (.action, "else"): Part.actions.reference
        case (.automation, "missed"): ["enum": ["once", "all", "skip"]]
        case (.watch, "missed"): ["enum": ["once", "all", "skip", "highest"]]
        case (.watch, "after"): ["type": "object", "minProperties": 1, "additionalProperties": Part.actions.reference]
        case (.action, "message"), (.action, "title"), (.action, "stop"): Part.label.reference
        case (.action, "tag"), (.action, "untag"): Part.plain.reference
        case (.watch, "while"), (.watch, "pause while"): Part.text.reference
        case (.action, _): Part.text.reference
        case (.scenario, "given"): ["type": "object", "additionalProperties": ["type": "object", "additionalProperties": any(["type": "null"], Part.assignments.reference)]]
        case (.scenario, "stubs"):
            [
                "type": "object",
                "additionalProperties": any(["enum": .array(ScenarioDefinition.Stub.words.map(JSONValue.string))], keys(of: .stub, required: ["receipt"])),
            ]
        case (.stub, _): Part.text.reference
        case (.scenario, "steps"): ["type": "array", "items": Part.step.reference]
        case (.step, "with"), (.step, "expect"): Part.assignments.reference
        case (.step, "expect held"), (.step, "expect refused"), (.step, "expect notified"), (.step, "expect not notified"), (.step, "expect sent"):
            Part.names.reference
        case (.step, "expect created"), (.step, "expect not created"):
            any(Part.text.reference, ["type": "object", "additionalProperties": any(["type": "null"], Part.assignments.reference)])
        case (.step, "edit"), (.step, "delete"): any(["type": "null"], Part.text.reference)
        case (_, "label"), (_, "help"), (_, "group"), (_, "say"), (_, "phase"): Part.label.reference
        case (_, "name"), (_, "like"), (_, "currency"), (_, "region"), (_, "format"), (_, "formula"), (_, "must"), (_, "if"), (_, "split"), (_, "at"),
            (_, "create"), (_, "move"), (_, "inbound"), (_, "receive"), (_, "wait"), (_, "as"), (_, "of"), (_, "zh"), (_, "en"):
            Part.text.reference
        default: preconditionFailure("the schema does not know the key `\(key)` of \(construct)")
        }
    }

    /// Exactly one verb, what it needs, and what goes with it.
    private static var actionSchema: JSONValue {
        let choices = StepDefinition.verbs.map { verb -> JSONValue in
            let fitting = [verb] + StepDefinition.keys(beside: verb)
            let needed = [verb] + StepDefinition.keys(neededBy: verb)
            var choice: [JSONValue.Member] = [
                .init("required", .array(needed.map(JSONValue.string))), .init("propertyNames", ["enum": .array(fitting.map(JSONValue.string))]),
            ]
            // What is sent goes to one address or one formula for people; a suggestion to several as a notice does.
            if verb == "send" { choice.append(.init("properties", ["to": Part.text.reference])) }
            if verb == "ask" {
                choice.append(.init("properties", ["with": ["type": "object", "minProperties": 1, "additionalProperties": Part.field.reference]]))
            } else if fitting.contains("with") {
                choice.append(.init("properties", ["with": Part.assignments.reference]))
            }
            return .object(choice)
        }
        return keys(of: .action, adding: [("anyOf", .array(choices))])
    }

    /// Exactly one of the keys that say what a step does, and what goes with it.
    private static var stepSchema: JSONValue {
        let choices = ScenarioDefinition.Step.actions.map { action -> JSONValue in
            let fitting = [action] + ScenarioDefinition.Step.keys(beside: action)
            let needed = [action] + ScenarioDefinition.Step.keys(neededBy: action)
            return ["required": .array(needed.map(JSONValue.string)), "propertyNames": ["enum": .array(fitting.map(JSONValue.string))]]
        }
        return keys(of: .step, adding: [("anyOf", .array(choices))])
    }
}

/// Calendars: days, and hours of the day.
private enum CalendarSchema {
    static var calendar: JSONValue { Part.keys(of: .calendar, adding: [("anyOf", [["required": ["like"]], ["required": ["week"]]])]) }

    static var week: JSONValue {
        ["type": "object", "propertyNames": ["pattern": .string("^\(dayNames)( *(-|–|至) *\(dayNames))?$")], "additionalProperties": Part.windows.reference]
    }

    static var exceptions: JSONValue {
        ["type": "object", "additionalProperties": Part.windows.reference]
    }

    static var windows: JSONValue { texts(["off", "休", "no", "false", hours]) }

    static var years: JSONValue { Part.any(["type": "integer"], ["type": "string", "pattern": "^ *[0-9]{4}( *(-|–|\\.\\.) *[0-9]{4})? *$"]) }

    private static let hours = "[0-9]{1,2}:[0-9]{2} *(-|–|至) *[0-9]{1,2}:[0-9]{2}"
    private static var dayNames: String {
        "(\(CalendarDefinition.weekdays.flatMap { $0 }.map { $0.map { $0.isASCII ? "[\($0.uppercased())\($0)]" : String($0) }.joined() }.joined(separator: "|")))"
    }

    /// One of these or several with commas between, or a list.
    private static func texts(_ forms: [String]) -> JSONValue {
        let one = "(\(forms.joined(separator: "|")))"
        let text: JSONValue = ["type": "string", "pattern": .string("^ *\(one)( *[,，、] *\(one))* *$")]
        let item = forms.contains("no") ? Part.any(text, ["enum": [false]]) : text
        return Part.any(item, ["type": "array", "items": item])
    }
}

/// Fields: a type alone, or keys of which some go with some types.
private enum FieldSchema {
    static var field: JSONValue {
        Part.any(["$ref": "#/$defs/fieldType", "type": "string", "pattern": .string(pattern(FieldTypeWord.Kind.allCases.compactMap { form($0, isAlone: true) }))], keys)
    }

    /// Every form of a type, as it stands behind `type:`.
    static var type: JSONValue { ["type": "string", "pattern": .string(pattern(FieldTypeWord.Kind.allCases.compactMap { form($0, isAlone: false) }))] }

    static var decimals: JSONValue {
        let range = FieldDefinition.decimalsRange
        return Part.any(
            ["type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound)],
            ["type": "string", "pattern": .string("^[+]?0*(\(range.map(String.init).joined(separator: "|")))$")])
    }

    static var clean: JSONValue {
        let names = CleanStepDefinition.Name.allCases.map(\.rawValue).joined(separator: "|")
        let step = Part.any(
            ["type": "string", "pattern": .string("^(\(names)|\(CleanStepDefinition.Name.honorific.rawValue) *(→|->) *[^ ].*)$")], Part.split.reference)
        return Part.any(step, ["type": "array", "items": step])
    }

    private static let target = "[^ ,，、\\[\\]]+"

    /// What may be written for a type.
    ///
    /// - Parameter isAlone: Without keys beside it, so that all it needs must stand in it.
    private static func form(_ kind: FieldTypeWord.Kind, isAlone: Bool) -> String? {
        let word = kind.rawValue
        guard let joint = FieldTypeWord.joint(of: kind) else { return isAlone && kind == .stage ? nil : word }
        let one = "\(word) +\(joint) +\(target)"
        let full = kind == .link ? "\(one)|\(word) +\(joint) +\\[ *\(target) *([,，、] *\(target) *)*\\]" : one
        return isAlone ? full : "\(word)|\(full)"
    }

    private static func pattern(_ forms: [String]) -> String { "^(\(forms.joined(separator: "|")))$" }

    private static var keys: JSONValue {
        var rules: [JSONValue] = FieldTypeWord.Kind.allCases.flatMap(rules)
        // Without a type, the keys of a computed field, or more about one that is built in.
        rules.append([
            "if": ["not": ["required": ["type"]], "anyOf": [["required": ["formula"]], ["required": ["points"]]]],
            "then": ["propertyNames": ["enum": names(KeyReader.keysOfEveryType + ["decimals"])]],
        ])
        rules.append([
            "if": ["anyOf": [["required": ["formula"]], ["required": ["points"]]]],
            "then": ["propertyNames": ["not": ["enum": names(KeyReader.keysOfInput + ["as"])]], "not": ["required": ["formula", "points"]]],
        ])
        return Part.keys(of: .field, adding: [("allOf", .array(rules))])
    }

    private static func rules(_ kind: FieldTypeWord.Kind) -> [JSONValue] {
        let word = FieldTypeWord(kind: kind, targets: [])
        let fitting = KeyReader.keysOfEveryType.filter(word.fits) + word.keys
        var rules = [rule("^\(kind.rawValue)( |$)", ["propertyNames": ["enum": names(fitting)]])]
        switch kind {
        case .choice, .choices: rules += needed("options", by: kind)
        case .link, .links: rules += needed("to", by: kind)
        case .stage: rules.append(rule("^\(kind.rawValue)$", ["required": ["stages"]]))
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .tags, .email, .phone, .url, .file, .files, .autonumber, .address,
            .location, .uscc, .citizenNumber:
            break
        }
        return rules
    }

    /// Said in the key, or behind the word, but not in both.
    private static func needed(_ key: String, by kind: FieldTypeWord.Kind) -> [JSONValue] {
        [
            rule("^\(kind.rawValue)$", ["required": [.string(key)]]),
            rule("^\(kind.rawValue) ", ["not": ["required": [.string(key)]]]),
        ]
    }

    private static func rule(_ pattern: String, _ then: JSONValue) -> JSONValue {
        ["if": ["required": ["type"], "properties": ["type": ["type": "string", "pattern": .string(pattern)]]], "then": then]
    }

    private static func names(_ names: [String]) -> JSONValue { .array(names.map(JSONValue.string)) }
}
