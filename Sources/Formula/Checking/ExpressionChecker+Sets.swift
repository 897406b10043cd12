import SourceText

/// Sets of rows: which words stand for one, and what an aggregate takes of it.
extension ExpressionChecker {
    /// What a set begins with.
    enum SetHead {
        case users(SyntaxName)
        case object(ObjectID)
        /// A collection of the record that `of` leads to; of the current row if nil.
        case children(of: SyntaxNode?, FormulaCollection, SyntaxName)
        /// A link to many of the record that `of` leads to; of the current row if nil.
        case linked(of: SyntaxNode?, FormulaField, SyntaxName)
        /// An object and a collection of the current row have this name.
        case ambiguous(String)
    }

    struct ResolvedSet {
        let set: RowSet
        let object: ObjectID
        let origins: [Origin]
        /// As the author wrote it, for messages.
        let name: String
    }

    func isSet(_ node: SyntaxNode) -> Bool { setHead(of: node, hasClauses: false) != nil }

    /// The set that `node` stands for and the names behind it; nil if it is no set. Reports nothing.
    ///
    /// - Parameter hasClauses: Whether `where`, `by` or `as` follows, so that a link called like an object means the object.
    func setHead(of node: SyntaxNode, hasClauses: Bool) -> (head: SetHead, trailing: [SyntaxName])? {
        switch node.form {
        case .usersInRole(let role): return (.users(role), [])
        case .name(let name):
            guard binding(named: name) == nil, row(named: name) == nil else { return nil }
            if let row = currentRow {
                switch names.find(name, on: row.object) {
                case .found(.collection(let collection)):
                    if collection.name == name, names.object(named: name) != nil { return (.ambiguous(name), []) }
                    return (.children(of: nil, collection, SyntaxName(text: name, range: node.range)), [])
                case .found(.field(let field)):
                    let type = type(of: field)
                    if case .links = type {
                        if field.name == name, names.object(named: name) != nil { return (.ambiguous(name), []) }
                        return (.linked(of: nil, field, SyntaxName(text: name, range: node.range)), [])
                    }
                    guard hasClauses, case .link = type else { return nil }
                case .ambiguous: return nil
                case .unknown: break
                }
            }
            return names.object(name).map { (.object($0), []) }
        case .member(let base, let name):
            if let (head, trailing) = setHead(of: base, hasClauses: false) { return (head, trailing + [name]) }
            if let object = object(of: base) {
                switch names.entity(name.text, on: object) {
                case .collection(let collection): return (.children(of: base, collection, name), [])
                case .field(let field):
                    if case .links = type(of: field) { return (.linked(of: base, field, name), []) }
                case nil: break
                }
            }
            // No collection on the way: with clauses behind it, a link called like an object means the object.
            guard hasClauses, let (head, trailing) = setHead(of: base, hasClauses: true) else { return nil }
            return (head, trailing + [name])
        default: return nil
        }
    }

    /// The object to whose records a name or path leads; nil if to none or to several. Reports nothing.
    private func object(of node: SyntaxNode) -> ObjectID? { target(of: node)?.object }

    private func target(of node: SyntaxNode) -> (object: ObjectID, path: LinkPath)? {
        func single(_ type: FormulaType, _ path: LinkPath) -> (object: ObjectID, path: LinkPath)? {
            guard case .link(var objects) = type else { return nil }
            if let left = narrowing[path] { objects = objects.filter(left.contains) }
            return objects.count == 1 ? (objects[0], path) : nil
        }
        func row(_ object: ObjectID?, _ reference: RowReference) -> (object: ObjectID, path: LinkPath)? {
            object.map { ($0, LinkPath(root: .row(reference), fields: [])) }
        }
        switch node.form {
        case .subject(.this): return row(scope.this, .this)
        case .subject(.old): return row(scope.this, .old)
        case .subject(.me): return scope.allowsMe ? row(schema.users, .me) : nil
        case .subject(.candidate): return row(scope.candidate, .candidate)
        case .name(let name):
            if let binding = binding(named: name) { return single(binding.value.type, LinkPath(root: .variable(binding.slot), fields: [])) }
            if let index = self.row(named: name) { return row(rows[index].object, .row(index)) }
            guard let row = currentRow, case .field(let field) = names.entity(name, on: row.object) else { return nil }
            return single(type(of: field), LinkPath(root: .row(row.reference), fields: [field.id]))
        case .member(let base, let name):
            guard let base = target(of: base), case .field(let field) = names.entity(name.text, on: base.object) else { return nil }
            return single(type(of: field), LinkPath(root: base.path.root, fields: base.path.fields + [field.id]))
        default: return nil
        }
    }

    /// The rows that a head stands for; nil after reporting.
    mutating func resolve(_ head: SetHead, at range: Range<Int>) -> ResolvedSet? {
        switch head {
        case .users(let role):
            guard let id = names.role(role.text), let users = schema.users else {
                _ = unknownRole(role, at: range)
                return nil
            }
            reads.wholeObjects.insert(users)
            return ResolvedSet(set: .users(id), object: users, origins: [.everywhere], name: "users in role \(role.text)")
        case .object(let object):
            reads.wholeObjects.insert(object)
            return ResolvedSet(set: .all(object), object: object, origins: [.everywhere], name: schema.objects[object.index].name)
        case .children(let base, let collection, let name):
            let parent: Typed
            if let base {
                parent = infer(base)
            } else if let row = currentRow {
                parent = record(row.reference, row.object, row.origins, at: name.range)
            } else {
                return nil
            }
            if parent.isError { return nil }
            let origins = self.origins(parent.origins, by: .children(via: collection.link))
            for case .path(let steps) in origins where steps.count > FormulaLimits.hops {
                report(.pathTooLong, at: name.range)
                return nil
            }
            noteExistence(of: collection.rows, at: origins)
            return ResolvedSet(
                set: .children(of: parent.node, via: collection.link), object: collection.rows, origins: origins, name: name.text)
        case .linked(let base, let field, let name):
            let several: Typed
            if let base {
                several = inferMember(of: base, name, at: range)
            } else if let row = currentRow {
                several = read(field, of: row.reference, row.origins, at: name.range)
            } else {
                return nil
            }
            guard case .links(let objects) = several.type, let object = objects.first else { return nil }
            noteExistence(of: object, at: several.origins)
            return ResolvedSet(set: .linked(several.node), object: object, origins: several.origins, name: name.text)
        case .ambiguous(let name):
            report(.objectOrMember(name, isLink: false), at: range)
            return nil
        }
    }

    /// Enters the rows of a set; gives the index of the row reference. The caller leaves them by `rows.removeLast()`.
    mutating func push(_ set: ResolvedSet, alias: String?) -> Int {
        rows.append(RowContext(alias: alias, object: set.object, origins: set.origins))
        return rows.count - 1
    }

    /// What the names behind a set give for one row; the row itself if there are none.
    mutating func path(_ trailing: [SyntaxName], from row: Int, at range: Range<Int>) -> Typed {
        var value = record(.row(row), rows[row].object, rows[row].origins, at: range)
        for (index, name) in trailing.enumerated() {
            guard case .link(let objects) = value.type, objects.count == 1, let object = objects.first else { return follow(value, name, at: range) }
            guard let entity = resolve(name, on: object) else { return .error(at: range) }
            guard case .field(let field) = entity else { return failed(.nestedSet(name.text), at: name.range, whole: range) }
            if index == 0 {
                noteRead(of: field.id, from: rows[row].origins)
                let type = self.type(of: field)
                let links = linked(type, from: rows[row].origins, by: field.id)
                value = narrowed(Typed(.field(field.id, of: .row(row)), type, blank: field.mayBeBlank, at: range, origins: links))
            } else {
                value = follow(value, name, at: range)
            }
        }
        return value
    }
}
