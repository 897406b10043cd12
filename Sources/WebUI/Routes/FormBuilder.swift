import Engine
import Formula
import HTML
import HTTPService
import Model
import Program
import SourceText
import Storage

/// Makes forms out of an object's fields, and reads back what was sent.
struct FormBuilder: Sendable {
    let ui: WebUI
    let visit: Visit

    private var app: CompiledApp { ui.engine.app }
    private var model: CheckedApp { ui.engine.app.model }
    private var entryText: EntryText { EntryText(app: app) }

    /// Records offered in a list; beyond it one searches.
    static let mostChoices = 50

    // MARK: Values

    /// What a form is filled with, by field.
    struct Filling: Sendable {
        var entries: [FieldID: String] = [:]
        /// What stood there when the form was opened.
        var opened: [FieldID: String] = [:]
        var errors: [FieldID: [String]] = [:]
        var titles: [RecordID: String] = [:]
        /// What was typed to look records up.
        var lookedUp: [FieldID: String] = [:]
    }

    func filling(of row: Row, titles: [RecordID: String]) -> Filling {
        var filling = Filling(titles: titles)
        for field in model[row.id.object].fields where field.isWritable {
            let text = entryText.text(row[field.id], of: field)
            filling.entries[field.id] = text
            filling.opened[field.id] = text
        }
        return filling
    }

    /// A new record's form: defaults that are plain values, and what the address gives (`f.NAME=…`).
    func filling(forNew object: CheckedObject) -> Filling {
        var filling = Filling()
        for field in object.fields where field.isWritable {
            if case .value(let value) = field.defaultValue {
                let text = entryText.text(value, of: field)
                filling.entries[field.id] = text
                filling.opened[field.id] = text
            }
            if let given = visit.query.first("f.\(field.name)") { filling.entries[field.id] = given }
        }
        return filling
    }

    // MARK: Fields

    /// - Parameter uploads: The form is read by `fileAction`, so fields of files take new ones.
    func groups(of object: CheckedObject, _ filling: Filling, uploads: Bool = false) async throws -> [FormView.Group] {
        var groups: [FormView.Group] = []
        for field in object.fields where isEntered(field) {
            let label = field.group?[visit.language]
            let control = try await self.field(field, filling, uploads: uploads)
            if let index = groups.firstIndex(where: { $0.label == label }) {
                groups[index].fields.append(control)
            } else {
                groups.append(FormView.Group(label: label, fields: [control]))
            }
        }
        return groups
    }

    /// Stages are entered through their gates, not through forms; a file's size and format are the file's.
    func isEntered(_ field: CheckedField) -> Bool {
        guard field.isWritable else { return false }
        if case .stage = field.kind { return false }
        if model[field.id.object].builtIn == .file, field.isBuiltIn, field.name == "size" || field.name == "format" { return false }
        return true
    }

    func field(_ field: CheckedField, _ filling: Filling, prefix: String = "f", uploads: Bool = false) async throws -> FormField {
        let language = visit.language
        let entry = filling.entries[field.id] ?? ""
        var help = field.help?[language]
        if help == nil {
            if case .formula = field.defaultValue, filling.opened[field.id, default: ""].isEmpty { help = Say.defaultHelp[language] }
            switch field.kind {
            case .tags: help = Say.tagsHelp[language]
            case .duration: help = Say.durationHelp[language]
            case .percent: help = Say.percentHelp[language]
            case .location: help = Say.locationHelp[language]
            case .text, .longText, .number, .money, .bool, .date, .datetime, .choice, .choices, .email, .url, .phone, .address, .uscc, .cnID, .link, .links,
                .file, .files, .autonumber, .stage: break
            }
        }
        return FormField(
            name: field.name, id: "\(prefix)-\(field.id.index)", label: field.label[language], help: help, isRequired: field.isRequired && field.defaultValue == nil,
            control: try await control(field, filling), entry: entry, opened: filling.opened[field.id] ?? "", errors: filling.errors[field.id] ?? [],
            lookedUp: filling.lookedUp[field.id] ?? "", uploads: uploads && field.kind.isFile)
    }

    private func control(_ field: CheckedField, _ filling: Filling) async throws -> FormField.Control {
        switch field.kind {
        case .text, .autonumber, .tags, .duration, .uscc, .cnID, .location: return .text(.plain)
        case .longText: return .longText
        case .address: return .address
        case .number, .money, .percent: return .text(.decimal)
        case .bool: return .tick
        case .date: return .date
        case .datetime: return .moment
        case .email: return .text(.email)
        case .url: return .text(.web)
        case .phone: return .text(.telephone)
        case .choice(let list): return .choice(choices(list))
        case .stage(let stages): return .choice(choices(stages.options))
        case .choices(let list): return .choices(choices(list))
        case .link, .file: return try await recordControl(field, filling)
        case .links, .files: return try await recordsControl(field, filling)
        }
    }

    private func choices(_ list: OptionList) -> [FormField.Choice] {
        list.options.map { FormField.Choice(key: $0.key, label: $0.label(in: visit.language)) }
    }

    /// The record that is chosen, those found by what was typed, and else the first ones.
    private func recordControl(_ field: CheckedField, _ filling: Filling) async throws -> FormField.Control {
        let search = filling.lookedUp[field.id].flatMap { $0.isEmpty ? nil : $0 }
        var found = try await candidates(for: field, search: search, limit: Self.mostChoices)
        let entry = filling.entries[field.id] ?? ""
        if !entry.isEmpty, !found.choices.contains(where: { $0.key == entry }), let id = app.recordID(from: entry) {
            var title = filling.titles[id]
            if title == nil { title = try await ui.engine.titles(of: [id])[id] }
            found.choices.insert(FormField.Choice(key: entry, label: title ?? entry, isUserContent: true), at: 0)
        }
        return .record(
            found.choices, lookup: Link("lookup", model[field.id.object].name, field.name), hasMore: found.hasMore || search != nil)
    }

    /// The records that are chosen, in their order, then those found by what was typed, else the first ones.
    private func recordsControl(_ field: CheckedField, _ filling: Filling) async throws -> FormField.Control {
        let search = filling.lookedUp[field.id].flatMap { $0.isEmpty ? nil : $0 }
        let chosen = (filling.entries[field.id] ?? "").split(separator: ",").map(String.init)
        let found = try await candidates(for: field, search: search, limit: Self.mostOffered)
        var titles = filling.titles
        let unnamed = chosen.compactMap { app.recordID(from: $0) }.filter { titles[$0] == nil }
        if !unnamed.isEmpty { titles.merge(try await ui.engine.titles(of: Set(unnamed))) { first, _ in first } }
        let choices = chosen.map { key in
            FormField.Choice(key: key, label: app.recordID(from: key).map { ui.title(of: $0, titles) } ?? key, isUserContent: true)
        }
        return .records(choices + found.choices.filter { !chosen.contains($0.key) }, hasMore: found.hasMore || search != nil)
    }

    /// Records offered as boxes to tick; beyond it one searches.
    static let mostOffered = 12

    /// Records that the field may lead to, people only while they are active.
    func candidates(for field: CheckedField, search: String?, limit: Int) async throws -> (choices: [FormField.Choice], hasMore: Bool) {
        let targets: [ObjectID] =
            switch field.kind {
            case .link(let objects), .links(let objects): objects
            case .file, .files: [ui.server.api.fileObject.id]
            case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location,
                .autonumber, .stage: []
            }
        var choices: [FormField.Choice] = []
        var hasMore = false
        let each = targets.count == 1 ? limit : max(3, limit / max(1, targets.count))
        for target in targets {
            // Over several objects one searches first: the first of each would be a lucky dip.
            if targets.count > 1, search == nil { return ([], true) }
            var request = ListRequest(object: target, search: search, limit: each, wantsTotal: false)
            if model[target].builtIn == .user, case .ready(let condition) = ui.engine.condition("active", on: target) {
                request.condition = condition
            }
            let view = try await ui.engine.list(request, as: visit.principal)
            hasMore = hasMore || view.next != nil
            for row in view.rows {
                var label = ui.title(of: row.id, view.titles)
                if targets.count > 1 { label += visit.language.bracketed(model[target].label[visit.language]) }
                choices.append(FormField.Choice(key: app.text(of: row.id), label: label, isUserContent: true))
            }
        }
        return (choices, hasMore)
    }

    // MARK: Reading back

    /// What a form sent: every field that it showed, and which of them were touched.
    struct Sent: Sendable {
        var entries: [FieldID: String] = [:]
        var opened: [FieldID: String] = [:]
        var lookedUp: [FieldID: String] = [:]

        /// In the order of the object's fields.
        var touched: [FieldID] {
            entries.keys.filter { entries[$0] != opened[$0] }.sorted { $0.index < $1.index }
        }
    }

    /// The fields of one of several forms that were sent as one, whose names end with `@NAME`.
    func part(_ name: String, of form: FormFields) -> FormFields {
        let ending = "@" + name
        return FormFields(form.entries.filter { $0.name.hasSuffix(ending) }.map { (name: String($0.name.dropLast(ending.count)), value: $0.value) })
    }

    /// A field was shown if its `w.NAME` came along. Stages and computed fields are never read.
    func sent(_ form: FormFields, for object: CheckedObject) -> Sent {
        var sent = Sent()
        for field in object.fields where isEntered(field) {
            guard let opened = form.first("w.\(field.name)") else { continue }
            let values = form.all("f.\(field.name)")
            let entry: String
            switch field.kind {
            case .bool:
                // A box left empty leaves a blank blank.
                entry = values.isEmpty || values == [""] ? (opened == "yes" ? "no" : opened) : values.last ?? ""
            case .choices(let list):
                let chosen = Set(values.flatMap { $0.split(separator: ",").map(String.init) })
                entry = list.options.map(\.key).filter(chosen.contains).joined(separator: ",")
            case .links, .files:
                entry = values.filter { !$0.isEmpty }.joined(separator: ",")
            case .text, .longText, .number, .money, .percent, .date, .datetime, .duration, .choice, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location,
                .link, .file, .autonumber, .stage:
                entry = values.last ?? ""
            }
            sent.entries[field.id] = entry
            sent.opened[field.id] = opened
            if let looked = form.filled("q.\(field.name)") { sent.lookedUp[field.id] = looked }
        }
        return sent
    }

    /// Commands take what the engine reads out of the touched entries. `datetime-local` writes a T where people write a blank.
    func inputs(_ sent: Sent) async throws -> [FieldInput] {
        try await ui.engine.inputs(texts: sent.touched.map { id in
            var text = sent.entries[id] ?? ""
            if case .datetime = model[id].kind { text = text.replacing("T", with: " ") }
            return (id, text)
        })
    }

    func filling(_ sent: Sent, titles: [RecordID: String] = [:]) -> Filling {
        Filling(entries: sent.entries, opened: sent.opened, errors: [:], titles: titles, lookedUp: sent.lookedUp)
    }

    /// Sorts what stands against a save to its fields; the rest is about the record, or about a field that the form does not show.
    func place(_ violations: [Violation], in filling: inout Filling, shown: Set<FieldID>) -> [String] {
        var rest: [String] = []
        for violation in violations {
            let words = violation.words[visit.language]
            if let id = violation.field, shown.contains(id) {
                filling.errors[id, default: []].append(words)
            } else if let id = violation.field {
                rest.append("\(model[id].label[visit.language])\(visit.language.colon)\(words)")
            } else {
                rest.append(words)
            }
        }
        return rest
    }
}

extension FieldKind {
    /// Holds files, one or many.
    var isFile: Bool {
        switch self {
        case .file, .files: true
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .address, .uscc,
            .cnID, .location, .link, .links, .autonumber, .stage: false
        }
    }
}
