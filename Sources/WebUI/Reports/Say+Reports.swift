import SourceText

extension Say {
    static let reports = Words(zh: "报表", en: "Reports")
    static let reportTotal = Words(zh: "合计", en: "All")
    static let reportNow = Words(zh: "现在的数字", en: "Figures of now")
    static let reportsSent = Words(zh: "发送过的", en: "Sent")
    static let reportSentAt = Words(zh: "发送时的数字", en: "Figures as they were sent")
    static let reportEmpty = Words(zh: "没有符合条件的记录", en: "No records match")

    static func reportLeftOut(_ count: Int) -> Words {
        Words(zh: "有 \(count) 条记录分组公式出错，没有算进来", en: count == 1 ? "1 record is left out: the formula of its group fails" : "\(count) records are left out: the formula of their group fails")
    }

    static func reportPassedBy(_ count: Int) -> Words {
        Words(zh: "计算时有 \(count) 处公式出错，没有算进来", en: count == 1 ? "1 value is left out: its formula fails" : "\(count) values are left out: their formula fails")
    }

    static func recordCount(_ count: Int) -> Words { Words(zh: "\(count) 条记录", en: count == 1 ? "1 record" : "\(count) records") }
}
