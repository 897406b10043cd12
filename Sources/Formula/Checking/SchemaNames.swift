/// The names of an app, ready to be looked up.
struct SchemaNames {
    enum Entity {
        case field(FormulaField)
        case collection(FormulaCollection)

        var name: String {
            switch self {
            case .field(let field): field.name
            case .collection(let collection): collection.name
            }
        }

        var labels: [String] {
            switch self {
            case .field(let field): field.labels
            case .collection(let collection): collection.labels
            }
        }
    }

    enum Finding {
        case found(Entity)
        /// A label of several.
        case ambiguous([Entity])
        case unknown
    }

    private struct ObjectNames {
        var byName: [String: Entity] = [:]
        var byLabel: [String: [Entity]] = [:]
    }

    private let objects: [ObjectNames]
    private let objectsByName: [String: ObjectID]
    private let objectsByLabel: [String: [ObjectID]]
    private let roles: [String: RoleID]

    init(_ schema: FormulaSchema) {
        var byName: [String: ObjectID] = [:]
        var byLabel: [String: [ObjectID]] = [:]
        objects = schema.objects.map { object in
            byName[object.name] = object.id
            for label in Set(object.labels) { byLabel[label, default: []].append(object.id) }
            var names = ObjectNames()
            for entity in object.fields.map(Entity.field) + object.collections.map(Entity.collection) {
                if names.byName[entity.name] == nil { names.byName[entity.name] = entity }
                for label in Set(entity.labels) { names.byLabel[label, default: []].append(entity) }
            }
            return names
        }
        objectsByName = byName
        objectsByLabel = byLabel
        roles = Dictionary(schema.roles.enumerated().map { ($1, RoleID(index: $0)) }) { first, _ in first }
    }

    /// By name, else by a label that is unique on the object.
    func find(_ name: String, on object: ObjectID) -> Finding {
        let names = objects[object.index]
        if let entity = names.byName[name] { return .found(entity) }
        guard let labelled = names.byLabel[name] else { return .unknown }
        return labelled.count == 1 ? .found(labelled[0]) : .ambiguous(labelled)
    }

    func entity(_ name: String, on object: ObjectID) -> Entity? {
        if case .found(let entity) = find(name, on: object) { entity } else { nil }
    }

    /// The object of this name, else of this label if only one has it.
    func object(_ name: String) -> ObjectID? {
        if let id = objectsByName[name] { return id }
        guard let labelled = objectsByLabel[name], labelled.count == 1 else { return nil }
        return labelled[0]
    }

    /// The object of exactly this name.
    func object(named name: String) -> ObjectID? { objectsByName[name] }

    func role(_ name: String) -> RoleID? { roles[name] }

    var objectNames: [String] { objectsByName.keys.sorted() }
    var roleNames: [String] { roles.keys.sorted() }

    /// Everything that may be said on the object: for guesses.
    func names(on object: ObjectID) -> [String] {
        let names = objects[object.index]
        return names.byName.keys.sorted() + names.byLabel.filter { $0.value.count == 1 }.keys.sorted()
    }
}
