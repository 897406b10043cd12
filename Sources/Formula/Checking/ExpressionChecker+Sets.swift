import SourceText

/// Sets of rows: which words stand for one, and what an aggregate takes of it.
extension ExpressionChecker {
    /// What a set begins with.
    enum SetHead {
        case users(SyntaxName)
        case object(ObjectID)
        /// A collection of the record that `of` leads to; of the current row if nil.
        case children(of: SyntaxNode?, FormulaCollection, SyntaxName)
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
                    guard hasClauses, case .link = type(of: field) else { return nil }
                case .ambiguous: return nil
                case .unknown: break
                }
            }
            return names.object(name).map { (.object($0), []) }
        case .member(let base, let name):
            if let (head, trailing) = setHead(of: base, hasClauses: false) { return (head, trailing + [name]) }
            if let object = object(of: base), case .collection(let collection) = names.entity(name.text, on: object) {
                return (.children(of: base, collection, name), [])
            }
            // No collection on the way: with clauses behind it, a link called like an object means the object.
            guard hasClauses, let (head, trailing) = setHead(of: base, hasClauses: true) else { return nil }
            return (head, trailing + [name])
        default: return nil
        }
    }

    /// The object to whose records a name or path leads; nil if to none or to several. Reports nothing.
    private func object(of node: SyntaxNode) -> ObjectID? {
        func single(_ type: FormulaType) -> ObjectID? {
            if case .link(let objects) = type, objects.count == 1 { objects[0] } else { nil }
        }
        switch node.form {
        case .subject(.this), .subject(.old): return scope.this
        case .subject(.me): return scope.allowsMe ? schema.users : nil
        case .subject(.candidate): return scope.candidate
        case .name(let name):
            if let binding = binding(named: name) { return single(binding.value.type) }
            if let index = row(named: name) { return rows[index].object }
            guard let row = currentRow, case .field(let field) = names.entity(name, on: row.object) else { return nil }
            return single(type(of: field))
        case .member(let base, let name):
            guard let object = object(of: base), case .field(let field) = names.entity(name.text, on: object) else { return nil }
            return single(type(of: field))
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
                let links: [Origin] = if case .link = type { origins(rows[row].origins, by: .link(field.id)) } else { [] }
                value = Typed(.field(field.id, of: .row(row)), type, blank: field.mayBeBlank, at: range, origins: links)
            } else {
                value = follow(value, name, at: range)
            }
        }
        return value
    }
}
