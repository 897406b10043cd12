import Formula
import Model

/// What one field's value is read from, with the ways that lead there.
struct FieldReads {
    /// Fields of the record itself.
    var own: Set<FieldID> = []
    var others: Set<Other> = []
    /// The clock, or whoever looks.
    var changesByItself = false

    /// A field of another record.
    struct Other: Hashable {
        let way: [Step]
        let field: FieldID
    }

    enum Step: Hashable {
        /// Along a link field of the record reached so far.
        case link(FieldID)
        /// To the records that link here by this field of theirs.
        case children(via: FieldID)
        /// To every record of an object.
        case everyone(ObjectID)
    }
}

/// What all computed fields of an app are read from.
struct AppReads {
    let model: CheckedApp
    private(set) var ofFields: [FieldID: FieldReads] = [:]
    /// The computed fields that read a field, of the record itself or of others.
    private var readers: [FieldID: Set<FieldID>] = [:]

    init(_ model: CheckedApp) {
        self.model = model
        for object in model.objects {
            for field in object.fields {
                guard let computed = field.computed else { continue }
                let reads = reads(of: computed.expressions)
                ofFields[field.id] = reads
                for read in reads.own { readers[read, default: []].insert(field.id) }
                for read in reads.others { readers[read.field, default: []].insert(field.id) }
            }
        }
    }

    func reads(of expressions: [CheckedExpression]) -> FieldReads {
        var walk = ReadWalk(model: model)
        for expression in expressions { walk.visit(expression, from: [[]]) }
        return walk.reads
    }

    /// Fields whose value changes without any record changing, by themselves or through fields they read.
    var volatileFields: Set<FieldID> {
        following(ofFields.filter(\.value.changesByItself).keys)
    }

    /// These fields and all computed ones that may change with them, directly or by way of others.
    func following(_ fields: some Sequence<FieldID>) -> Set<FieldID> {
        var found = Set(fields)
        var next = Array(found)
        while let field = next.popLast() {
            for reader in readers[field] ?? [] where found.insert(reader).inserted { next.append(reader) }
        }
        return found
    }
}

/// Follows a formula through links, child sets and the names of records to every field that it reads.
private struct ReadWalk {
    typealias Way = [FieldReads.Step]

    let model: CheckedApp
    var reads = FieldReads()
    /// From where the record that owns the formula is reached; `[[]]` is itself.
    private var this: Set<Way> = [[]]
    private var rows: [Int: Set<Way>] = [:]
    private var variables: [Int: Set<Way>] = [:]

    init(model: CheckedApp) {
        self.model = model
    }

    mutating func visit(_ expression: CheckedExpression, from ways: Set<Way>) {
        let outer = (this, rows, variables)
        (this, rows, variables) = (ways, [:], [:])
        if expression.reads.clock || expression.reads.user { reads.changesByItself = true }
        visit(expression.root)
        (this, rows, variables) = outer
    }

    private mutating func visit(_ node: ExpressionNode) {
        switch node.form {
        case .field(let field, let row):
            note(field, at: ways(of: row))
        case .follow(let link, let field):
            visit(link)
            note(field, at: ways(to: link))
        case .bind(let slot, let value, let body):
            visit(value)
            variables[slot] = ways(to: value)
            visit(body)
        case .convert(.toText, let value):
            visit(value)
            noteTitle(value)
        case .aggregate(let aggregate):
            visit(aggregate)
        case .literal, .record, .variable, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank, .isValid,
            .oneOf, .member, .isObject, .contains, .conditional, .coalesce, .ifError, .isError, .call, .convert:
            for child in node.children { visit(child) }
        }
    }

    private mutating func visit(_ aggregate: Aggregate) {
        switch aggregate.set {
        case .children(let parent, let link):
            visit(parent)
            rows[aggregate.row] = extended(ways(to: parent), by: .children(via: link))
            note(link, at: rows[aggregate.row] ?? [])
        case .linked(let several):
            visit(several)
            rows[aggregate.row] = ways(to: several)
            // Whether a record is there at all counts too; its number never changes.
            for object in several.type.linkedObjects { note(FieldID(object: object, index: SystemField.id.rawValue), at: rows[aggregate.row] ?? []) }
        case .all(let object):
            // `lead where owner = this` are this record's children, however it is written.
            if let link = aggregate.linkToThis {
                rows[aggregate.row] = extended(this, by: .children(via: link))
                note(link, at: rows[aggregate.row] ?? [])
            } else {
                rows[aggregate.row] = [[.everyone(object)]]
                // Whether a record is there at all counts too; its number never changes.
                note(FieldID(object: object, index: SystemField.id.rawValue), at: [[.everyone(object)]])
            }
        case .users:
            guard let users = model.schema.users else { break }
            rows[aggregate.row] = [[.everyone(users)]]
            for name in ["role", "active"] {
                if let field = model[users].field(named: name) { note(field.id, at: [[.everyone(users)]]) }
            }
        case .list(let list): visit(list)
        case .scalars(let scalars):
            for scalar in scalars { visit(scalar) }
        }
        for part in [aggregate.value, aggregate.condition, aggregate.order?.key].compactMap({ $0 }) + aggregate.arguments { visit(part) }
        if case .join = aggregate.kind, let value = aggregate.value { noteTitle(value) }
    }

    /// A record in a text is its `shows`, and that is read from fields.
    private mutating func noteTitle(_ value: ExpressionNode) {
        for object in value.type.linkedObjects {
            for expression in model[object].shows.expressions { visit(expression, from: ways(to: value)) }
        }
    }

    private mutating func note(_ field: FieldID, at ways: Set<Way>) {
        for way in ways {
            if way.isEmpty { reads.own.insert(field) } else { reads.others.insert(.init(way: way, field: field)) }
        }
    }

    private func ways(of row: RowReference) -> Set<Way> {
        switch row {
        case .this: this
        case .row(let index): rows[index] ?? []
        // Never in a stored field: what reads them is computed on read, or belongs to rules.
        case .old, .me, .candidate: []
        }
    }

    /// The ways to the records to which a link value may lead.
    private func ways(to node: ExpressionNode) -> Set<Way> {
        switch node.form {
        case .record(let row): return ways(of: row)
        case .field(let field, let row): return extended(ways(of: row), by: .link(field))
        case .follow(let link, let field): return extended(ways(to: link), by: .link(field))
        case .variable(let slot): return variables[slot] ?? []
        case .bind(_, _, let body): return ways(to: body)
        case .conditional(let branches, let otherwise):
            return branches.reduce(ways(to: otherwise)) { $0.union(ways(to: $1.value)) }
        case .coalesce(let nodes): return nodes.reduce([]) { $0.union(ways(to: $1)) }
        case .ifError(let value, let other): return ways(to: value).union(ways(to: other))
        case .convert(_, let value): return ways(to: value)
        case .aggregate(let aggregate):
            return aggregate.value.map(ways(to:)) ?? rows[aggregate.row] ?? []
        case .literal, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank, .isValid, .oneOf, .member, .isObject, .contains,
            .isError, .call:
            return []
        }
    }

    private func extended(_ ways: Set<Way>, by step: FieldReads.Step) -> Set<Way> {
        Set(ways.map { $0 + [step] })
    }
}

extension Aggregate {
    /// The link by which the condition ties every row to the record that owns the formula: `owner = this`, alone or among others joined by
    /// `and`.
    fileprivate var linkToThis: FieldID? {
        guard let condition else { return nil }
        let parts = if case .and(let parts) = condition.form { parts } else { [condition] }
        for part in parts {
            guard case .compare(.equal, let left, let right) = part.form else { continue }
            switch (left.form, right.form) {
            case (.field(let link, .row(row)), .record(.this)), (.record(.this), .field(let link, .row(row))): return link
            default: continue
            }
        }
        return nil
    }
}
