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
    static let handTo = Words(zh: "转交给", en: "Hand on to")
    static let otherWays = Words(zh: "退回、转交…", en: "Send back, hand on …")
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
