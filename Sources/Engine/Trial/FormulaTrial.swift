package import Formula
package import JSON
package import SourceText
import Storage

/// One formula tried on inputs, without an app: what `weir eval` and the examples of `spec/` run.
package struct FormulaTrial: Sendable {
    package var expression: String
    /// Names and values; a list makes a list input.
    package var inputs: [JSONValue.Member]
    /// Types of inputs, such as `{"amount":"money"}`, of lists also as `{"when[]":"date"}`; the others follow from the JSON.
    package var types: [JSONValue.Member]
    package var now: Instant
    package var zone: Zone
    package var calendar: BusinessCalendar
    /// Those that formulas may name besides the ones that everybody has.
    package var calendars: [BusinessCalendar]

    package init(
        expression: String, inputs: [JSONValue.Member] = [], types: [JSONValue.Member] = [], now: Instant, zone: Zone,
        calendar: BusinessCalendar = .plain, calendars: [BusinessCalendar] = []
    ) {
        self.expression = expression
        self.inputs = inputs
        self.types = types
        self.now = now
        self.zone = zone
        self.calendar = calendar
        self.calendars = calendars
    }

    package enum Outcome: Sendable {
        case value(Value, FormulaType)
        /// The formula is wrong; spans lie in the source set's one file.
        case wrong(SourceSet, Diagnostics)
        /// An input does not fit its type.
        case badInput(String, Words)
    }

    /// A trial that can be evaluated, by whatever engine.
    package struct Prepared: Sendable {
        package let expression: CheckedExpression
        package let inputs: [(type: FormulaType, value: Value)]
        package let moment: Moment
    }

    package func run() -> Outcome {
        let prepared: Prepared
        switch prepare() {
        case .ready(let ready): prepared = ready
        case .unready(let outcome): return outcome
        }
        let frame = Frame(this: nil, inputs: prepared.inputs.map(\.value), moment: prepared.moment, source: NoRows())
        do {
            return .value(try Evaluator(prepared.expression).value(in: frame), prepared.expression.type)
        } catch {
            preconditionFailure("without rows nothing can throw: \(error)")
        }
    }

    package enum Preparation: Sendable {
        case ready(Prepared)
        /// Never a value.
        case unready(Outcome)
    }

    /// Reads the inputs and checks the formula.
    package func prepare() -> Preparation {
        var scopeInputs: [FormulaScope.Input] = []
        var values: [(type: FormulaType, value: Value)] = []
        for member in inputs {
            let type: FormulaType
            let whole = types.first { $0.name == member.name }?.value.asString, element = types.first { $0.name == member.name + "[]" }?.value.asString
            if let name = whole ?? element {
                guard let known = Self.type(named: name) else {
                    return .unready(.badInput(member.name, Words(zh: "不认识的类型 `\(name)`", en: "unknown type `\(name)`")))
                }
                type = whole == nil ? .list(known) : known
            } else {
                type = Self.type(of: member.value)
            }
            guard let value = value(member.value, as: type) else {
                return .unready(.badInput(
                    member.name, Words(zh: "输入 `\(member.name)` 不是 \(Self.name(of: type))", en: "input `\(member.name)` is no \(Self.name(of: type))")))
            }
            scopeInputs.append(FormulaScope.Input(name: member.name, type: type))
            values.append((type, value))
        }
        var sources = SourceSet()
        let file = sources.add(path: "formula", text: expression)
        let text = EmbeddedText(
            text: expression, span: Span(file: file.id, start: 0, end: Int32(expression.utf8.count)),
            segments: [EmbeddedText.Segment(textOffset: 0, fileOffset: 0)])
        var report = Diagnostics()
        let checker = FormulaChecker(schema: FormulaSchema(objects: [], roles: [], users: nil, currency: "CNY", calendar: calendar, calendars: calendars))
        guard let checked = checker.check(text, in: FormulaScope(this: nil, inputs: scopeInputs), report: &report) else {
            return .unready(.wrong(sources, report))
        }
        return .ready(Prepared(expression: checked, inputs: values, moment: Moment(
                now: now, zone: zone, calendar: calendar, calendars: Dictionary(calendars.map { ($0.name, $0) }) { first, _ in first })))
    }

    // MARK: Inputs

    private static let types: [(name: String, type: FormulaType)] = [
        ("number", .number), ("money", .money(currency: "CNY")), ("percent", .percent), ("text", .text(.plain)), ("bool", .bool),
        ("date", .date), ("datetime", .datetime), ("duration", .duration), ("phone", .text(.phone(region: "CN"))),
        ("email", .text(.email)), ("url", .text(.url)), ("address", .text(.address)),
        ("uscc", .text(.uscc)), ("cn_id", .text(.citizenNumber)), ("location", .location),
    ]

    package static func type(named name: String) -> FormulaType? {
        if name.hasPrefix("list("), name.hasSuffix(")") {
            return type(named: String(name.dropFirst(5).dropLast())).map { .list($0) }
        }
        return types.first { $0.name == name }?.type
    }

    package static func name(of type: FormulaType) -> String {
        switch type {
        case .number: "number"
        case .money: "money"
        case .percent: "percent"
        case .text: "text"
        case .bool: "bool"
        case .date: "date"
        case .datetime: "datetime"
        case .duration: "duration"
        case .choice: "choice"
        case .choices: "choices"
        case .tags: "tags"
        case .link: "link"
        case .links: "links"
        case .location: "location"
        case .list(let element): "list(\(name(of: element)))"
        case .blank: "blank"
        case .error: "error"
        }
    }

    private static func type(of value: JSONValue) -> FormulaType {
        switch value {
        case .null: .blank
        case .bool: .bool
        case .number: .number
        case .string, .object: .text(.plain)
        case .array(let elements): .list(elements.flatMap { $0.asArray ?? [$0] }.first { !$0.isNull }.map(type(of:)) ?? .number)
        }
    }

    private func value(_ json: JSONValue, as type: FormulaType) -> Value? {
        if json.isNull { return .blank }
        switch type {
        case .number, .money, .percent: return json.asDigits.flatMap { ExactDecimal($0) }.map { .number($0) }
        case .text: return json.asString.map { Value(text: $0) }
        case .bool: return json.asBool.map { .bool($0) }
        case .date: return json.asString.flatMap { Day($0) }.map { .date($0) }
        case .datetime:
            return json.asString.flatMap { Instant($0) ?? Instant(local: $0, in: zone) }.map { .instant($0) }
        case .duration:
            if let text = json.asString { return TimeSpan(text).map { .duration($0) } }
            guard let seconds = json.asDigits.flatMap({ ExactDecimal($0) }) else { return nil }
            return TimeSpan(seconds, .second).map { .duration($0) }
        case .list(let element):
            guard let elements = json.asArray else { return nil }
            var values: [Value] = []
            // A range of several rows and columns is its values, row by row.
            for part in elements.flatMap({ $0.asArray ?? [$0] }) {
                guard let value = value(part, as: element) else { return nil }
                values.append(value)
            }
            return .list(values)
        case .location: return json.asString.flatMap { Location($0) }.map { .location($0) }
        case .blank: return .blank
        case .choice, .choices, .tags, .link, .links, .error: return nil
        }
    }

    /// The value in the JSON shapes of the API, links left out since there are none.
    package func json(_ value: Value, language: Language) -> JSONValue {
        switch value {
        case .blank: .null
        case .bool(let truth): .bool(truth)
        case .number(let number): .number(number.description)
        case .text(let text): .string(text)
        case .date(let day): .string(day.description)
        case .instant(let instant): .string(instant.description)
        case .duration(let span): .number(ExactDecimal(scaled: span.microseconds, decimals: 6).description)
        case .option(let key): .string(key)
        case .options(let keys): .array(keys.map(JSONValue.string))
        case .link(let id): .string("\(id.object.index)/\(id.number)")
        case .links(let records): .array(records.map { json(.link($0), language: language) })
        case .location(let location): .string(location.description)
        case .list(let values): .array(values.map { json($0, language: language) })
        case .failure(let failure):
            .object([.init("error", .object([.init("code", .string(failure.code.rawValue)), .init("message", .string(failure.words[language]))]))])
        }
    }
}

/// There are no records beside an expression without an app.
private struct NoRows: RowSource {
    func row(_ id: RecordID) -> Row? { nil }
    func rows(linking link: FieldID, to parent: RecordID) -> [Row] { [] }
    func rows(of object: ObjectID) -> [Row] { [] }
    func users(in role: RoleID) -> [Row] { [] }
    func title(of id: RecordID) -> String { "" }
}
