import Formula
import Model
import SourceText

/// What people are told, each in one place.
extension Words {
    static func required(_ field: CheckedField) -> Words {
        Words(zh: "请填写“\(field.label.zh)”", en: "\(field.label.en) is required")
    }

    static func readOnly(_ field: CheckedField) -> Words {
        field.computed != nil
            ? Words(zh: "“\(field.label.zh)”由公式计算，不能填写", en: "\(field.label.en) is computed and cannot be entered")
            : Words(zh: "“\(field.label.zh)”由系统填写，不能修改", en: "\(field.label.en) is set by the system and cannot be changed")
    }

    static func stageByMoveOnly(_ field: CheckedField) -> Words {
        Words(zh: "“\(field.label.zh)”只能通过推进阶段来改变", en: "\(field.label.en) changes only by moving the record to a stage")
    }

    static func noSuchRecord(_ text: String, for field: CheckedField) -> Words {
        Words(zh: "“\(field.label.zh)”没有找到“\(text)”", en: "\(field.label.en): there is no `\(text)`")
    }

    static func severalRecords(_ text: String, for field: CheckedField, count: Int) -> Words {
        Words(
            zh: "“\(field.label.zh)”有 \(count) 条记录叫“\(text)”，请改用编号", en: "\(field.label.en): \(count) records are called `\(text)`, give the id instead")
    }

    static func notUnique(_ field: CheckedField, holder: String) -> Words {
        Words(zh: "“\(field.label.zh)”与 \(holder) 重复", en: "\(field.label.en) is the same as that of \(holder)")
    }

    static func cannotBeDecided(_ say: Words, because failure: FormulaFailure) -> Words {
        Words(zh: "\(say.zh)（无法判断：\(failure.words.zh)）", en: "\(say.en) (cannot be decided: \(failure.words.en))")
    }

    static func inUse(_ count: Int, of object: CheckedObject, by field: CheckedField) -> Words {
        Words(
            zh: "还有 \(count) 条“\(object.label.zh)”的“\(field.label.zh)”指向它，不能删除",
            en: "\(count) of \(object.label.en) need it as their \(field.label.en), so it cannot be deleted")
    }

    static func noSuchField(_ name: String, on object: CheckedObject) -> Words {
        let known = object.fields.filter { !$0.isSystem }
        let meant = closestMatch(to: name, among: known.map(\.name)) ?? known.first { $0.label.zh == name || $0.label.en == name }?.name
        return Words(
            zh: "“\(object.label.zh)”没有字段“\(name)”" + (meant.map { "，是不是“\($0)”？" } ?? ""),
            en: "\(object.label.en) has no field `\(name)`" + (meant.map { "; did you mean `\($0)`?" } ?? ""))
    }

    static func noSuchStage(_ name: String, on object: CheckedObject) -> Words {
        Words(zh: "“\(object.label.zh)”没有阶段“\(name)”", en: "\(object.label.en) has no stage `\(name)`")
    }

    static func restoreFirst(_ target: String, for field: CheckedField) -> Words {
        Words(zh: "“\(field.label.zh)”指向的 \(target) 已删除，请先恢复它", en: "\(field.label.en) leads to \(target), which is deleted: restore that first")
    }

    static let onlyAdministrators = Words(
        zh: "只有应用管理员可以彻底删除（在 roles 里写 administers: yes 的角色）", en: "only a role that administers the app (administers: yes) may delete for good")

    static let cannotBeUndone = Words(zh: "这次修改已不能撤销", en: "this change can no longer be undone")

    static let inactive = Words(zh: "您的账号已停用", en: "your account is not active")

    static func changesTooMuch(limit: Int) -> Words {
        Words(
            zh: "这一修改会牵动超过 \(limit) 条记录的公式，已停止，没有保存", en: "this change would touch formulas of more than \(limit) records; it was stopped and nothing was saved")
    }
}
