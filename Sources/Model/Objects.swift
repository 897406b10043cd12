import Definition
import Formula
import SourceText

extension AppChecker {
    /// Gives every object its identity: the built-in ones first, then the author's in written order.
    func declareObjects() {
        for builtIn in BuiltIn.allCases {
            let written = definition.objects.first { $0.name.value == builtIn.rawValue }
            declare(builtIn.rawValue, written?.label?.words(or: builtIn.rawValue) ?? builtIn.label, builtIn, written)
        }
        for written in definition.objects where objectIDs[written.name.value] == nil {
            declare(written.name.value, written.label?.words(or: written.name.value) ?? Words(same: written.name.value), nil, written)
        }
        if objects.count > Self.maximumObjects, let last = definition.objects.last {
            report.report(.tooMany(Words(zh: "对象", en: "objects"), limit: Self.maximumObjects, at: last.name.span))
        }
    }

    private func declare(_ name: String, _ label: Words, _ builtIn: BuiltIn?, _ written: ObjectDefinition?) {
        let id = ObjectID(index: objects.count)
        objectIDs[name] = id
        objects.append(ObjectDraft(id: id, name: name, label: label, builtIn: builtIn, definition: written))
    }

    /// Child sets: one for every `as` of a link, and the reserved ones of what activities, files and tasks are about.
    func resolveCollections() {
        for object in objects {
            for field in object.fields {
                let targets: [ObjectID]
                switch field.kind {
                case .link(let objects)?, .links(let objects)?: targets = objects
                default: continue
                }
                guard !field.isComputed else { continue }
                if field.isBuiltIn, field.name == "about", let builtIn = object.builtIn, let name = builtIn.collection {
                    for target in targets {
                        objects[target.index].collections.append(
                            CheckedCollection(name: name, label: builtIn.label, rows: object.id, link: field.id))
                    }
                } else if let (name, label) = field.definition?.type?.value.collection {
                    let collection = CheckedCollection(
                        name: name.value, label: label?.words(or: name.value) ?? object.label, rows: object.id, link: field.id)
                    for target in targets { add(collection, name, to: target) }
                }
            }
        }
    }

    private func add(_ collection: CheckedCollection, _ name: Located<String>, to target: ObjectID) {
        let object = objects[target.index]
        if let field = object.field(named: name.value) {
            report.report(.nameTaken(name, by: Words(zh: "`\(object.name)` 的字段", en: "a field of `\(object.name)`"), first: field.span))
        } else if let other = object.collections.first(where: { $0.name == name.value }) {
            let link = objects[other.link.object.index].fields[other.link.index]
            report.report(.nameTaken(name, by: Words(zh: "`\(object.name)` 的集合", en: "a collection of `\(object.name)`"), first: link.span))
        } else if let near = (object.fields.map(\.name) + object.collections.map(\.name)).first(where: { $0.lowercased() == name.value.lowercased() }) {
            report.report(.nameDiffersInCase(name, from: near))
        } else {
            objects[target.index].collections.append(collection)
        }
    }

    /// What formulas may refer to, as far as it is known without checking formulas.
    func makeSchema() {
        schema = FormulaSchema(
            objects: objects.map { object in
                FormulaObject(
                    id: object.id, name: object.name, labels: Self.labels(object.label, of: object.name),
                    fields: object.fields.map(formulaField),
                    collections: object.collections.map {
                        FormulaCollection(name: $0.name, labels: Self.labels($0.label, of: $0.name), rows: $0.rows, link: $0.link)
                    })
            },
            roles: roles.map(\.name), users: id(of: .user), currency: currency, calendar: calendar,
            calendars: calendars)
    }

    private func formulaField(_ field: FieldDraft) -> FormulaField {
        let isAlwaysSet: Bool = switch field.kind {
            case .autonumber?, .stage?: true
            default: field.isRequired
            }
        let isSystem = field.id.index < SystemField.allCases.count
        return FormulaField(
            id: field.id, name: field.name,
            // Authors may label a field of theirs 编号 and use that name.
            labels: isSystem ? [] : Self.labels(field.label, of: field.name),
            type: field.kind?.formulaType(fileObject: id(of: .file)) ?? (field.isComputed ? nil : .error),
            mayBeBlank: isSystem ? [SystemField.createdBy.rawValue, SystemField.changedBy.rawValue].contains(field.id.index) : !isAlwaysSet,
            decimals: field.kind?.decimals ?? field.definition?.decimals?.value ?? FieldKind.defaultDecimals)
    }

    private static func labels(_ words: Words, of name: String) -> [String] {
        var labels: [String] = []
        for label in [words.zh, words.en] where label != name && !labels.contains(label) { labels.append(label) }
        return labels
    }
}

extension FieldTypeDefinition {
    /// What `as:` calls the records that link by the field; nil if it says nothing.
    fileprivate var collection: (name: Located<String>, label: LabelDefinition?)? {
        switch self {
        case .link(_, let name, let label), .links(_, let name, let label): name.map { ($0, label) }
        case .text, .longText, .number, .percent, .money, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .file, .files,
            .address, .location, .uscc, .citizenNumber, .autonumber, .stage, .unreadable:
            nil
        }
    }
}
