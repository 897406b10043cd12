package import SourceText

/// The way from what the database has to what an app wants: changes in the order in which they are made.
package struct SchemaPlan: Sendable {
    package let changes: [SchemaChange]
    /// The catalogue as it is once the plan is carried out.
    package let after: ExistingSchema

    package init(changes: [SchemaChange], after: ExistingSchema) {
        self.changes = changes
        self.after = after
    }

    package var isEmpty: Bool { changes.isEmpty }
    /// Why the plan cannot be carried out; empty if nothing is known to stand against it.
    package var refusals: [Words] { changes.filter { $0.class == .refused }.map(\.words) }

    /// The plan for reading: a line per change with its class.
    package func text(in language: Language) -> String {
        guard !changes.isEmpty else {
            return Words(zh: "没有变化\n", en: "nothing changes\n")[language]
        }
        var text = ""
        for change in changes {
            text += "\(change.class.words[language]): \(change.words[language])\n"
            guard case .createObject(let object) = change else { continue }
            for field in object.fields {
                text += "  \(field.name): \(field.storage.words[language]) (\(field.column))"
                if field.isUnique { text += Words(zh: "，不重复", en: ", unique")[language] }
                if field.computation != nil { text += Words(zh: "，公式", en: ", formula")[language] }
                text += "\n"
            }
        }
        return text
    }
}

extension DesiredSchema {
    /// What must change so that `existing` becomes this. Objects and fields are the same if their names are.
    package func difference(from existing: ExistingSchema) -> SchemaPlan {
        var planner = SchemaPlanner(after: existing)
        planner.meet(self)
        return SchemaPlan(changes: planner.changes, after: planner.after)
    }
}

/// Goes through what is wanted, notes the changes and keeps the catalogue that results.
private struct SchemaPlanner {
    var after: ExistingSchema
    var changes: [SchemaChange] = []
    /// Computations come last, when every column is there.
    var computations: [SchemaChange] = []

    init(after: ExistingSchema) {
        self.after = after
    }

    mutating func meet(_ desired: DesiredSchema) {
        for object in desired.objects {
            if let position = after.objects.firstIndex(where: { $0.name == object.name }) {
                meet(object, at: position)
            } else {
                create(object)
            }
        }
        let wanted = Set(desired.objects.map(\.name))
        for position in after.objects.indices where !after.objects[position].isRetired && !wanted.contains(after.objects[position].name) {
            changes.append(.retireObject(after.objects[position]))
            after.objects[position].isRetired = true
        }
        changes += computations
    }

    private mutating func create(_ object: DesiredObject) {
        let number = after.takeNumber()
        var created = ExistingObject(number: number, name: object.name, table: PhysicalNames.name(slugOf: object.name, number: number))
        for field in object.fields { created.fields.append(newField(field)) }
        after.objects.append(created)
        changes.append(.createObject(created))
    }

    private mutating func newField(_ field: DesiredField) -> ExistingField {
        let number = after.takeNumber()
        return ExistingField(
            number: number, name: field.name, column: PhysicalNames.name(slugOf: field.name, number: number), storage: field.storage,
            isUnique: field.isUnique, isIndexed: field.isIndexed, computation: field.computation, options: field.options)
    }

    private mutating func meet(_ object: DesiredObject, at position: Int) {
        if after.objects[position].isRetired {
            after.objects[position].isRetired = false
            changes.append(.reviveObject(after.objects[position]))
        }
        for field in object.fields { meet(field, ofObjectAt: position) }
        let wanted = Set(object.fields.map(\.name))
        for field in after.objects[position].fields where !field.isRetired && !wanted.contains(field.name) {
            retire(field, at: position, object.computedOnRead.contains(field.name) ? .computedOnRead : .removed)
        }
    }

    private mutating func meet(_ wanted: DesiredField, ofObjectAt position: Int) {
        guard let active = after.objects[position].fields.first(where: { $0.name == wanted.name && !$0.isRetired }) else {
            return bring(wanted, at: position)
        }
        let sameStorage = active.storage == wanted.storage
        switch (active.computation, wanted.computation) {
        case (nil, nil) where sameStorage:
            adjust(active, to: wanted, at: position)
        case (nil, nil):
            changes.append(.refuseType(active, of: after.objects[position], wanted: wanted.storage))
        case (.some(let old), .some(let new)) where sameStorage:
            adjust(active, to: wanted, at: position)
            if old != new { compute(wanted, at: position) }
        case (nil, .some):
            retire(active, at: position, .becameFormula)
            bring(wanted, at: position)
        case (.some, nil) where sameStorage:
            change(active, at: position) { $0.computation = nil }
            changes.append(.releaseFromFormula(active, of: after.objects[position]))
            adjust(active, to: wanted, at: position)
        case (.some, .some), (.some, nil):
            retire(active, at: position, .formulaChangedType)
            bring(wanted, at: position)
        }
    }

    /// Revives a retired field of the same storage and nature, else adds one.
    private mutating func bring(_ wanted: DesiredField, at position: Int) {
        let retired = after.objects[position].fields.last {
            $0.name == wanted.name && $0.isRetired && $0.storage == wanted.storage && ($0.computation == nil) == (wanted.computation == nil)
        }
        if let retired {
            change(retired, at: position) { $0.isRetired = false }
            changes.append(.reviveField(retired, of: after.objects[position]))
            adjust(retired, to: wanted, at: position)
        } else {
            let field = newField(wanted)
            changes.append(.addField(field, of: after.objects[position]))
            after.objects[position].fields.append(field)
        }
        if let initial = wanted.initialStage, let field = current(wanted.name, at: position) {
            changes.append(.beginStages(field, of: after.objects[position], initial: initial))
        }
        if wanted.computation != nil { compute(wanted, at: position) }
    }

    /// What may differ between two versions of the same field without touching its values.
    private mutating func adjust(_ field: ExistingField, to wanted: DesiredField, at position: Int) {
        let missing = field.options.filter { !wanted.options.contains($0) }
        if !missing.isEmpty { changes.append(.removeOptions(missing, field, of: after.objects[position])) }
        if wanted.isUnique, !field.isUnique { changes.append(.addUnique(field, of: after.objects[position])) }
        if !wanted.isUnique, field.isUnique { changes.append(.dropUnique(field, of: after.objects[position])) }
        if wanted.isIndexed, !field.isIndexed { changes.append(.addIndex(field, of: after.objects[position])) }
        change(field, at: position) {
            $0.options = wanted.options
            $0.isUnique = wanted.isUnique
            $0.isIndexed = $0.isIndexed || wanted.isIndexed
        }
    }

    private mutating func compute(_ wanted: DesiredField, at position: Int) {
        guard let field = current(wanted.name, at: position) else { return }
        change(field, at: position) { $0.computation = wanted.computation }
        computations.append(.compute(field, of: after.objects[position]))
    }

    private mutating func retire(_ field: ExistingField, at position: Int, _ reason: SchemaChange.RetireReason) {
        change(field, at: position) { $0.isRetired = true }
        changes.append(.retireField(field, of: after.objects[position], reason))
    }

    private func current(_ name: String, at position: Int) -> ExistingField? {
        after.objects[position].fields.first { $0.name == name && !$0.isRetired }
    }

    private mutating func change(_ field: ExistingField, at position: Int, _ body: (inout ExistingField) -> Void) {
        guard let index = after.objects[position].fields.firstIndex(where: { $0.number == field.number }) else { return }
        body(&after.objects[position].fields[index])
    }
}
