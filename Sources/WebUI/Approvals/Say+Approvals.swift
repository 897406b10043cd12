import SourceText

extension Say {
    static let approvals = Words(zh: "审批", en: "Approvals")
    static let approvalsMine = Words(zh: "待我审批", en: "Waiting for me")
    static let approvalsAsked = Words(zh: "我发起的", en: "Asked by me")
    static let approvalsDecided = Words(zh: "已处理", en: "Decided by me")
    static let approvalLists = Words(zh: "审批列表", en: "Lists of approvals")
    static let noneWaiting = Words(zh: "没有等您审批的事项", en: "Nothing waits for you")
    static let noneAsked = Words(zh: "您没有发起过审批", en: "You have not asked for any approval")
    static let noneDecided = Words(zh: "您还没有处理过审批", en: "You have not decided anything yet")
    static let levelUnneeded = Words(zh: "不需要", en: "not needed")
    static let approve = Words(zh: "同意", en: "Approve")
    static let reject = Words(zh: "驳回", en: "Reject")
    static let sendBack = Words(zh: "退回", en: "Send back")
    static let delegate = Words(zh: "转交", en: "Hand on")
    static let withdraw = Words(zh: "撤回", en: "Withdraw")
    static let resubmit = Words(zh: "重新提交", en: "Ask again")
    static let comment = Words(zh: "意见", en: "Comment")
    static let askedBy = Words(zh: "申请人", en: "Asked by")
    static let dueBy = Words(zh: "期限", en: "Due")
    static let sendBackTo = Words(zh: "退回到", en: "Back to")
    static let rejectTo = Words(zh: "驳回到", en: "Reject to")
    static let whom = Words(zh: "转交或加签给", en: "To whom")
    static let addBefore = Words(zh: "前加签", en: "Ask them first")
    static let addAfter = Words(zh: "后加签", en: "Ask them next")
    static let handingHelp = Words(
        zh: "转交：由对方代替您审批。前加签：对方先审批，再回到您。后加签：您同意之后再请对方审批。",
        en: "Hand on: they decide in your place. First: they decide, then it is with you again. Next: they are asked once you have agreed.")
    static let standsFor = Words(zh: "代", en: "for")
    static let signsBefore = Words(zh: "先于", en: "before")
    static let signsAfter = Words(zh: "后于", en: "after")
    static let seatAway = Words(zh: "不在", en: "away")
    static let seatGivenBack = Words(zh: "已交还", en: "gave it back")
    static let pickApproval = Words(zh: "选择", en: "Pick")
    static let decideSeveral = Words(zh: "批量审批", en: "Decide several")
    static let decideSeveralHint = Words(zh: "勾选上面的审批，一起同意或驳回；每项按您看到的内容决定", en: "Pick approvals above and decide them together, each on what you have seen of it")
    static let commentOnAll = Words(zh: "给所选各项的意见", en: "Comment on all of them")
    static let approvePicked = Words(zh: "同意所选", en: "Approve those picked")
    static let rejectPicked = Words(zh: "驳回所选", en: "Reject those picked")
    static let nothingPicked = Words(zh: "没有选择任何审批", en: "Nothing was picked")
    static let backToApprovals = Words(zh: "回到审批列表", en: "Back to the approvals")
    static func decidedOf(_ done: Int, _ all: Int) -> Words { Words(zh: "\(all) 项中处理了 \(done) 项", en: "\(done) of \(all) decided") }
    static let rowDone = Words(zh: "已处理", en: "done")
    static let rowUnchanged = Words(zh: "先前已这样决定", en: "decided so before")
    static let rowMissing = Words(zh: "不存在", en: "there is none")

    static let absences = Words(zh: "不在时由谁审批", en: "While I am away")
    static let absencesHint = Words(
        zh: "这段时间里，等您审批的事项由代理人审批；结束后还没有处理的会回到您这里。不允许转交的审批不受影响。",
        en: "During that time somebody else decides what waits for you; what they have not decided by its end is with you again. Approvals that cannot be handed on stay yours.")
    static let deputy = Words(zh: "代理人", en: "Who decides for you")
    static let absentFrom = Words(zh: "从", en: "From")
    static let absentUntil = Words(zh: "到", en: "Until")
    static let absentFromHelp = Words(zh: "不填表示现在开始", en: "left empty: from now on")
    static let announceAbsence = Words(zh: "设定", en: "Set")
    static let endAbsence = Words(zh: "立即结束", en: "End it now")
    static let noAbsences = Words(zh: "没有设定过代理", en: "Nobody has stood in for anybody")
    static let myAbsence = Words(zh: "代我审批：", en: "Decides for me: ")
    static let standsInFor = Words(zh: "我代为审批：", en: "I decide for: ")
    static let chooseDeputy = Words(zh: "请选择代理人", en: "Choose who decides for you")
    static let giveUntil = Words(zh: "请填写结束时间", en: "Say when it ends")
    static func absence(_ state: String) -> Words {
        switch state {
        case "planned": Words(zh: "未开始", en: "not yet")
        case "active": Words(zh: "进行中", en: "now")
        default: Words(zh: "已结束", en: "over")
        }
    }
    static let otherWays = Words(zh: "退回、转交、加签…", en: "Send back, hand on, ask others …")
    static let toAsker = Words(zh: "申请人", en: "Whoever asked")
    static let levels = Words(zh: "审批级别", en: "Levels")
    static let decisions = Words(zh: "审批记录", en: "What was decided")
    static let choosePerson = Words(zh: "请选择要转交给谁", en: "Choose whom to hand it on to")
    static let seenOther = Words(zh: "审批内容在您查看之后有变化，请重新查看后再决定", en: "What is to be decided has changed since you looked; look again first")

    static func seat(_ state: String) -> Words {
        switch state {
        case "queued": Words(zh: "排队中", en: "later")
        case "waiting": Words(zh: "待审批", en: "waited for")
        case "approved": Words(zh: "已同意", en: "agreed")
        case "rejected": Words(zh: "已驳回", en: "rejected it")
        case "returned": Words(zh: "已退回", en: "sent it back")
        case "passed": Words(zh: "已转交", en: "handed it on")
        default: Words(zh: "无需审批", en: "not needed any more")
        }
    }
}
