package import SourceText

/// Why a text, or a value, cannot be the value of a field. The same words stand in forms, imports, the API and under an author's YAML.
package enum ValueIssue: Error, Sendable, Hashable {
    case notANumber
    case notAPercent
    /// `12` in a percent field: 12 % or 1200 %?
    case percentAboveOne
    case wrongCurrency(wanted: String)
    case tooLarge
    case notYesOrNo
    case notADate
    case notADatetime
    case notADuration
    case unknownOption(String, meant: String?, options: [Words])
    case severalOptions
    case notARecord
    case notAnEmail
    case notAURL
    case notAUnifiedCreditCode
    case notACitizenNumber
    case notALocation
    case tooLong(limit: Int)
    case tooMany(limit: Int)
    case controlCharacter
    /// The field is computed, numbered or kept by the system.
    case notWritable
    /// A value of another kind than the field's.
    case wrongKind(wanted: Words)

    package var words: Words {
        switch self {
        case .notANumber: Words(zh: "不是数字，请写成 1200 或 1.5万 这样", en: "this is no number; write one like 1200 or 1.5")
        case .notAPercent: Words(zh: "不是百分比，请写成 12% 或 0.12 这样", en: "this is no percentage; write one like 12% or 0.12")
        case .percentAboveOne: Words(zh: "大于1的百分比请带上 %，例如 12%", en: "write a percentage above 1 with its sign, such as 12%")
        case .wrongCurrency(let wanted): Words(zh: "币种应为 \(wanted)", en: "the currency is \(wanted)")
        case .tooLarge: Words(zh: "数值过大", en: "the number is too large")
        case .notYesOrNo: Words(zh: "应为 是 或 否", en: "should be yes or no")
        case .notADate: Words(zh: "不是有效的日期，请写成 2026-11-02 这样", en: "this is no date; write one like 2026-11-02")
        case .notADatetime: Words(zh: "不是有效的时间，请写成 2026-11-02 14:30 这样", en: "this is no date and time; write one like 2026-11-02 14:30")
        case .notADuration: Words(zh: "不是时长，请写成 25min 或 1小时30分钟 这样", en: "this is no length of time; write one like 25min or 1h30min")
        case .unknownOption(let word, let meant, let options):
            meant.map { Words(zh: "没有选项“\(word)”，是不是“\($0)”？", en: "there is no option “\(word)”; did you mean “\($0)”?") }
                ?? Words(
                    zh: "没有选项“\(word)”，可选：\(Self.listed(options.map(\.zh), "、"))", en: "there is no option “\(word)”; there are \(Self.listed(options.map(\.en), ", "))")
        case .severalOptions: Words(zh: "只能选一项", en: "only one option can be chosen")
        case .notARecord: Words(zh: "没有这条记录", en: "there is no such record")
        case .notAnEmail: Words(zh: "不是邮箱地址，请写成 name@example.com 这样", en: "this is no e-mail address; write one like name@example.com")
        case .notAURL: Words(zh: "不是网址，请写成 https://example.com 这样", en: "this is no web address; write one like https://example.com")
        case .notAUnifiedCreditCode: Words(zh: "不是有效的统一社会信用代码（18 位，末位为校验码）", en: "this is no unified social credit code: 18 signs, of which the last is a check digit")
        case .notACitizenNumber: Words(zh: "不是有效的身份证号（18 位，末位为校验码）", en: "this is no identity number: 18 digits, of which the last is a check digit or X")
        case .notALocation: Words(zh: "不是位置，请写成 纬度,经度，例如 30.2741,120.1551", en: "this is no location; write latitude and longitude, such as 30.2741,120.1551")
        case .tooLong(let limit): Words(zh: "超过 \(limit) 个字符", en: "longer than \(limit) characters")
        case .tooMany(let limit): Words(zh: "超过 \(limit) 项", en: "more than \(limit) entries")
        case .controlCharacter: Words(zh: "含有不可见的控制字符", en: "holds an invisible control character")
        case .notWritable: Words(zh: "此字段由系统计算，不能填写", en: "this field is computed and cannot be filled in")
        case .wrongKind(let wanted): Words(zh: "应为\(wanted.zh)", en: "should be \(wanted.en)")
        }
    }

    /// The first options of a list; more than anyone reads are left out.
    private static func listed(_ options: [String], _ separator: String) -> String {
        let shown = options.prefix(12).joined(separator: separator)
        return options.count > 12 ? shown + separator + "…" : shown
    }
}
