import Formula
import Model
import Program
import SQLText
import SchemaPlan
import Storage
import Synchronization

/// Where an app's records lie in a database: tables and columns by the app's own identities, ready for statements. Immutable.
struct Layout: Sendable {
    let app: CompiledApp
    let version = LayoutVersion()
    /// By `ObjectID.index`.
    let objects: [TableLayout]
    /// Objects of the app by their numbers in the catalogue; retired ones are absent.
    let objectsByNumber: [Int64: ObjectID]
    /// Fields of the app by their numbers in the catalogue; retired ones are absent.
    let fieldsByNumber: [Int64: FieldID]
    /// The built-in objects, which every app has.
    let userObject: ObjectID
    let fileObject: ObjectID
    /// The same for formulas that are put to the database.
    let sqlSchema: SQLSchema
    let computedStatements = ComputedStatements()

    /// - Throws: `StoreError.notADatabase` if the catalogue lacks something that the app has: it was not brought up to date.
    init(app: CompiledApp, schema: ExistingSchema) throws(StoreError) {
        self.app = app
        var objectsByNumber: [Int64: ObjectID] = [:]
        var fieldsByNumber: [Int64: FieldID] = [:]
        var numbers: [Int64] = []
        for object in app.model.objects {
            guard let existing = schema.objects.first(where: { $0.name == object.name && !$0.isRetired }) else {
                throw .notADatabase("the catalogue has no object \(object.name)")
            }
            objectsByNumber[existing.number] = object.id
            numbers.append(existing.number)
        }
        var objects: [TableLayout] = []
        for object in app.model.objects {
            guard let existing = schema.objects.first(where: { $0.number == numbers[object.id.index] }) else { continue }
            let table = try TableLayout(object, existing, in: app, objectNumbers: numbers)
            for (index, column) in table.columns.enumerated() {
                if let column { fieldsByNumber[column.number] = FieldID(object: object.id, index: index) }
            }
            objects.append(table)
        }
        for object in app.model.objects {
            for field in object.fields where !field.isSystem {
                guard let column = objects[object.id.index].columns[field.id.index], column.coding.isLink else { continue }
                switch field.kind {
                case .link(let targets), .links(let targets): for target in targets { objects[target.index].incomingLinks.append(field.id) }
                case .file, .files:
                    for target in app.model.objects where target.builtIn == .file { objects[target.id.index].incomingLinks.append(field.id) }
                case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url,
                    .phone, .address, .uscc, .cnID, .location, .autonumber, .stage:
                    break
                }
            }
        }
        self.objects = objects
        self.objectsByNumber = objectsByNumber
        self.fieldsByNumber = fieldsByNumber
        guard let user = app.model.objects.first(where: { $0.builtIn == .user }),
            let file = app.model.objects.first(where: { $0.builtIn == .file })
        else { throw .notADatabase("the app lacks the built-in objects") }
        userObject = user.id
        fileObject = file.id
        sqlSchema = SQLSchema(
            tables: objects.map(\.sqlTable), people: SQLSchema.people(user, in: app.model),
            computed: SQLSchema.computedOnRead(app.model) { objects[$0.object.index].columns[$0.index] == nil })
    }

    subscript(id: ObjectID) -> TableLayout { objects[id.index] }

    /// The column of a field; nil if it is computed on read.
    subscript(id: FieldID) -> ColumnLayout? { objects[id.object.index].columns[id.index] }
}

/// Which version of the app a layout belongs to, by identity.
final class LayoutVersion: Sendable {
    private let outdated = Atomic(false)

    /// Whether the tables have been changed for a later version: what would be written by this one would lack what is new.
    var isOutdated: Bool { outdated.load(ordering: .acquiring) }

    func becomeOutdated() {
        outdated.store(true, ordering: .releasing)
    }
}

/// The table of one object.
struct TableLayout: Sendable {
    let id: ObjectID
    /// In the catalogue.
    let number: Int64
    let name: Identifier
    /// Quoted for SQL.
    let table: String
    /// By `FieldID.index`; nil for system fields and for fields that are computed on read.
    let columns: [ColumnLayout?]
    /// What a row is read from, in order: the system columns, then those of the fields.
    let selection: String
    /// How many columns the selection has.
    let width: Int32
    /// Positions of those columns that have side tables.
    let listFields: [Int]
    /// The object of people, to whom system fields link.
    let userObject: ObjectID
    /// What a record is found by in the search over everything.
    let searched: SearchedFields
    /// Link fields anywhere that may lead to records of this object.
    var incomingLinks: [FieldID] = []

    init(_ object: CheckedObject, _ existing: ExistingObject, in app: CompiledApp, objectNumbers: [Int64]) throws(StoreError) {
        id = object.id
        guard let user = app.model.objects.first(where: { $0.builtIn == .user }) else { throw .notADatabase("the app lacks the object `user`") }
        userObject = user.id
        number = existing.number
        name = Identifier(existing.table)
        table = name.quoted
        let onRead = Set(app[object.id].volatile.map(\.field))
        var columns: [ColumnLayout?] = []
        var names = SQLiteStatements.systemColumns
        var listFields: [Int] = []
        for field in object.fields {
            if field.isSystem || onRead.contains(field.id) {
                columns.append(nil)
                continue
            }
            guard let stored = existing.fields.first(where: { $0.name == field.name && !$0.isRetired }) else {
                throw .notADatabase("the catalogue has no field \(object.name).\(field.name)")
            }
            let column = ColumnLayout(field, stored, first: Int32(names.count), app: app.model)
            if let objectColumn = column.objectColumn { names.append(objectColumn) }
            names.append(column.column)
            if let errorColumn = column.errorColumn { names.append(errorColumn) }
            if column.sideTable != nil { listFields.append(field.id.index) }
            columns.append(column)
        }
        searched = SearchedFields(object, columns)
        self.columns = columns
        self.listFields = listFields
        selection = names.joined(separator: ", ")
        width = Int32(names.count)
    }
}

extension TableLayout {
    /// The columns of a row as a fragment.
    var fields: SQLFragment { SQLFragment(stringLiteral: selection) }

    /// The same columns in the same places, with NULL for fields that are not wanted.
    func fields(only wanted: [Int]) -> SQLFragment {
        var names = SQLiteStatements.systemColumns + repeatElement("NULL", count: Int(width) - SQLiteStatements.systemColumns.count)
        for column in wanted.compactMap({ columns[$0] }) {
            if let objectColumn = column.objectColumn { names[Int(column.first)] = objectColumn }
            names[Int(column.valueColumn)] = column.column
            if let errorColumn = column.errorColumn { names[Int(column.valueColumn) + 1] = errorColumn }
        }
        return SQLFragment(stringLiteral: names.joined(separator: ", "))
    }

    var sqlTable: SQLTable {
        let system: [SQLColumn] = SystemField.allCases.map { field in
            let name = Identifier(SQLiteStatements.systemColumns[field.rawValue])
            return switch field {
            case .id, .version: SQLColumn(name: name, storage: .number(decimals: 0))
            case .created, .changed: SQLColumn(name: name, storage: .datetime)
            case .createdBy, .changedBy: SQLColumn(name: name, storage: .link(userObject))
            }
        }
        return SQLTable(
            name: name, id: Identifier("id"), deleted: Identifier(SQLiteStatements.deletedColumn), number: number,
            columns: system + columns.dropFirst(system.count).map { $0?.sqlColumn })
    }
}

/// Where and how the values of one field lie.
struct ColumnLayout: Sendable {
    /// In the catalogue.
    let number: Int64
    let name: Identifier
    /// The same quoted for SQL, as are the others.
    let column: String
    /// Before the column; only of links to any object.
    let objectColumn: String?
    /// Behind the column; only of computed fields.
    let errorColumn: String?
    let sideTable: String?
    let coding: ValueCoding
    /// Position of the field's first column in `TableLayout.selection`, from 0.
    let first: Int32

    init(_ field: CheckedField, _ stored: ExistingField, first: Int32, app: CheckedApp) {
        number = stored.number
        name = Identifier(stored.column)
        column = name.quoted
        objectColumn = stored.storage == .linkAny ? Identifier(PhysicalNames.objectColumn(of: stored.column)).quoted : nil
        errorColumn = stored.computation != nil ? Identifier(PhysicalNames.errorColumn(of: stored.column)).quoted : nil
        sideTable = stored.storage.hasSideTable ? Identifier(PhysicalNames.sideTable(of: stored.column)).quoted : nil
        coding = ValueCoding(stored.storage, field.kind, app: app)
        self.first = first
    }

    var sqlColumn: SQLColumn {
        let storage: SQLColumn.Storage =
            switch coding {
            case .number(let decimals): .number(decimals: decimals)
            case .bool: .bool
            case .date: .date
            case .datetime: .datetime
            case .duration: .duration
            case .text: .text
            case .option: .option
            case .options:
                .options(table: Identifier(PhysicalNames.sideTable(of: name.name)), owner: Identifier("record"), value: Identifier("value"))
            case .link(let object): .link(object)
            case .links(let object):
                .links(
                    table: Identifier(PhysicalNames.sideTable(of: name.name)), owner: Identifier("record"), value: Identifier("value"), object: object)
            case .location: .text
            case .linkAny: .linkAny(object: Identifier(PhysicalNames.objectColumn(of: name.name)))
            }
        return SQLColumn(
            name: name, storage: storage, error: errorColumn.map { _ in Identifier(PhysicalNames.errorColumn(of: name.name)) })
    }

    /// Of how many columns it consists.
    var width: Int32 { 1 + (objectColumn == nil ? 0 : 1) + (errorColumn == nil ? 0 : 1) }
    /// Position of the value's own column in the selection.
    var valueColumn: Int32 { first + (objectColumn == nil ? 0 : 1) }
}

/// How a value becomes an integer or a text.
enum ValueCoding: Sendable, Hashable {
    /// Times ten to the power of `decimals`.
    case number(decimals: Int)
    case bool, date, datetime, duration
    case text, option, options
    case link(ObjectID)
    case linkAny
    /// The numbers of records, separated by commas.
    case links(ObjectID)
    /// `latitude,longitude`.
    case location

    init(_ storage: ColumnStorage, _ kind: FieldKind, app: CheckedApp) {
        switch storage {
        case .number(let decimals), .money(let decimals, _), .percent(let decimals): self = .number(decimals: decimals)
        case .bool: self = .bool
        case .date: self = .date
        case .datetime: self = .datetime
        case .duration: self = .duration
        case .text: self = .text
        case .choice: self = .option
        case .choices, .tags: self = .options
        case .link(let name):
            guard let object = app.object(named: name) else { preconditionFailure("a link leads to an object of the app") }
            self = .link(object.id)
        case .linkAny: self = .linkAny
        case .links(let name):
            guard let object = app.object(named: name) else { preconditionFailure("links lead to an object of the app") }
            self = .links(object.id)
        case .location: self = .location
        }
    }

    var isLink: Bool {
        switch self {
        case .link, .linkAny, .links: true
        case .number, .bool, .date, .datetime, .duration, .text, .option, .options, .location: false
        }
    }
}
