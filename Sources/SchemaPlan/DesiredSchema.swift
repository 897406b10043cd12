package import Formula
package import Model

/// The tables that an app wants. What the database has is `ExistingSchema`; `SchemaPlan` leads from one to the other.
///
/// What comes into this room: a checked app and the database's catalogue. What goes out: a plan as a value, with its words and its
/// statements. Always true: no plan drops a column or a table, and no plan touches values that somebody entered.
package struct DesiredSchema: Sendable {
    package var objects: [DesiredObject]

    /// - Parameter volatile: Computed fields whose value hangs on the clock or the reader: they have no column.
    package init(app: CheckedApp, volatile: Set<FieldID>) {
        var fingerprint = ComputationFingerprint(app: app)
        let searched = app.fieldsSearchedByTime
        objects = app.objects.map { object in
            var desired = DesiredObject(id: object.id, name: object.name, fields: [], computedOnRead: [])
            for field in object.fields where !field.isSystem {
                if volatile.contains(field.id) {
                    desired.computedOnRead.append(field.name)
                } else {
                    desired.fields.append(DesiredField(field, in: app, isSearched: searched.contains(field.id), computation: fingerprint.text(of: field)))
                }
            }
            return desired
        }
    }
}

package struct DesiredObject: Sendable, Hashable {
    package let id: ObjectID
    package let name: String
    /// Without system fields and without those computed on read.
    package var fields: [DesiredField]
    /// Names of the fields that have no column.
    package var computedOnRead: [String]
}

package struct DesiredField: Sendable, Hashable {
    package let id: FieldID
    package let name: String
    package let storage: ColumnStorage
    package let isUnique: Bool
    /// Links and stages are looked up by value all the time, and so are titles that are one field; reports look for a span of time.
    package let isIndexed: Bool
    /// Changes when the stored values must be computed anew; nil for fields that people fill in.
    package let computation: String?
    /// Keys of the options of a choice, choices or stage; empty for other kinds.
    package let options: [String]
    /// The stage in which records begin; nil for other kinds.
    package let initialStage: String?

    init(_ field: CheckedField, in app: CheckedApp, isSearched: Bool, computation: String?) {
        id = field.id
        name = field.name
        storage = ColumnStorage(field.kind, in: app, isAbout: field.isBuiltIn && field.name == "about")
        isUnique = field.isUnique
        self.computation = computation
        switch field.kind {
        case .choice(let list), .choices(let list):
            options = list.options.map(\.key)
            isIndexed = false
            initialStage = nil
        case .stage(let stages):
            options = stages.options.options.map(\.key)
            isIndexed = true
            initialStage = stages.initial.key
        case .link, .file:
            options = []
            isIndexed = true
            initialStage = nil
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location,
            .links, .files, .autonumber:
            options = []
            // People name records by their titles; a unique field has its own index.
            isIndexed = (isSearched || app[field.id.object].wholeTitle == field.id) && !field.isUnique
            initialStage = nil
        }
    }
}

extension ColumnStorage {
    /// - Parameter isAbout: The built-in `about` leads to any object from the start, however few the app has.
    package init(_ kind: FieldKind, in app: CheckedApp, isAbout: Bool = false) {
        switch kind {
        case .text, .longText, .email, .url, .phone, .address, .uscc, .cnID, .autonumber: self = .text
        case .location: self = .location
        case .number(let decimals): self = .number(decimals: decimals)
        case .money(let decimals, let currency): self = .money(decimals: decimals, currency: currency)
        case .percent(let decimals): self = .percent(decimals: decimals)
        case .bool: self = .bool
        case .date: self = .date
        case .datetime: self = .datetime
        case .duration: self = .duration
        case .choice, .stage: self = .choice
        case .choices: self = .choices
        case .tags: self = .tags
        case .link(let objects):
            if let only = objects.first, objects.count == 1, !isAbout { self = .link(object: app[only].name) } else { self = .linkAny }
        case .links(let objects): self = .links(object: objects.first.map { app[$0].name } ?? "")
        case .file: self = .link(object: BuiltIn.file.rawValue)
        case .files: self = .links(object: BuiltIn.file.rawValue)
        }
    }
}
