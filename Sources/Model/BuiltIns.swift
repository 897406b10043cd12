import Formula
import SourceText

// The objects that every app has, and the fields that every record has.

extension SystemField {
    var label: Words {
        switch self {
        case .id: Words(zh: "编号", en: "Number")
        case .version: Words(zh: "版本", en: "Version")
        case .created: Words(zh: "创建时间", en: "Created")
        case .createdBy: Words(zh: "创建人", en: "Created by")
        case .changed: Words(zh: "修改时间", en: "Changed")
        case .changedBy: Words(zh: "修改人", en: "Changed by")
        }
    }

    /// The record's number, counted from 1 per object; its version, counted from 1; instants; people, blank for the system.
    func kind(users: ObjectID) -> FieldKind {
        switch self {
        case .id, .version: .number(decimals: 0)
        case .created, .changed: .datetime
        case .createdBy, .changedBy: .link(to: [users])
        }
    }
}

/// A field that a built-in object brings along.
struct BuiltInField {
    enum Default {
        case value(Value)
        case now
    }

    let name: String
    let label: Words
    let kind: FieldKind
    var isRequired = false
    var isUnique = false
    var defaultValue: Default?
}

extension BuiltIn {
    var label: Words {
        switch self {
        case .user: Words(zh: "用户", en: "User")
        case .activity: Words(zh: "活动", en: "Activity")
        case .file: Words(zh: "文件", en: "File")
        case .task: Words(zh: "任务", en: "Task")
        }
    }

    /// The reserved collection of the records that are about another one; nil for people.
    var collection: String? {
        switch self {
        case .user: nil
        case .activity: "activities"
        case .file: "files"
        case .task: "tasks"
        }
    }

    var shows: String {
        switch self {
        case .user, .file: "{name}"
        case .activity: "{kind} {at}"
        case .task: "{title}"
        }
    }

    /// The kinds of an activity or a file before an app adds its own.
    static let activityKinds: [OptionList.Option] = [
        .init(key: "note", labelZh: "备注", labelEn: "Note"), .init(key: "call", labelZh: "电话", labelEn: "Call"),
        .init(key: "visit", labelZh: "拜访", labelEn: "Visit"), .init(key: "meeting", labelZh: "会议", labelEn: "Meeting"),
        .init(key: "email", labelZh: "邮件", labelEn: "E-mail"), .init(key: "message", labelZh: "消息", labelEn: "Message"),
        .init(key: "file", labelZh: "文件", labelEn: "File"),
    ]
    static let fileKinds: [OptionList.Option] = [
        .init(key: "document", labelZh: "文档", labelEn: "Document"), .init(key: "image", labelZh: "图片", labelEn: "Image"),
        .init(key: "other", labelZh: "其他", labelEn: "Other"),
    ]

    /// In the order in which they stand behind the system fields.
    ///
    /// - Parameter about: What activities, files and tasks can be about.
    func fields(users: ObjectID, about: [ObjectID], roles: OptionList) -> [BuiltInField] {
        switch self {
        case .user:
            [
                BuiltInField(name: "name", label: Words(zh: "姓名", en: "Name"), kind: .text, isRequired: true),
                BuiltInField(name: "login", label: Words(zh: "登录名", en: "Sign-in name"), kind: .text, isUnique: true),
                BuiltInField(name: "email", label: Words(zh: "邮箱", en: "E-mail"), kind: .email, isUnique: true),
                BuiltInField(name: "phone", label: Words(zh: "手机", en: "Phone"), kind: .phone(region: "CN")),
                BuiltInField(name: "role", label: Words(zh: "角色", en: "Role"), kind: .choice(roles)),
                BuiltInField(name: "department", label: Words(zh: "部门", en: "Department"), kind: .text),
                BuiltInField(name: "manager", label: Words(zh: "主管", en: "Manager"), kind: .link(to: [users])),
                BuiltInField(name: "active", label: Words(zh: "在用", en: "Active"), kind: .bool, defaultValue: .value(.bool(true))),
            ]
        case .activity:
            [
                BuiltInField(name: "about", label: Words(zh: "关于", en: "About"), kind: .link(to: about), isRequired: true),
                BuiltInField(
                    name: "kind", label: Words(zh: "类型", en: "Kind"), kind: .choice(OptionList(name: "activity.kind", options: Self.activityKinds)),
                    isRequired: true, defaultValue: .value(.option("note"))),
                BuiltInField(name: "at", label: Words(zh: "时间", en: "At"), kind: .datetime, isRequired: true, defaultValue: .now),
                BuiltInField(name: "text", label: Words(zh: "内容", en: "Text"), kind: .longText),
                BuiltInField(name: "minutes", label: Words(zh: "分钟数", en: "Minutes"), kind: .number(decimals: 2)),
                BuiltInField(name: "read", label: Words(zh: "已读", en: "Read"), kind: .bool),
                BuiltInField(name: "effective", label: Words(zh: "有效", en: "Effective"), kind: .bool),
            ]
        case .file:
            [
                BuiltInField(name: "about", label: Words(zh: "关于", en: "About"), kind: .link(to: about)),
                BuiltInField(name: "name", label: Words(zh: "文件名", en: "Name"), kind: .text, isRequired: true),
                BuiltInField(
                    name: "kind", label: Words(zh: "类型", en: "Kind"), kind: .choice(OptionList(name: "file.kind", options: Self.fileKinds)),
                    defaultValue: .value(.option("document"))),
                BuiltInField(name: "format", label: Words(zh: "格式", en: "Format"), kind: .text),
                BuiltInField(name: "size", label: Words(zh: "大小（字节）", en: "Size in bytes"), kind: .number(decimals: 0)),
            ]
        case .task:
            [
                BuiltInField(name: "about", label: Words(zh: "关于", en: "About"), kind: .link(to: about)),
                BuiltInField(name: "title", label: Words(zh: "标题", en: "Title"), kind: .text, isRequired: true),
                BuiltInField(name: "due", label: Words(zh: "到期日", en: "Due"), kind: .date),
                BuiltInField(name: "done", label: Words(zh: "已完成", en: "Done"), kind: .bool, defaultValue: .value(.bool(false))),
                BuiltInField(name: "owner", label: Words(zh: "负责人", en: "Owner"), kind: .link(to: [users])),
            ]
        }
    }
}
