import SourceText

/// News that one page leaves for the next, carried by a cookie that holds nothing but the name.
enum Notice: String, Sendable, CaseIterable {
    case created, saved, unchanged, moved, deleted, restored, purged, sentAgain = "sent_again", undone, notUndone = "not_undone", uploaded, logged, signedOut = "signed_out", passwordChanged = "password_changed"
    case decided, answered, sentForApproval = "sent_for_approval"

    static let cookieName = "weir_notice"

    var words: Words {
        switch self {
        case .created: Words(zh: "已新建", en: "Created")
        case .saved: Words(zh: "已保存", en: "Saved")
        case .unchanged: Words(zh: "没有改动", en: "Nothing was changed")
        case .moved: Words(zh: "已进入新阶段", en: "Moved to the new stage")
        case .deleted: Words(zh: "已删除", en: "Deleted")
        case .restored: Words(zh: "已恢复", en: "Restored")
        case .purged: Words(zh: "已彻底删除", en: "Deleted for good")
        case .sentAgain: Words(zh: "将重新发送", en: "It will be sent again")
        case .undone: Words(zh: "已撤销", en: "Undone")
        case .notUndone: Words(zh: "没有撤销：记录之后又有变化", en: "Not undone: the record has changed since")
        case .uploaded: Words(zh: "已上传", en: "Uploaded")
        case .logged: Words(zh: "已添加跟进", en: "Activity added")
        case .decided: Words(zh: "已处理", en: "Done")
        case .answered: Words(zh: "已回答", en: "Answered")
        case .sentForApproval: Words(zh: "已提交审批，通过后自动进入该阶段", en: "Sent for approval; it moves on once it is given")
        case .signedOut: Say.signedOut
        case .passwordChanged: Words(zh: "密码已修改，请重新登录", en: "The password was changed; sign in again")
        }
    }
}
