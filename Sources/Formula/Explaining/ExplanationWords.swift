import SourceText

/// The notes of explanations.
enum ExplanationWords {
    static let blank = Words(zh: "空", en: "blank")
    static let asZero = Words(zh: "空，按 0 计算", en: "blank, counts as 0")
    static let asFalse = Words(zh: "空，按“否”处理", en: "blank, counts as no")
    static let noRecord = Words(zh: "没有这条记录", en: "there is no such record")
    static let noLink = Words(zh: "没有关联的记录，结果为空", en: "no record is linked, so it is blank")
    static let otherwise = Words(zh: "条件都不成立，取最后一项", en: "no condition holds: the last value")
    static let firstFilled = Words(zh: "取第一个不为空的值", en: "the first that is not blank")
    static let insteadOfError = Words(zh: "前者出错，改用后者", en: "the first fails: the second stands in")

    static func taken(_ position: Int, of count: Int) -> Words {
        count == 1
            ? Words(zh: "条件成立，取第一个值", en: "the condition holds: the first value")
            : Words(zh: "第 \(position) 个条件成立", en: "condition \(position) holds")
    }

    static func noneHolds(_ count: Int) -> Words {
        Words(zh: "前 \(count) 项都不成立", en: "none of these \(count) holds")
    }

    static func rounded(_ decimals: Int) -> Words {
        Words(zh: "四舍五入到 \(decimals) 位小数", en: "rounded to \(decimals) decimals")
    }

    static func rowsLeftOut(_ count: Int) -> Words {
        Words(zh: "\(count) 条因出错未计入", en: "\(count) left out because of errors")
    }
}
