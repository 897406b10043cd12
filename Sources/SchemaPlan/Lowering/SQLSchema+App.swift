package import Formula
package import Model
package import SQLText

/// What formulas must know of an app's tables, apart from how these are called.
extension SQLSchema {
    /// The tables of an app by the names of its author: for asking what a database can be asked, before there is one.
    ///
    /// - Parameter volatile: Computed fields whose value hangs on the clock or the reader: they have no column.
    init(_ app: CheckedApp, volatile: Set<FieldID>) {
        let user = app.objects.first { $0.builtIn == .user }
        self.init(
            tables: app.objects.map { object in
                SQLTable(
                    name: Identifier(object.name), id: Identifier("id"), deleted: Identifier(SQLiteStatements.deletedColumn),
                    number: Int64(object.id.index + 1),
                    columns: object.fields.map { field in
                        volatile.contains(field.id) ? nil : SQLColumn(
                            name: Identifier(field.name), storage: Self.storage(of: field, in: app),
                            error: field.computed.map { _ in Identifier(PhysicalNames.errorColumn(of: field.name)) })
                    })
            },
            people: user.flatMap { Self.people($0, in: app) }, computed: Self.computedOnRead(app) { volatile.contains($0) })
    }

    private static func storage(of field: CheckedField, in app: CheckedApp) -> SQLColumn.Storage {
        let side = Identifier(PhysicalNames.sideTable(of: field.name))
        func links(to object: ObjectID) -> SQLColumn.Storage {
            .links(table: side, owner: Identifier("record"), value: Identifier("value"), object: object)
        }
        let files = app.objects.first { $0.builtIn == .file }?.id ?? field.id.object
        switch field.kind {
        case .text, .longText, .email, .url, .phone, .address, .uscc, .cnID, .autonumber, .location: return .text
        case .number(let decimals), .money(let decimals, _), .percent(let decimals): return .number(decimals: decimals)
        case .bool: return .bool
        case .date: return .date
        case .datetime: return .datetime
        case .duration: return .duration
        case .choice, .stage: return .option
        case .choices, .tags: return .options(table: side, owner: Identifier("record"), value: Identifier("value"))
        case .link(let objects):
            if let only = objects.first, objects.count == 1 { return .link(only) }
            return .linkAny(object: Identifier(PhysicalNames.objectColumn(of: field.name)))
        case .links(let objects): return links(to: objects.first ?? field.id.object)
        case .file: return .link(files)
        case .files: return links(to: files)
        }
    }

    /// The formulas of fields that have no column.
    package static func computedOnRead(_ app: CheckedApp, where hasNoColumn: (FieldID) -> Bool) -> [FieldID: Computed] {
        var computed: [FieldID: Computed] = [:]
        for object in app.objects {
            for field in object.fields where hasNoColumn(field.id) {
                guard let computation = field.computed else { continue }
                let decimals: Int? =
                    switch field.kind {
                    case .number(let decimals), .money(let decimals, _), .percent(let decimals): decimals
                    case .text, .longText, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .address, .uscc, .cnID,
                        .location, .link, .links, .file, .files, .autonumber, .stage:
                        nil
                    }
                computed[field.id] = Computed(expressions: computation.expressions, decimals: decimals)
            }
        }
        return computed
    }

    /// How the people of an app hold its roles.
    package static func people(_ user: CheckedObject, in app: CheckedApp) -> People? {
        guard let role = user.field(named: "role"), let active = user.field(named: "active") else { return nil }
        return People(
            role: role.id, active: active.id,
            holders: app.roles.map { role in app.roles.filter { $0.covers.contains(role.id) }.map(\.name) })
    }
}
