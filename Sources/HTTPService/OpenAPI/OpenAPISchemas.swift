import Engine
import Formula
import JSON
import Model
import Program
import SourceText
import Storage

/// The shapes of values, records and answers.
struct OpenAPISchemas {
    let app: CompiledApp
    let language: Language

    /// Every schema, by name.
    var all: [JSONValue.Member] {
        var all: [JSONValue.Member] = [
            .init("Problem", problem), .init("Violation", violation), .init("Link", link), .init("FormulaError", formulaError), .init("Gate", gate),
            .init("Condition", condition), .init("Diagnostic", diagnostic), .init("AggregateValue", aggregateValue), .init("Aggregate", aggregate),
            .init("BatchResult", batchResult),
        ]
        for object in app.model.objects {
            let name = name(of: object)
            all += [
                .init("\(name).fields", fields(of: object)), .init("\(name).record", record(object)), .init("\(name).list", list(object)),
                .init("\(name).new", input(of: object, isNew: true)), .init("\(name).change", input(of: object, isNew: false)),
            ]
        }
        return all
    }

    /// A name that OpenAPI takes: letters, digits, `.`, `_` and `-` of ASCII.
    func name(of object: CheckedObject) -> String {
        let isPlain = object.name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F || byte == 0x2D
        }
        return isPlain ? object.name : "object\(object.id.index)"
    }

    // MARK: Records

    private func record(_ object: CheckedObject) -> JSONValue {
        .members(
            ("type", "object"), ("title", .string(object.label[language])), ("required", ["id", "version", "fields"]), ("additionalProperties", .bool(false)),
            ("properties", .members(
                ("id", .members(("type", "string"), ("pattern", .string("^\(Self.literal(object.name))/[1-9][0-9]*$")))),
                ("version", .members(("type", "integer"), ("minimum", .int(1)))), ("fields", .reference("\(name(of: object)).fields")))))
    }

    private func list(_ object: CheckedObject) -> JSONValue {
        .members(
            ("type", "object"), ("required", ["records", "next", "total"]), ("additionalProperties", .bool(false)),
            ("properties", .members(
                ("records", .members(("type", "array"), ("items", .reference("\(name(of: object)).record")))),
                ("next", .members(("type", ["string", "null"]), ("description", .string(Words(zh: "下一页的 after=；最后一页为 null", en: "`after=` of the next page; null on the last")[language])))),
                ("total", .members(("type", ["integer", "null"]), ("minimum", .int(0)))))))
    }

    /// All fields as they are given. With `fields=` only those that were asked for.
    private func fields(of object: CheckedObject) -> JSONValue {
        .members(
            ("type", "object"), ("additionalProperties", .bool(false)),
            ("properties", .object(object.fields.map { .init($0.name, given($0)) })))
    }

    /// A field in an answer.
    private func given(_ field: CheckedField) -> JSONValue {
        var members = value(field.kind)
        if let computed = field.computed {
            members = [.init("anyOf", .array([.object(members), .reference("FormulaError")]))]
            if case .formula(let expression) = computed { members.append(.init("x-formula", .string(expression.source.text))) }
        }
        members.insert(.init("title", .string(field.label[language])), at: 0)
        if let help = field.help?[language], !help.isEmpty { members.append(.init("description", .string(help))) }
        if !isTaken(field) { members.append(.init("readOnly", .bool(true))) }
        if case .money(_, let currency) = field.kind { members.append(.init("x-currency", .string(currency))) }
        if let decimals = field.kind.decimals, decimals > 0 { members.append(.init("x-decimals", .int(decimals))) }
        return .object(members)
    }

    private func value(_ kind: FieldKind) -> [JSONValue.Member] {
        func nullable(_ type: JSONValue, _ more: JSONValue.Member...) -> [JSONValue.Member] { [.init("type", .array([type, "null"]))] + more }
        switch kind {
        case .text, .phone: return nullable("string", .init("maxLength", .int(ValueLimits.textLength)))
        case .longText: return nullable("string", .init("maxLength", .int(ValueLimits.longTextLength)))
        case .email: return nullable("string", .init("format", "idn-email"))
        case .url: return nullable("string", .init("format", "iri"))
        case .autonumber(let prefix, let digits, let suffix):
            return nullable("string", .init("pattern", .string("^\(Self.literal(prefix))[0-9]{\(digits),}\(Self.literal(suffix))$")))
        case .number(let decimals), .money(let decimals, _), .percent(let decimals): return nullable(decimals == 0 ? "integer" : "number")
        case .bool: return nullable("boolean")
        case .date: return nullable("string", .init("format", "date"))
        case .datetime: return nullable("string", .init("format", "date-time"))
        case .duration: return nullable("number", .init("description", .string(Words(zh: "秒", en: "seconds")[language])))
        case .choice(let list): return [.init("enum", .array(list.options.map { .string($0.key) } + [.null]))]
        case .stage(let stages): return [.init("enum", .array(stages.options.options.map { .string($0.key) } + [.null]))]
        case .choices(let list):
            return nullable("array", .init("items", .members(("enum", .array(list.options.map { .string($0.key) })))), .init("uniqueItems", .bool(true)))
        case .tags: return nullable("array", .init("items", .members(("type", "string"))), .init("uniqueItems", .bool(true)))
        case .address: return nullable("string", .init("maxLength", .int(ValueLimits.addressLength)))
        case .uscc, .cnID: return nullable("string", .init("minLength", .int(18)), .init("maxLength", .int(18)))
        case .location: return [.init("anyOf", [Self.location, .members(("type", "null"))])]
        case .link, .file: return [.init("anyOf", [.reference("Link"), .members(("type", "null"))])]
        case .links, .files: return nullable("array", .init("items", .reference("Link")))
        }
    }

    // MARK: What is taken

    /// Whether people and programs may write it through the API.
    private func isTaken(_ field: CheckedField) -> Bool {
        if case .stage = field.kind { return false }
        return field.isWritable
    }

    private func input(of object: CheckedObject, isNew: Bool) -> JSONValue {
        let taken = object.fields.filter(isTaken)
        // A field that cleaning another one fills in may be left out.
        var filledByCleaning: Set<FieldID> = []
        for step in taken.flatMap(\.clean) {
            switch step {
            case .honorific(let into): if let into { filledByCleaning.insert(into) }
            case .split(_, let into): filledByCleaning.formUnion(into)
            case .trim, .collapse, .halfwidth, .upper, .lower, .phone: break
            }
        }
        func mustBeGiven(_ field: CheckedField) -> Bool { field.isRequired && field.defaultValue == nil && !filledByCleaning.contains(field.id) }
        var members: [JSONValue.Member] = [
            .init("type", "object"), .init("additionalProperties", .bool(false)),
            .init("properties", .object(taken.map { .init($0.name, entry($0, isBlankable: !mustBeGiven($0))) })),
        ]
        let required = taken.filter(mustBeGiven)
        if isNew, !required.isEmpty { members.append(.init("required", .array(required.map { .string($0.name) }))) }
        return .object(members)
    }

    /// A field in a request: its value as answers have it, or a text as a person would write it.
    private func entry(_ field: CheckedField, isBlankable: Bool) -> JSONValue {
        let text = JSONValue.members(
            ("type", "string"), ("minLength", .int(isBlankable ? 0 : 1)), ("maxLength", .int(ValueLimits.longTextLength)),
            ("description", .string(Words(zh: "像人填写的那样", en: "as a person writes it")[language])))
        var forms: [JSONValue]
        switch field.kind {
        case .text, .phone, .email, .url, .address, .uscc, .cnID, .autonumber:
            forms = [.members(("type", "string"), ("minLength", .int(isBlankable ? 0 : 1)), ("maxLength", .int(ValueLimits.textLength)))]
        case .longText: forms = [text]
        case .number(let decimals), .money(let decimals, _), .percent(let decimals):
            forms = [
                .members(("type", "number"), ("description", .string(Words(zh: "四舍五入到 \(decimals) 位小数", en: "rounded to \(decimals) decimals")[language]))),
                text,
            ]
        case .bool: forms = [.members(("type", "boolean")), text]
        case .date: forms = [.members(("type", "string"), ("format", "date")), text]
        case .datetime: forms = [.members(("type", "string"), ("format", "date-time")), text]
        case .duration: forms = [.members(("type", "number"), ("description", .string(Words(zh: "秒", en: "seconds")[language]))), text]
        case .choice(let list): forms = [options(list), text]
        case .stage(let stages): forms = [options(stages.options), text]
        case .choices(let list):
            forms = [
                .members(
                    ("type", "array"), ("items", .members(("anyOf", [options(list), text]))), ("minItems", .int(isBlankable ? 0 : 1)),
                    ("maxItems", .int(ValueLimits.optionCount))),
                text,
            ]
        case .tags:
            forms = [
                .members(
                    ("type", "array"), ("items", .members(("type", "string"), ("maxLength", .int(ValueLimits.tagLength)))),
                    ("minItems", .int(isBlankable ? 0 : 1)), ("maxItems", .int(ValueLimits.optionCount))),
                text,
            ]
        case .location: forms = [Self.location, text]
        case .link, .file:
            forms = [
                text, .members(("type", "integer"), ("minimum", .int(1))),
                .members(("type", "object"), ("required", ["id"]), ("properties", .members(("id", .members(("type", isBlankable ? ["string", "null"] : "string")))))),
            ]
        case .links, .files:
            let one = JSONValue.members(("anyOf", [
                .members(("type", "string"), ("minLength", .int(1))), .members(("type", "integer"), ("minimum", .int(1))),
                .members(("type", "object"), ("required", ["id"]), ("properties", .members(("id", .members(("type", "string")))))),
            ]))
            forms = [
                .members(("type", "array"), ("items", one), ("minItems", .int(isBlankable ? 0 : 1)), ("maxItems", .int(ValueLimits.linkCount))), text,
            ]
        }
        if isBlankable { forms.append(.members(("type", "null"))) }
        var members: [JSONValue.Member] = [.init("title", .string(field.label[language]))]
        if let help = field.help?[language], !help.isEmpty { members.append(.init("description", .string(help))) }
        let targets: [ObjectID] =
            if case .link(let objects) = field.kind { objects } else if case .links(let objects) = field.kind { objects } else { [] }
        if !targets.isEmpty { members.append(.init("x-objects", .array(targets.map { .string(app.model[$0].name) }))) }
        members.append(.init("anyOf", .array(forms)))
        return .object(members)
    }

    /// Coordinates in degrees.
    private static let location = JSONValue.members(
        ("type", "object"), ("required", ["latitude", "longitude"]), ("additionalProperties", .bool(false)),
        ("properties", .members(
            ("latitude", .members(("type", "number"), ("minimum", .int(-90)), ("maximum", .int(90)))),
            ("longitude", .members(("type", "number"), ("minimum", .int(-180)), ("maximum", .int(180)))))))

    private func options(_ list: OptionList) -> JSONValue {
        .members(
            ("enum", .array(list.options.map { .string($0.key) })),
            ("description", .string(list.options.map { "\($0.key): \(language == .zh ? $0.labelZh : $0.labelEn)" }.joined(separator: "; "))))
    }

    // MARK: What every app has

    private var link: JSONValue {
        .members(
            ("type", "object"), ("required", ["id", "label"]), ("additionalProperties", .bool(false)),
            ("properties", .members(
                ("id", .members(("type", "string"))),
                ("label", .members(("type", ["string", "null"]), ("description", .string(Words(zh: "记录已不在时为 null", en: "null if the record is gone")[language])))))))
    }

    private var formulaError: JSONValue {
        .members(
            ("type", "object"), ("required", ["error"]), ("additionalProperties", .bool(false)),
            ("properties", .members(("error", .members(
                ("type", "object"), ("required", ["code", "message"]), ("additionalProperties", .bool(false)),
                ("properties", .members(("code", .members(("type", "string"))), ("message", .members(("type", "string"))))))))))
    }

    private var problem: JSONValue {
        .members(
            ("type", "object"), ("required", ["type", "title", "status", "code", "message", "detail"]),
            ("properties", .members(
                ("type", .members(("const", "about:blank"))), ("title", .members(("type", "string"))),
                ("status", .members(("type", "integer"), ("minimum", .int(400)), ("maximum", .int(599)))),
                ("code", .members(("type", "string"), ("description", .string(Words(zh: "固定不变，供程序判断", en: "stable, for programs")[language])))),
                ("message", .members(("type", "string"))), ("detail", .members(("type", "string"))), ("field", .members(("type", "string"))),
                ("violations", .members(("type", "array"), ("items", .reference("Violation")))),
                ("to", .members(("type", "string"))), ("missing", .members(("type", "array"), ("items", .reference("Condition")))),
                ("version", .members(("type", "integer"))), ("fields", Self.strings), ("stages", Self.strings),
                ("diagnostics", .members(("type", "array"), ("items", .reference("Diagnostic")))),
                ("results", .members(("type", "array"), ("items", .reference("BatchResult")))))))
    }

    private static let strings = JSONValue.members(("type", "array"), ("items", .members(("type", "string"))))
    private static let textOrNull = JSONValue.members(("type", ["string", "null"]))

    private var violation: JSONValue {
        .members(
            ("type", "object"), ("required", ["code", "message", "field", "rule"]), ("additionalProperties", .bool(false)),
            ("properties", .members(
                ("code", .members(("enum", .array(Violation.Code.allCases.map { .string($0.rawValue) })))), ("message", .members(("type", "string"))),
                ("field", Self.textOrNull), ("rule", Self.textOrNull))))
    }

    private var condition: JSONValue {
        .members(
            ("type", "object"), ("required", ["name", "say", "ok"]), ("additionalProperties", .bool(false)),
            ("properties", .members(
                ("name", .members(("type", "string"))), ("say", .members(("type", "string"))), ("ok", .members(("type", "boolean"))),
                ("ways", .members(("type", "array"), ("items", .members(("type", "object"))))))))
    }

    private var gate: JSONValue {
        .members(
            ("type", "object"), ("required", ["to", "open", "missing"]), ("additionalProperties", .bool(false)),
            ("properties", .members(
                ("to", .members(("type", "string"))), ("open", .members(("type", "boolean"))),
                ("missing", .members(("type", "array"), ("items", .reference("Condition")))))))
    }

    private var diagnostic: JSONValue {
        .members(
            ("type", "object"), ("required", ["code", "message", "start", "end", "hint"]), ("additionalProperties", .bool(false)),
            ("properties", .members(
                ("code", .members(("type", "string"))), ("message", .members(("type", "string"))), ("start", .members(("type", "integer"))),
                ("end", .members(("type", "integer"))), ("hint", Self.textOrNull))))
    }

    private var aggregateValue: JSONValue {
        .members(("anyOf", [.members(("type", ["number", "string", "boolean", "null"])), .reference("Link"), .reference("FormulaError")]))
    }

    private var aggregate: JSONValue {
        let values = JSONValue.members(("type", "object"), ("additionalProperties", .reference("AggregateValue")))
        let failed = JSONValue.members(("type", "object"), ("additionalProperties", .members(("type", "integer"), ("minimum", .int(1)))))
        return .members(
            ("type", "object"), ("required", ["groups", "currencies", "more"]), ("additionalProperties", .bool(false)),
            ("properties", .members(
                ("groups", .members(("type", "array"), ("items", .members(
                    ("type", "object"), ("required", ["by", "values"]), ("additionalProperties", .bool(false)),
                    ("properties", .members(("by", values), ("values", values), ("failed", failed))))))),
                ("currencies", .members(("type", "object"), ("additionalProperties", .members(("type", "string"))))),
                ("more", .members(("type", "boolean"))))))
    }

    /// `record` of what was made or changed, `id` of what was deleted, `problem` of what was refused.
    private var batchResult: JSONValue {
        .members(
            ("type", "object"), ("required", ["status"]), ("additionalProperties", .bool(false)),
            ("properties", .members(
                ("status", .members(("type", "integer"))), ("id", .members(("type", "string"))), ("record", .members(("type", "object"))),
                ("problem", .reference("Problem")))))
    }

    /// A text as it stands in a regular expression.
    static func literal(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            if "\\^$.|?*+()[]{}/".unicodeScalars.contains(character) { result += "\\" }
            result.unicodeScalars.append(character)
        }
        return result
    }
}
