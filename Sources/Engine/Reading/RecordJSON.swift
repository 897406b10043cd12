package import Formula
package import JSON
package import Model
package import Program
package import SourceText

/// Records, lists and gates as JSON documents (`spec/api-values.md`): what the HTTP API answers and `weir query` prints.
///
/// Numbers are digit-exact, a choice is its key, a link is `{"id","label"}`, a datetime is RFC 3339 in Z, a duration is seconds, blank is
/// null, and a formula that failed is `{"error":{"code","message"}}`.
package struct RecordJSON: Sendable {
    package let app: CompiledApp
    /// The language of messages of failed formulas.
    package let language: Language

    package init(app: CompiledApp, language: Language) {
        self.app = app
        self.language = language
    }

    /// `{"id":"lead/123","version":4,"fields":{…}}`. `fields` limits which are given; nil gives all but `id` and `version`.
    package func record(_ row: Row, titles: [RecordID: String], fields: [FieldID]? = nil) -> JSONValue {
        let object = app.model[row.id.object]
        let shown = fields.map { $0.map { object.fields[$0.index] } } ?? Array(object.fields.dropFirst(SystemField.version.rawValue + 1))
        return .object([
            .init("id", .string(app.text(of: row.id))),
            .init("version", .int(row.version)),
            .init("fields", .object(shown.map { .init($0.name, value(row[$0.id], of: $0, titles: titles)) })),
        ])
    }

    /// `{"records":[…],"next":"cursor or null","total":1284}`; `total` is null where it was not asked for.
    package func list(_ view: RecordsView, fields: [FieldID]? = nil) -> JSONValue {
        .object([
            .init("records", .array(view.rows.map { record($0, titles: view.titles, fields: fields) })),
            .init("next", .string(orNull: view.next?.text)),
            .init("total", view.total.map { .int($0) } ?? .null),
        ])
    }

    /// One value of a field.
    package func value(_ value: Value, of field: CheckedField, titles: [RecordID: String]) -> JSONValue {
        self.value(value, titles: titles)
    }

    /// One value by itself.
    package func value(_ value: Value, titles: [RecordID: String]) -> JSONValue {
        switch value {
        case .blank: .null
        case .bool(let bool): .bool(bool)
        case .number(let number): .number(number.description)
        case .text(let text): .string(text)
        case .date(let day): .string(day.description)
        case .instant(let instant): .string(instant.description)
        case .duration(let span): .number(span.secondsText)
        case .option(let key): .string(key)
        case .options(let keys): .array(keys.map(JSONValue.string))
        case .link(let record): .object([.init("id", .string(app.text(of: record))), .init("label", .string(orNull: titles[record]))])
        case .links(let records): .array(records.map { self.value(.link($0), titles: titles) })
        case .location(let location):
            .object([.init("latitude", .number(location.latitude.description)), .init("longitude", .number(location.longitude.description))])
        case .list(let values): .array(values.map { self.value($0, titles: titles) })
        case .failure(let failure):
            .object([.init("error", .object([
                .init("code", .string(failure.code.rawValue)), .init("message", .string(failure.words[language])),
            ]))])
        }
    }

    /// `{"to":"quoted","open":false,"missing":[{"name","say","ok"}]}`, every condition in written order. A move that the path forbids
    /// stands first under the name `move`.
    package func gate(_ verdict: GateVerdict) -> JSONValue {
        var missing: [JSONValue] = []
        if let refusal = verdict.moveRefusal { missing.append(item("move", refusal, isMet: false, ways: [])) }
        missing += verdict.items.map { item($0.name, $0.say, isMet: $0.isMet, ways: $0.ways) }
        return .object([.init("to", .string(verdict.to)), .init("open", .bool(verdict.isOpen)), .init("missing", .array(missing))])
    }

    /// `ways` tells programs what to fill in or to add; it is left out where there are none.
    private func item(_ name: String, _ say: Words, isMet: Bool, ways: [GateWay]) -> JSONValue {
        var members: [JSONValue.Member] = [.init("name", .string(name)), .init("say", .string(say[language])), .init("ok", .bool(isMet))]
        if !ways.isEmpty { members.append(.init("ways", .array(ways.map(way)))) }
        return .object(members)
    }

    private func way(_ way: GateWay) -> JSONValue {
        switch way {
        case .fill(let field):
            return .object([.init("fill", .string(app.model[field].name))])
        case .add(let object, let link, let preset):
            let values = preset.sorted { $0.key.index < $1.key.index }.map { field, preset in
                JSONValue.Member(app.model[field].name, value(preset, titles: [:]))
            }
            return .object([
                .init("add", .string(app.model[object].name)), .init("link", .string(app.model[link].name)), .init("with", .object(values)),
            ])
        }
    }

    /// `{"code","message","field","rule"}` for each; `field` and `rule` are null where there is none.
    package func violations(_ violations: [Violation]) -> JSONValue {
        .array(violations.map { violation in
            .object([
                .init("code", .string(violation.code.rawValue)), .init("message", .string(violation.words[language])),
                .init("field", .string(orNull: violation.field.map { app.model[$0].name })), .init("rule", .string(orNull: violation.rule)),
            ])
        })
    }
}

extension TimeSpan {
    /// Seconds, digit-exact.
    var secondsText: String {
        ExactDecimal(scaled: microseconds, decimals: 6).description
    }

    /// So many seconds; nil if that is finer than a microsecond or too long.
    init?(seconds: ExactDecimal) {
        guard let scaled = seconds.scaled(decimals: 6), ExactDecimal(scaled: scaled, decimals: 6) == seconds else { return nil }
        self.init(microseconds: scaled)
    }
}
