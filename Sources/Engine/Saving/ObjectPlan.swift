import Formula
import Model
import Program

/// What saving needs to know of an object, found out once when the app is loaded.
struct ObjectPlan: Sendable {
    struct Autonumber: Sendable {
        let field: FieldID
        let prefix: String
        let digits: Int
        let suffix: String
    }

    /// A link field, of whatever object, that may lead to records of this one.
    struct Incoming: Sendable {
        let field: FieldID
        /// Deleting the record it leads to is refused. Links of the built-in objects never stand in the way.
        let holdsFast: Bool
    }

    let object: CheckedObject
    let compiled: CompiledObject
    let required: [FieldID]
    let unique: [FieldID]
    let cleaned: [FieldID]
    let autonumbers: [Autonumber]
    let incoming: [Incoming]
    let stage: FieldID?
    let stages: CheckedStages?
    /// By field index: whether people may write it.
    let isWritable: [Bool]
    /// By field index: whether it is a link.
    let isLink: [Bool]
    /// By field index: whether it is computed on read and so never stored.
    let isVolatile: [Bool]
    /// By field index: `CompiledComputation.level`.
    let levels: [Int]
    /// By position in `compiled.dependents`: whether the parent's value can be kept by adding and subtracting.
    let deltaIsExact: [Bool]

    init(_ compiled: CompiledObject, in app: CompiledApp) {
        let object = app.model[compiled.id]
        self.object = object
        self.compiled = compiled
        required = object.fields.filter { $0.isRequired && $0.isWritable }.map(\.id)
        unique = object.fields.filter(\.isUnique).map(\.id)
        cleaned = object.fields.filter { !$0.clean.isEmpty }.map(\.id)
        autonumbers = object.fields.compactMap { field in
            guard case .autonumber(let prefix, let digits, let suffix) = field.kind else { return nil }
            return Autonumber(field: field.id, prefix: prefix, digits: digits, suffix: suffix)
        }
        incoming = app.model.objects.flatMap { other in
            other.fields.compactMap { field in
                guard !field.isSystem, field.computed == nil, field.leads(to: compiled.id, in: app.model) else { return nil }
                return Incoming(field: field.id, holdsFast: field.isRequired && !field.isBuiltIn)
            }
        }
        stage = object.stage
        if let stage = object.stage, case .stage(let stages) = object.fields[stage.index].kind { self.stages = stages } else { stages = nil }
        isWritable = object.fields.map { field in
            if case .stage = field.kind { return false }
            return field.isWritable
        }
        isLink = object.fields.map { field in
            switch field.kind {
            case .link, .links, .file, .files: true
            case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url,
                .phone, .address, .uscc, .cnID, .location, .autonumber, .stage: false
            }
        }
        var isVolatile = object.fields.map { _ in false }
        for computation in compiled.volatile { isVolatile[computation.field.index] = true }
        self.isVolatile = isVolatile
        var levels = object.fields.map { _ in 0 }
        for computation in compiled.computedOrder { levels[computation.field.index] = computation.level }
        self.levels = levels
        deltaIsExact = compiled.dependents.map { DeltaPrecision.isExact($0, in: app) }
    }
}

extension CheckedField {
    /// Whether a record of the object can stand in this field.
    func leads(to object: ObjectID, in model: CheckedApp) -> Bool {
        switch kind {
        case .link(let objects), .links(let objects): objects.contains(object)
        case .file, .files: model[object].builtIn == .file
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location,
            .autonumber, .stage: false
        }
    }

    /// Decimals of a number as it is stored; nil for other types.
    var decimals: Int? {
        switch kind {
        case .number(let decimals), .money(let decimals, _), .percent(let decimals): decimals
        case .text, .longText, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location, .link, .links, .file, .files, .autonumber,
            .stage: nil
        }
    }
}
