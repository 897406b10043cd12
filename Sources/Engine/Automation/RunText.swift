import Formula
import JSON
import Model
import Program

/// Values as a run keeps them: by the names of objects and fields, so that they mean the same in the next version of the app.
enum RunText {
    static func text(of values: [Value], in app: CompiledApp) -> String {
        values.allSatisfy(\.isBlank) ? "" : JSONValue.array(values.map { json($0, app) }).text()
    }

    /// What cannot be read any more, such as a record of an object that is gone, is blank.
    static func values(_ text: String, count: Int, in app: CompiledApp) -> [Value] {
        var values = ((try? JSONValue.parse(text))?.asArray ?? []).prefix(count).map { value($0, app) }
        values += repeatElement(.blank, count: count - values.count)
        return values
    }

    /// The values of some fields of a record, by name.
    static func text(of fields: some Sequence<FieldID>, from row: Row, in app: CompiledApp) -> String {
        JSONValue.object(fields.sorted { $0.index < $1.index }.map { JSONValue.Member(app.model[$0].name, json(row[$0], app)) }).text()
    }

    /// The names of the fields whose values it holds.
    static func names(in text: String) -> Set<String> {
        Set(((try? JSONValue.parse(text))?.asObject ?? []).map(\.name))
    }

    /// The row with those values in place of its own.
    static func put(_ text: String, into row: Row, in app: CompiledApp) -> Row {
        var row = row
        let object = app.model[row.id.object]
        for member in (try? JSONValue.parse(text))?.asObject ?? [] {
            if let field = object.field(named: member.name) { row[field.id] = value(member.value, app) }
        }
        return row
    }

    private static func json(_ value: Value, _ app: CompiledApp) -> JSONValue {
        func pair(_ kind: String, _ content: JSONValue) -> JSONValue { .array([.string(kind), content]) }
        switch value {
        case .blank, .failure: return .null
        case .bool(let bool): return .bool(bool)
        case .number(let number): return pair("number", .string(number.description))
        case .text(let text): return pair("text", .string(text))
        case .date(let day): return pair("date", .string(day.description))
        case .instant(let instant): return pair("datetime", .int(instant.microseconds))
        case .duration(let span): return pair("duration", .int(span.microseconds))
        case .option(let key): return pair("option", .string(key))
        case .options(let keys): return pair("options", .array(keys.map(JSONValue.string)))
        case .link(let record): return pair("link", .string(app.text(of: record)))
        case .links(let records): return pair("links", .array(records.map { .string(app.text(of: $0)) }))
        case .location(let location): return pair("location", .string(location.description))
        case .list(let values): return pair("list", .array(values.map { json($0, app) }))
        }
    }

    private static func value(_ json: JSONValue, _ app: CompiledApp) -> Value {
        if let bool = json.asBool { return .bool(bool) }
        guard let pair = json.asArray, pair.count == 2, let kind = pair[0].asString else { return .blank }
        let content = pair[1]
        let text = content.asString
        switch kind {
        case "number": return text.flatMap { ExactDecimal($0) }.map(Value.number) ?? .blank
        case "text": return text.map { Value(text: $0) } ?? .blank
        case "date": return text.flatMap { Day($0) }.map(Value.date) ?? .blank
        case "datetime": return content.asInt.map { .instant(Instant(microseconds: Int64($0))) } ?? .blank
        case "duration": return content.asInt.map { .duration(TimeSpan(microseconds: Int64($0))) } ?? .blank
        case "option": return text.map(Value.option) ?? .blank
        case "options": return (content.asArray?.compactMap(\.asString)).map { $0.isEmpty ? .blank : .options($0) } ?? .blank
        case "link": return text.flatMap { app.recordID(from: $0) }.map(Value.link) ?? .blank
        case "links": return (content.asArray?.compactMap { $0.asString.flatMap { app.recordID(from: $0) } }).map { $0.isEmpty ? .blank : .links($0) } ?? .blank
        case "location": return text.flatMap { Location($0) }.map(Value.location) ?? .blank
        case "list": return .list((content.asArray ?? []).map { value($0, app) })
        default: return .blank
        }
    }
}
