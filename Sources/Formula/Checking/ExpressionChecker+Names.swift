import SourceText

/// What names mean, in the order of the language: bindings, the current row's fields and collections, labels, objects.
extension ExpressionChecker {
    /// The row whose fields may be said bare.
    var currentRow: (reference: RowReference, object: ObjectID, origins: [Origin])? {
        if let row = rows.last { return (.row(rows.count - 1), row.object, row.origins) }
        guard let object = scope.this else { return nil }
        return (.this, object, [.path([])])
    }

    func binding(named name: String) -> Binding? { bindings.last { $0.name == name } }

    func row(named name: String) -> Int? { rows.lastIndex { $0.alias == name } }

    /// A row that a name or a word stands for by itself, which is read without following a link.
    mutating func row(of node: SyntaxNode) -> (reference: RowReference, object: ObjectID, origins: [Origin])? {
        switch node.form {
        case .name(let name):
            guard binding(named: name) == nil, let index = row(named: name) else { return nil }
            return (.row(index), rows[index].object, rows[index].origins)
        case .subject(let subject): return row(of: subject)
        default: return nil
        }
    }

    private mutating func row(of subject: SyntaxForm.Subject) -> (reference: RowReference, object: ObjectID, origins: [Origin])? {
        switch subject {
        case .this: return scope.this.map { (.this, $0, [.path([])]) }
        case .me:
            guard scope.allowsMe, let users = schema.users else { return nil }
            reads.user = true
            return (.me, users, [.elsewhere])
        case .old:
            guard scope.allowsOld, let object = scope.this else { return nil }
            reads.change = true
            return (.old, object, [.elsewhere])
        case .candidate: return scope.candidate.map { (.candidate, $0, [.elsewhere]) }
        case .body: return nil
        }
    }

    mutating func inferSubject(_ subject: SyntaxForm.Subject, at range: Range<Int>) -> Typed {
        if subject == .body, scope.allowsBody { return readBody([], at: range) }
        guard let row = row(of: subject) else { return failed(.notAvailableHere(subject), at: range) }
        return record(row.reference, row.object, row.origins, at: range)
    }

    func record(_ reference: RowReference, _ object: ObjectID, _ origins: [Origin], at range: Range<Int>) -> Typed {
        Typed(.record(reference), .link([object]), blank: reference == .old, at: range, origins: origins)
    }

    mutating func inferName(_ name: String, at range: Range<Int>, expecting expected: FormulaType?) -> Typed {
        if let binding = binding(named: name) {
            var typed = binding.value
            let value = typed.node
            typed.node = ExpressionNode(.variable(binding.slot), type: value.type, mayBeBlank: value.mayBeBlank, range: range)
            typed.text = nil
            typed.days = nil
            return narrowed(typed)
        }
        if let index = row(named: name) { return record(.row(index), rows[index].object, rows[index].origins, at: range) }
        guard let row = currentRow else {
            if names.object(name) != nil { return failed(.setWithoutAggregate(name), at: range) }
            return failed(.unknownName(name, on: nil, meant: guess(for: name, on: nil, expecting: expected)), at: range)
        }
        switch names.find(name, on: row.object) {
        case .found(.field(let field)): return read(field, of: row.reference, row.origins, at: range)
        case .found(.collection(let collection)): return failed(.setWithoutAggregate(collection.name), at: range)
        case .ambiguous(let entities): return failed(.ambiguousName(name, meanings: entities.map(\.name)), at: range)
        case .unknown:
            if expected == nil, names.object(name) != nil { return failed(.setWithoutAggregate(name), at: range) }
            if Self.blankElsewhere.contains(name.lowercased()) { return failed(.foreignOperator(name, instead: "blank"), at: range) }
            let object = schema.objects[row.object.index].name
            return failed(.unknownName(name, on: object, meant: guess(for: name, on: row.object, expecting: expected)), at: range)
        }
    }

    private func guess(for name: String, on object: ObjectID?, expecting expected: FormulaType?) -> NameGuess? {
        if case .choice(let list) = expected, let option = list.options.first(where: { $0.key == name || $0.labelZh == name || $0.labelEn == name }) {
            return .option(option.key)
        }
        if !rows.isEmpty, let this = scope.this, names.entity(name, on: this) != nil { return .outer("this.\(FormulaPrinter.spelled(name))") }
        if let member = bindings.first(where: { $0.name.hasPrefix("\(name).") }) { return .name(member.name) }
        let known = bindings.map(\.name) + rows.compactMap(\.alias) + (object.map(names.names(on:)) ?? [])
        if let near = closestMatch(to: name, among: known) { return .name(FormulaPrinter.spelled(near)) }
        if Keyword(rawValue: name.lowercased()) != nil { return .name(name.lowercased()) }
        if functions[name] != nil { return .function(functions.canonical(name)) }
        if names.object(name) != nil { return .object(name) }
        return nil
    }

    /// The value of a field of a row that stands for itself.
    mutating func read(_ field: FormulaField, of reference: RowReference, _ origins: [Origin], at range: Range<Int>) -> Typed {
        noteRead(of: field.id, from: origins)
        let type = self.type(of: field)
        let mayBeBlank = field.mayBeBlank || reference == .old
        return narrowed(Typed(.field(field.id, of: reference), type, blank: mayBeBlank, at: range, origins: linked(type, from: origins, by: field.id)))
    }

    func linked(_ type: FormulaType, from origins: [Origin], by field: FieldID) -> [Origin] {
        switch type {
        case .link, .links: self.origins(origins, by: .link(field))
        case .number, .money, .percent, .text, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .location, .list, .blank, .error: []
        }
    }

    func type(of field: FormulaField) -> FormulaType { field.type ?? typing(field.id) }

    mutating func inferMember(of base: SyntaxNode, _ name: SyntaxName, at range: Range<Int>) -> Typed {
        if let path = bodyPath(base) { return readBody(path + [name.text], at: range) }
        // What goes by one name and holds several values: `answer.seen`.
        if case .name(let first) = base.form, binding(named: first) == nil {
            let members = bindings.compactMap { $0.name.hasPrefix("\(first).") ? String($0.name.dropFirst(first.count + 1)) : nil }
            if members.contains(name.text) { return inferName("\(first).\(name.text)", at: range, expecting: nil) }
            if !members.isEmpty {
                return failed(.unknownName(name.text, on: first, meant: closestMatch(to: name.text, among: members).map { .name($0) }), at: name.range, whole: range)
            }
        }
        if case .subject(let subject) = base.form, row(of: subject) == nil { return failed(.notAvailableHere(subject), at: base.range) }
        if let row = row(of: base) {
            guard let entity = resolve(name, on: row.object) else { return .error(at: range) }
            switch entity {
            case .field(let field): return read(field, of: row.reference, row.origins, at: range)
            case .collection: return failed(.setWithoutAggregate(name.text), at: range)
            }
        }
        let value = infer(base)
        return follow(value, name, at: range)
    }

    /// The field `name` of the record to which `value` leads.
    mutating func follow(_ value: Typed, _ name: SyntaxName, at range: Range<Int>) -> Typed {
        switch value.type {
        case .error: return .error(at: range)
        case .link(let objects):
            guard objects.count == 1, let object = objects.first else { return followAny(value, objects, name, at: range) }
            guard let entity = resolve(name, on: object) else { return .error(at: range) }
            switch entity {
            case .collection: return failed(.setWithoutAggregate(name.text), at: name.range, whole: range)
            case .field(let field):
                let hops = value.origins.map { origin in if case .path(let steps) = origin { steps.count } else { 1 } }.max() ?? 1
                guard hops <= FormulaLimits.hops else { return failed(.pathTooLong, at: name.range, whole: range) }
                noteRead(of: field.id, from: value.origins)
                let type = self.type(of: field)
                return narrowed(
                    Typed(
                        .follow(value.node, field.id), type, blank: value.node.mayBeBlank || field.mayBeBlank || leadsElsewhere(value.node), at: range,
                        origins: linked(type, from: value.origins, by: field.id)))
            }
        case .links:
            return failed(.setWithoutAggregate(spelling(of: value)), at: value.range, whole: range)
        case .number, .money, .percent, .text, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .location, .list, .blank:
            let instead: String? = functions[name.text] != nil ? "\(functions.canonical(name.text))(…)" : nil
            return failed(.noFields(of: describe(value.type), name: name.text, instead: instead), at: name.range, whole: range)
        }
    }

    /// Whether a link to several objects was narrowed to one: it may be that it leads to another.
    private func leadsElsewhere(_ link: ExpressionNode) -> Bool {
        guard let path = LinkPath(link) else { return false }
        return narrowing[path] != nil
    }

    func spelling(of value: Typed) -> String {
        switch value.node.form {
        case .field(let field, _), .follow(_, let field): schema.objects[field.object.index].fields[field.index].name
        default: "link"
        }
    }

    /// What `name` is on `object`; nil after saying that it is nothing.
    mutating func resolve(_ name: SyntaxName, on object: ObjectID) -> SchemaNames.Entity? {
        switch names.find(name.text, on: object) {
        case .found(let entity): return entity
        case .ambiguous(let entities):
            report(.ambiguousName(name.text, meanings: entities.map(\.name)), at: name.range)
        case .unknown:
            let meant = closestMatch(to: name.text, among: names.names(on: object)).map { NameGuess.name(FormulaPrinter.spelled($0)) }
            report(.unknownName(name.text, on: schema.objects[object.index].name, meant: meant), at: name.range)
        }
        return nil
    }

    mutating func unknownRole(_ role: SyntaxName, at range: Range<Int>) -> Typed {
        failed(.unknownRole(role.text, meant: closestMatch(to: role.text, among: names.roleNames)), at: role.range, whole: range)
    }
}
