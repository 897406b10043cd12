import SourceText
import Storage

extension Words {
    static func asked(_ label: Words) -> Words { Words(zh: "提交审批“\(label.zh)”", en: "asked for “\(label.en)”") }
    static func alreadyAsked(_ label: Words) -> Words {
        Words(zh: "审批“\(label.zh)”已在进行中", en: "“\(label.en)” is under way already")
    }
    static let resubmitted = Words(zh: "重新提交", en: "asked again")
    static let granted = Words(zh: "审批通过", en: "approved")
    static let rejected = Words(zh: "审批未通过", en: "rejected")
    static let withdrawn = Words(zh: "已撤回", en: "withdrawn")
    static let notNeededAnyMore = Words(zh: "不再需要审批", en: "it is not needed any more")
    static let levelSkipped = Words(zh: "此级不适用，跳过", en: "this level does not apply")
    static let nobodyAtLevel = Words(zh: "此级无人可审批，跳过", en: "nobody is there at this level; passed over")
    static let agreedBefore = Words(zh: "上一级已同意，不再重复审批", en: "has agreed at the level before")
    static let pleaseDecide = Words(zh: "等待您审批", en: "your decision is waited for")
    static let agrees = Words(zh: "同意", en: "agreed")
    static let rejects = Words(zh: "驳回", en: "rejected it")
    static let sentBackToStart = Words(zh: "退回申请人", en: "sent back to whoever asked")
    static func sentBack(to level: Words) -> Words { Words(zh: "退回到“\(level.zh)”", en: "sent back to “\(level.en)”") }
    static func delegated(_ name: String) -> Words { Words(zh: "转交给 \(name)", en: "handed on to \(name)") }
    static func added(_ name: String, _ order: ApprovalSeat.Added.Order) -> Words {
        switch order {
        case .before: Words(zh: "加签：先请 \(name) 审批", en: "wants \(name) to decide first")
        case .after: Words(zh: "加签：之后请 \(name) 审批", en: "wants \(name) to be asked next")
        }
    }
    static func addSigner(_ order: ApprovalSeat.Added.Order) -> Words {
        switch order {
        case .before: Words(zh: "前加签", en: "ask somebody else first")
        case .after: Words(zh: "后加签", en: "ask somebody else next")
        }
    }
    static func standsIn(_ deputy: String, for person: String) -> Words {
        Words(zh: "\(person) 不在，由 \(deputy) 代为审批", en: "\(person) is away: \(deputy) decides for them")
    }
    static func givenBack(_ person: String) -> Words { Words(zh: "\(person) 回来了，由本人审批", en: "\(person) is back and decides again") }
    func forWhom(_ person: String) -> Words { Words(zh: "\(zh)（代 \(person)）", en: "\(en) (for \(person))") }
    static func escalated(_ name: String) -> Words { Words(zh: "超时，升级给 \(name)", en: "late: handed up to \(name)") }
    static let nobodyAbove = Words(zh: "超时，但没有上级可以升级", en: "late, and there is nobody above to hand it to")
    static let isLate = Words(zh: "已超时", en: "its time is up")
    static let lateReminder = Words(zh: "审批已超时，请尽快处理", en: "your decision is overdue")
    static let lateApproved = Words(zh: "超时，自动同意", en: "late: approved by itself")
    static let lateRejected = Words(zh: "超时，自动驳回", en: "late: rejected by itself")
    static let recordMoved = Words(zh: "记录已离开原阶段，审批作废", en: "void: the record has moved on")
    static let frozenChanged = Words(zh: "审批内容已修改，审批作废", en: "void: what was to be decided has changed")
    static let frozenRestarts = Words(zh: "审批内容已修改，重新审批", en: "what is decided on has changed: it begins anew")
    static let recordDeleted = Words(zh: "记录已删除，审批作废", en: "void: the record was deleted")
    static func approvedButHeld(_ words: Words) -> Words {
        Words(zh: "审批通过，但未能进入阶段：\(words.zh)", en: "approved, but the stage could not be entered: \(words.en)")
    }
    static func nobodyDecides(_ level: Words, isAlone: Bool) -> Words {
        isAlone
            ? Words(zh: "“\(level.zh)”只有申请人自己，不能审批自己的申请", en: "at “\(level.en)” there is only whoever asks, who cannot decide it")
            : Words(zh: "“\(level.zh)”没有足够的审批人", en: "at “\(level.en)” there are not enough people to decide")
    }

    static func sentForApproval(_ label: Words) -> Words {
        Words(zh: "已提交审批“\(label.zh)”，通过后自动进入该阶段", en: "sent for approval (“\(label.en)”); it moves on once it is given")
    }
    static func frozen(_ label: Words) -> Words {
        Words(zh: "审批“\(label.zh)”进行中，不能修改", en: "cannot be changed while “\(label.en)” is being decided")
    }

    // Why something cannot be decided.
    static let notYours = Words(zh: "这项审批不由您处理", en: "this is not for you to decide")
    static let notYourTurn = Words(zh: "还没有轮到您", en: "it is not your turn yet")
    static let onlyAsker = Words(zh: "只有申请人可以这样做", en: "only whoever asked may do that")
    static let isOver = Words(zh: "这项审批已经结束", en: "this approval is over")
    static let notReturned = Words(zh: "没有被退回，不用重新提交", en: "it was not sent back, so it need not be asked again")
    static let sayWho = Words(zh: "审批要由人来做", en: "people decide, not the system")
    static let sayWhere = Words(zh: "请选择退回到哪里", en: "say how far back it goes")
    static let levelIsGone = Words(zh: "审批流程已修改，这一级已取消，请重新提交", en: "the levels were changed and this one is no more: please ask again")
    static let levelIsOver = Words(zh: "这一级已有人决定", en: "somebody else has decided at this level already")
    static let noSuchPerson = Words(zh: "不能转交给此人", en: "it cannot be handed on to this person")
    static func notAllowed(_ what: Words) -> Words { Words(zh: "此审批不允许\(what.zh)", en: "this approval does not let anybody \(what.en)") }
    static func noSuchLevel(_ level: String) -> Words { Words(zh: "没有更早的级别 `\(level)`", en: "there is no earlier level `\(level)`") }
}
