package import Formula
package import JSON
import Model
import Program
import SourceText
import Storage

/// What somebody sent for a record: readable or not, field by field, and what belongs to no field.
package struct ReadInputs: Sendable {
    package var inputs: [FieldInput]
    /// Names that no field has, and the like; a command carries them along so that they are refused together with the rest.
    package var strays: [Violation]

    package init(inputs: [FieldInput] = [], strays: [Violation] = []) {
        self.inputs = inputs
        self.strays = strays
    }
}

/// Which record a text means.
package enum LinkMatch: Sendable, Hashable {
    case one(RecordID)
    case none
    /// Several records are called so.
    case several(Int)
}

extension Engine {
    /// Reads the `fields` of a JSON body. Links are given as `"lead/12"`, as `{"id":"lead/12"}`, or by a unique field's value or title.
    ///
    /// - Throws: `StoreError` only: what cannot be read is in the answer.
    package func inputs(json fields: [JSONValue.Member], for object: ObjectID) async throws -> ReadInputs {
        var read = ReadInputs()
        var readings: [(CheckedField, InputReading)] = []
        let checked = app.model[object]
        for member in fields {
            guard let field = checked.field(named: member.name) else {
                read.strays.append(Violation(.unknownField, .noSuchField(member.name, on: checked)))
                continue
            }
            readings.append((field, InputReading(json: member.value, as: field, zone: app.model.zone)))
        }
        read.inputs = try await inputs(readings)
        return read
    }

    /// As `inputs(json:for:)` where no link must be looked up: those that are given as `"lead/12"` are taken at their word.
    ///
    /// - Returns: The inputs, and the records that must stand in the transaction that takes them; nil if something must be looked up.
    func quickInputs(json fields: [JSONValue.Member], for object: ObjectID) -> (read: ReadInputs, links: [RecordID])? {
        var read = ReadInputs()
        var links: [RecordID] = []
        let checked = app.model[object]
        for member in fields {
            guard let field = checked.field(named: member.name) else {
                read.strays.append(Violation(.unknownField, .noSuchField(member.name, on: checked)))
                continue
            }
            let reading = InputReading(json: member.value, as: field, zone: app.model.zone)
            if let input = reading.input(for: field) {
                read.inputs.append(input)
            } else if case .link(let text) = reading, let id = app.recordID(from: text), field.targets(in: app.model).contains(id.object) {
                read.inputs.append(FieldInput(field.id, .link(id)))
                links.append(id)
            } else {
                return nil
            }
        }
        return (read, links)
    }

    /// Reads what people type into forms, cells and commands: `5万`, `15%`, `2026-03-01`, `是`, an option's key or label, a link by id,
    /// unique value or title. Several choices or tags are separated by `,`, `，`, `、` or `;`. Empty text is blank.
    ///
    /// - Throws: `StoreError` only: what cannot be read is in the answer.
    package func inputs(texts: [(field: FieldID, text: String)]) async throws -> [FieldInput] {
        try await inputs(texts.map { id, text in
            let field = app.model[id]
            return (field, InputReading(text: text, as: field, zone: app.model.zone))
        })
    }

    /// The record of `objects` that a person means: by `lead/12`, by the value of a unique field, by title.
    package func resolveLink(_ text: String, to objects: [ObjectID]) async throws -> LinkMatch {
        try await store.read { [self] transaction in
            let context = try RecordContext(engine: self, principal: .system, transaction: transaction)
            return try LinkResolver(app).resolve(text, to: objects, in: context, transaction)
        }
    }

    private func inputs(_ readings: [(CheckedField, InputReading)]) async throws -> [FieldInput] {
        guard readings.contains(where: { $0.1.isLink }) else { return readings.compactMap { $1.input(for: $0) } }
        return try await store.read { [self] transaction in
            let context = try RecordContext(engine: self, principal: .system, transaction: transaction)
            let resolver = LinkResolver(app)
            return try readings.map { try $1.input(for: $0, resolver, context, transaction) }
        }
    }
}

/// An input on its way to a value: links are still texts.
enum InputReading: Sendable {
    case value(Value)
    /// A text that means a record; or several, where the field leads to many.
    case link(String)
    /// A text for each of several records.
    case links([String])
    case wrong(Violation)

    var isLink: Bool {
        switch self {
        case .link, .links: true
        case .value, .wrong: false
        }
    }

    /// As a person types it.
    init(text: String, as field: CheckedField, zone: Zone) {
        switch field.kind {
        case .link, .links, .file, .files:
            let name = Cleaning.trim(text)
            self = name.isEmpty ? .value(.blank) : .link(name)
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location,
            .autonumber, .stage:
            switch field.kind.parse(text, zone: zone) {
            case .success(let value): self = .value(value)
            case .failure(let issue): self = .wrong(Violation(issue, at: field))
            }
        }
    }

    /// As a program sends it. A text is also read as a person would type it, so `"12%"` and an option's label are understood.
    init(json: JSONValue, as field: CheckedField, zone: Zone) {
        // What nobody may write is refused as that, whatever was sent.
        let wrong = InputReading.wrong(
            field.isWritable ? Violation(.wrongKind(wanted: field.kind.words), at: field) : Violation(.readOnly, field: field.id, .readOnly(field)))
        switch (json, field.kind) {
        case (.null, _):
            self = .value(.blank)
        case (.string(let text), _):
            self.init(text: text, as: field, zone: zone)
            if case .wrong = self, !field.isWritable { self = wrong }
        case (.bool(let bool), .bool):
            self = .value(.bool(bool))
        case (.number(let digits), .number), (.number(let digits), .money), (.number(let digits), .percent):
            self = ExactDecimal(digits).map { .value(.number($0)) } ?? .wrong(Violation(.tooLarge, at: field))
        case (.number(let digits), .duration):
            self = ExactDecimal(digits).flatMap { TimeSpan(seconds: $0) }.map { .value(.duration($0)) } ?? .wrong(Violation(.notADuration, at: field))
        case (.number(let digits), .link), (.number(let digits), .file), (.number(let digits), .links), (.number(let digits), .files):
            self = .link(digits)
        case (.object, .link), (.object, .file), (.object, .links), (.object, .files):
            guard let id = json["id"]?.asString else {
                self = json["id"] == .null ? .value(.blank) : wrong
                return
            }
            self = .link(id)
        case (.array(let parts), .links), (.array(let parts), .files):
            var names: [String] = []
            for part in parts {
                guard let name = part.asString ?? part.asDigits ?? part["id"]?.asString else {
                    self = wrong
                    return
                }
                names.append(name)
            }
            self = names.isEmpty ? .value(.blank) : .links(names)
        case (.object, .location):
            guard let latitude = (json["latitude"] ?? json["lat"])?.asDigits.flatMap({ ExactDecimal($0) }),
                let longitude = (json["longitude"] ?? json["lng"])?.asDigits.flatMap({ ExactDecimal($0) }),
                let location = Location(latitude: latitude, longitude: longitude)
            else {
                self = .wrong(Violation(.notALocation, at: field))
                return
            }
            self = .value(.location(location))
        case (.array(let parts), .choices(let list)):
            var keys: [String] = []
            for part in parts {
                guard let word = part.asString else {
                    self = wrong
                    return
                }
                guard let key = list.key(of: word) else {
                    self = .wrong(Violation(list.unknown(word), at: field))
                    return
                }
                if !keys.contains(key) { keys.append(key) }
            }
            self = .value(keys.isEmpty ? .blank : .options(keys))
        case (.array(let parts), .tags):
            let words = parts.compactMap(\.asString)
            self = words.count == parts.count ? .value(words.isEmpty ? .blank : .options(words)) : wrong
        default:
            self = wrong
        }
    }

    /// Nil for a link, which must be looked up.
    func input(for field: CheckedField) -> FieldInput? {
        switch self {
        case .value(let value): FieldInput(field.id, value)
        case .wrong(let violation): FieldInput(field.id, .unreadable(violation))
        case .link, .links: nil
        }
    }

    func input(
        for field: CheckedField, _ resolver: LinkResolver, _ context: RecordContext, _ transaction: any ReadTransaction
    ) throws -> FieldInput {
        if let input = input(for: field) { return input }
        let targets = field.targets(in: context.engine.app.model)
        let names: [String]
        switch self {
        case .link(let text):
            let match = try resolver.resolve(text, to: targets, in: context, transaction)
            guard field.kind.isSeveralLinks else { return Self.input(for: field, text, match) }
            // A record whose own name holds a separator is found before anything is taken apart.
            if case .one(let record) = match { return FieldInput(field.id, .links([record])) }
            names = text.split { ";；,，、".contains($0) || $0.isNewline }.map { Cleaning.trim(String($0)) }.filter { !$0.isEmpty }
        case .links(let several): names = several
        case .value, .wrong: return FieldInput(field.id, .blank)
        }
        var records: [RecordID] = []
        for name in names {
            let match = try resolver.resolve(name, to: targets, in: context, transaction)
            guard case .one(let record) = match else { return Self.input(for: field, name, match) }
            if !records.contains(record) { records.append(record) }
        }
        return FieldInput(field.id, records.isEmpty ? .blank : .links(records))
    }

    private static func input(for field: CheckedField, _ text: String, _ match: LinkMatch) -> FieldInput {
        switch match {
        case .one(let record): FieldInput(field.id, .link(record))
        case .none: FieldInput(field.id, .unreadable(Violation(.unknownRecord, field: field.id, .noSuchRecord(text, for: field))))
        case .several(let count):
            FieldInput(field.id, .unreadable(Violation(.unknownRecord, field: field.id, .severalRecords(text, for: field, count: count))))
        }
    }
}

extension CheckedField {
    /// The objects whose records can stand in this field.
    func targets(in model: CheckedApp) -> [ObjectID] {
        switch kind {
        case .link(let objects), .links(let objects): objects
        case .file, .files: model.objects.filter { $0.builtIn == .file }.map(\.id)
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location,
            .autonumber, .stage: []
        }
    }
}
