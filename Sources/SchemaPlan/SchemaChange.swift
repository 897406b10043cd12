package import SourceText

/// One thing that a new version of an app changes in the database.
package enum SchemaChange: Sendable, Hashable {
    case createObject(ExistingObject)
    case reviveObject(ExistingObject)
    case retireObject(ExistingObject)
    case addField(ExistingField, of: ExistingObject)
    /// Retired before; its values are still there.
    case reviveField(ExistingField, of: ExistingObject)
    case retireField(ExistingField, of: ExistingObject, RetireReason)
    /// Was a formula and is now filled in by people: the values stay as a beginning.
    case releaseFromFormula(ExistingField, of: ExistingObject)
    case addUnique(ExistingField, of: ExistingObject)
    case dropUnique(ExistingField, of: ExistingObject)
    case addIndex(ExistingField, of: ExistingObject)
    case removeOptions([String], ExistingField, of: ExistingObject)
    /// Records that stood before the object had stages begin in the first one.
    case beginStages(ExistingField, of: ExistingObject, initial: String)
    /// Values of a formula are computed for every record.
    case compute(ExistingField, of: ExistingObject)
    case refuseType(ExistingField, of: ExistingObject, wanted: ColumnStorage)

    package enum RetireReason: Sendable, Hashable {
        case removed
        /// Its formula now reads the clock or the reader.
        case computedOnRead
        /// People filled it in; now a formula of the same name computes it.
        case becameFormula
        /// The formula of this name now gives another type, or a field that people fill in has taken its place.
        case formulaChangedType
    }

    /// What kind of step it is, for whoever decides whether to take it.
    package enum Class: String, Sendable, Hashable, CaseIterable {
        case safe
        /// Safe if the records allow it, which is looked up first.
        case checked
        /// Values are computed for existing records.
        case backfill
        /// Data stays but is no longer seen.
        case retire
        case refused
    }

    package var `class`: Class {
        switch self {
        case .createObject, .reviveObject, .addField, .reviveField, .releaseFromFormula, .dropUnique, .addIndex, .beginStages: .safe
        case .addUnique, .removeOptions: .checked
        case .compute: .backfill
        case .retireObject, .retireField: .retire
        case .refuseType: .refused
        }
    }
}

extension SchemaChange {
    /// What happens, in one line.
    package var words: Words {
        switch self {
        case .createObject(let object):
            Words(zh: "新对象 `\(object.name)`（表 \(object.table)）", en: "new object `\(object.name)` (table \(object.table))")
        case .reviveObject(let object):
            Words(
                zh: "对象 `\(object.name)` 恢复，原有数据重新可见（表 \(object.table)）",
                en: "object `\(object.name)` comes back with its records (table \(object.table))")
        case .retireObject(let object):
            Words(
                zh: "对象 `\(object.name)` 停用，数据保留（表 \(object.table)）",
                en: "object `\(object.name)` is retired, its records are kept (table \(object.table))")
        case .addField(let field, let object):
            Words(
                zh: "新字段 \(name(field, object))：\(field.storage.words.zh)（列 \(field.column)）",
                en: "new field \(name(field, object)): \(field.storage.words.en) (column \(field.column))")
        case .reviveField(let field, let object):
            Words(
                zh: "字段 \(name(field, object)) 恢复，原有值重新可见（列 \(field.column)）",
                en: "field \(name(field, object)) comes back with its values (column \(field.column))")
        case .retireField(let field, let object, let reason):
            Words(
                zh: "字段 \(name(field, object)) 停用，值保留（列 \(field.column)）：\(reason.words.zh)",
                en: "field \(name(field, object)) is retired, its values are kept (column \(field.column)): \(reason.words.en)")
        case .releaseFromFormula(let field, let object):
            Words(
                zh: "字段 \(name(field, object)) 不再由公式计算，已算出的值保留",
                en: "field \(name(field, object)) is no longer computed; the values it has stay")
        case .addUnique(let field, let object):
            Words(zh: "字段 \(name(field, object)) 的值不得重复", en: "values of \(name(field, object)) must differ from now on")
        case .dropUnique(let field, let object):
            Words(zh: "字段 \(name(field, object)) 的值可以重复", en: "values of \(name(field, object)) may repeat from now on")
        case .addIndex(let field, let object):
            Words(zh: "字段 \(name(field, object)) 加索引", en: "field \(name(field, object)) gets an index")
        case .removeOptions(let options, let field, let object):
            Words(
                zh: "字段 \(name(field, object)) 去掉选项 \(quoted(options, by: "、"))",
                en: "field \(name(field, object)) loses the options \(quoted(options, by: ", "))")
        case .beginStages(let field, let object, let initial):
            Words(
                zh: "`\(object.name)` 的已有记录进入 `\(field.name)` 的第一个阶段 `\(initial)`",
                en: "records of `\(object.name)` begin in `\(initial)`, the first stage of `\(field.name)`")
        case .compute(let field, let object):
            Words(
                zh: "为 `\(object.name)` 的所有记录计算 `\(field.name)`", en: "`\(field.name)` is computed for every record of `\(object.name)`")
        case .refuseType(let field, let object, let wanted):
            Words(
                zh: "字段 \(name(field, object)) 是\(field.storage.words.zh)，不能改成\(wanted.words.zh)：请改回原类型，或换一个字段名",
                en: "field \(name(field, object)) is \(field.storage.words.en) and cannot become \(wanted.words.en): change it back, or take another name")
        }
    }

    /// What stands against a checked change if the records do not allow it.
    ///
    /// - Parameter count: What the change's check counted; more than 0.
    package func refusal(count: Int64) -> Words {
        switch self {
        case .addUnique(let field, let object):
            Words(
                zh: "字段 \(name(field, object)) 不能设为不重复：有 \(count) 个值出现了不止一次，请先改正",
                en: "values of \(name(field, object)) cannot be made unique: \(count) of them occur more than once; correct them first")
        case .removeOptions(let options, let field, let object):
            Words(
                zh: "字段 \(name(field, object)) 不能去掉选项 \(quoted(options, by: "、"))：还有 \(count) 条记录在用，请先改掉",
                en: "field \(name(field, object)) cannot lose the options \(quoted(options, by: ", ")): \(count) records still have them; change those first")
        case .createObject, .reviveObject, .retireObject, .addField, .reviveField, .retireField, .releaseFromFormula, .dropUnique, .addIndex,
            .beginStages, .compute, .refuseType:
            words
        }
    }

    private func name(_ field: ExistingField, _ object: ExistingObject) -> String {
        "`\(object.name).\(field.name)`"
    }

    private func quoted(_ options: [String], by separator: String) -> String {
        options.map { "`\($0)`" }.joined(separator: separator)
    }
}

extension SchemaChange.RetireReason {
    package var words: Words {
        switch self {
        case .removed: Words(zh: "定义中已去掉", en: "it is no longer in the definition")
        case .computedOnRead: Words(zh: "改为读取时计算", en: "it is now computed when it is read")
        case .becameFormula: Words(zh: "现在由公式计算", en: "a formula computes it now")
        case .formulaChangedType: Words(zh: "公式换了类型", en: "its formula gives another type now")
        }
    }
}

extension SchemaChange.Class {
    package var words: Words {
        switch self {
        case .safe: Words(zh: "安全", en: "safe")
        case .checked: Words(zh: "先检查", en: "checked first")
        case .backfill: Words(zh: "补算", en: "backfill")
        case .retire: Words(zh: "停用", en: "retire")
        case .refused: Words(zh: "拒绝", en: "refused")
        }
    }
}

extension SchemaChange {
    /// Whose table it concerns.
    package var object: ExistingObject {
        switch self {
        case .createObject(let object), .reviveObject(let object), .retireObject(let object): object
        case .addField(_, let object), .reviveField(_, let object), .retireField(_, let object, _), .releaseFromFormula(_, let object),
            .addUnique(_, let object), .dropUnique(_, let object), .addIndex(_, let object), .removeOptions(_, _, let object),
            .beginStages(_, let object, _), .compute(_, let object), .refuseType(_, let object, _):
            object
        }
    }

    /// The field it concerns; nil where it is an object as a whole.
    package var field: ExistingField? {
        switch self {
        case .createObject, .reviveObject, .retireObject: nil
        case .addField(let field, _), .reviveField(let field, _), .retireField(let field, _, _), .releaseFromFormula(let field, _),
            .addUnique(let field, _), .dropUnique(let field, _), .addIndex(let field, _), .removeOptions(_, let field, _),
            .beginStages(let field, _, _), .compute(let field, _), .refuseType(let field, _, _):
            field
        }
    }

    /// Whether the field has no values of its own before this change.
    package func brings(_ field: ExistingField) -> Bool {
        switch self {
        case .createObject(let object): object.fields.contains { $0.number == field.number }
        case .addField(let added, _): added.number == field.number
        case .reviveObject, .retireObject, .reviveField, .retireField, .releaseFromFormula, .addUnique, .dropUnique, .addIndex, .removeOptions,
            .beginStages, .compute, .refuseType:
            false
        }
    }

    /// A stable word for programs.
    package var code: String {
        switch self {
        case .createObject: "create_object"
        case .reviveObject: "revive_object"
        case .retireObject: "retire_object"
        case .addField: "add_field"
        case .reviveField: "revive_field"
        case .retireField: "retire_field"
        case .releaseFromFormula: "release_from_formula"
        case .addUnique: "add_unique"
        case .dropUnique: "drop_unique"
        case .addIndex: "add_index"
        case .removeOptions: "remove_options"
        case .beginStages: "begin_stages"
        case .compute: "compute"
        case .refuseType: "refuse_type"
        }
    }
}
