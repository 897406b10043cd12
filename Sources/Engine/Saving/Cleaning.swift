import Formula
import Model
import Program

/// What is done to an input before anything looks at it. Pure: texts in, texts out.
enum Cleaning {
    /// The steps that stay within a text.
    static func apply(_ step: CleanStep, to text: String, region: String?) -> String {
        switch step {
        case .trim: trim(text)
        case .collapse: collapse(text)
        case .halfwidth: halfwidth(text)
        case .upper: text.uppercased()
        case .lower: text.lowercased()
        case .phone: phone(text, region: region)
        case .honorific: honorific(text)?.name ?? text
        case .split: text
        }
    }

    static func trim(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }), let last = scalars.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(scalars[first...last])
    }

    /// Runs of blanks between words to one; a line break stays one.
    static func collapse(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var blank: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if isBlank(scalar) {
                if blank != "\n" { blank = scalar == "\n" ? "\n" : " " }
            } else {
                if let blank { result.append(blank) }
                blank = nil
                result.append(scalar)
            }
        }
        if let blank { result.append(blank) }
        return String(result)
    }

    /// Full-width letters, digits, signs and the ideographic blank to their half-width twins; Chinese punctuation without one stays.
    static func halfwidth(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value == 0x3000 || ($0.value >= 0xFF01 && $0.value <= 0xFF5E) }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x3000: result.append(" ")
            case 0xFF01...0xFF5E: result.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// The digits of a phone number without blanks, dashes, brackets and its own region's country code. A masked number, with `*`, `x`
    /// or `•` where digits should be, stays as it is, and so does what is no number at all.
    static func phone(_ text: String, region: String?) -> String {
        let plain = halfwidth(trim(text))
        var digits = ""
        var isInternational = false
        for (position, scalar) in plain.unicodeScalars.enumerated() {
            switch scalar {
            case "0"..."9": digits.unicodeScalars.append(scalar)
            case "+" where position == 0: isInternational = true
            case "-", "(", ")", "/", ".", "\u{2010}"..."\u{2015}": continue
            case _ where isBlank(scalar): continue
            default: return text
            }
        }
        guard !digits.isEmpty else { return text }
        let code = region.flatMap { countryCodes[$0] } ?? ""
        if !code.isEmpty {
            if isInternational, digits.hasPrefix(code) { return String(digits.dropFirst(code.count)) }
            if digits.hasPrefix("00" + code) { return String(digits.dropFirst(code.count + 2)) }
            // 86 138 1234 5678 without any sign: a mobile number of eleven digits beginning with 1 follows the code.
            if code == "86", digits.count == 13, digits.hasPrefix("861") { return String(digits.dropFirst(2)) }
        }
        return (isInternational ? "+" : "") + digits
    }

    /// The regions whose own country code is taken off (ITU E.164).
    private static let countryCodes = [
        "CN": "86", "HK": "852", "MO": "853", "TW": "886", "SG": "65", "MY": "60", "JP": "81", "KR": "82", "US": "1", "CA": "1", "GB": "44",
        "DE": "49", "FR": "33", "AU": "61", "IN": "91", "TH": "66", "VN": "84", "ID": "62", "PH": "63",
    ]

    /// A name without the honorific behind (or, in English, before) it: `张老师` → `张` and `老师`. Nil if there is none, or if nothing would
    /// be left of the name.
    static func honorific(_ text: String) -> (name: String, title: String)? {
        let whole = trim(text)
        for title in titles where whole.hasSuffix(title) && whole.count > title.count {
            let name = trim(String(whole.dropLast(title.count)))
            // `总` and the like are also the last letter of given names: they count behind a surname only.
            if title.count == 1, name.count > 2 || (name.count == 2 && !compoundSurnames.contains(name)) { continue }
            return name.isEmpty ? nil : (name, title)
        }
        for title in englishTitles where whole.hasPrefix(title + " ") {
            let name = trim(String(whole.dropFirst(title.count)))
            return name.isEmpty ? nil : (name, title)
        }
        return nil
    }

    /// Longer ones before those that they end with.
    private static let titles = [
        "副总经理", "总经理", "副董事长", "董事长", "副总裁", "总裁", "首席执行官", "执行董事", "董事", "合伙人", "副总监", "总监", "副总", "总工程师", "工程师",
        "产品经理", "项目经理", "销售经理", "客户经理", "大堂经理", "副经理", "经理", "副主任", "班主任", "主任医师", "主任", "主管", "组长", "店长", "厂长",
        "所长", "院长", "副院长", "副校长", "校长", "园长", "馆长", "行长", "会长", "秘书长", "处长", "科长", "局长", "部长", "司长", "书记", "秘书", "助理", "专员",
        "老师", "教授", "副教授", "讲师", "导师", "博士", "医生", "医师", "大夫", "护士长", "护士", "律师", "法官", "会计", "教练", "师傅", "老板", "老板娘",
        "先生", "女士", "小姐", "太太", "夫人", "同学", "同志", "总", "董", "工", "导",
    ].sorted { ($0.count, $1) > ($1.count, $0) }

    private static let compoundSurnames: Set<String> = [
        "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木", "南宫", "独孤", "长孙", "宇文", "轩辕",
        "西门", "百里", "呼延", "闻人", "澹台", "公冶", "宗政", "濮阳", "淳于", "单于", "太史", "申屠", "仲孙", "钟离", "鲜于", "司空", "赫连", "拓跋",
    ]

    private static let englishTitles = ["Mr.", "Mrs.", "Ms.", "Miss", "Dr.", "Prof.", "Mr", "Mrs", "Ms", "Dr", "Prof"]

    /// The parts of a text, each without blanks at its ends. With more parts than `most`, the last has the rest. Nil if there is nothing
    /// to split.
    static func split(_ text: String, by separator: String, most: Int) -> [String]? {
        guard !separator.isEmpty, most > 0 else { return nil }
        var parts: [String] = []
        var rest = Substring(text)
        while parts.count < most - 1, let range = rest.firstRange(of: separator) {
            parts.append(trim(String(rest[..<range.lowerBound])))
            rest = rest[range.upperBound...]
        }
        guard !parts.isEmpty else { return nil }
        parts.append(trim(String(rest)))
        return parts
    }

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == "\u{FEFF}" || scalar == "\u{200B}"
    }
}

extension Saving {
    /// Step 2: cleans the given fields in their order; a field that is filled by cleaning another is cleaned in its turn.
    func clean(_ proposal: inout Proposal) {
        guard !proposal.plan.cleaned.isEmpty else { return }
        var isFilled = proposal.isGiven
        // A step may fill a field that stands before it, so a second look is taken; a third finds nothing new.
        for _ in 0..<2 {
            var filledNow = isFilled.map { _ in false }
            for id in proposal.plan.cleaned where isFilled[id.index] && !proposal.isAtFault[id.index] {
                isFilled[id.index] = false
                clean(id, of: &proposal, filled: &filledNow)
                for index in filledNow.indices where filledNow[index] && index > id.index {
                    isFilled[index] = true
                    filledNow[index] = false
                }
            }
            guard filledNow.contains(true) else { return }
            isFilled = filledNow
        }
    }

    private func clean(_ id: FieldID, of proposal: inout Proposal, filled: inout [Bool]) {
        let field = proposal.plan.object.fields[id.index]
        var region: String?
        if case .phone(let own) = field.kind { region = own }
        for step in field.clean {
            guard case .text(let text) = proposal.new[id] else { return }
            switch step {
            case .trim, .collapse, .halfwidth, .upper, .lower, .phone:
                proposal.new[id] = Value(text: Cleaning.apply(step, to: text, region: region))
            case .honorific(let target):
                guard let (name, title) = Cleaning.honorific(text) else { continue }
                proposal.new[id] = Value(text: name)
                if let target { fill(target, with: title, in: &proposal, filled: &filled) }
            case .split(let separator, let targets):
                guard let parts = Cleaning.split(text, by: separator, most: targets.count) else { continue }
                for (target, part) in zip(targets, parts) {
                    if target == id {
                        proposal.new[id] = Value(text: part)
                    } else {
                        fill(target, with: part, in: &proposal, filled: &filled)
                    }
                }
            }
        }
    }

    /// A target is filled only if it is blank.
    private func fill(_ target: FieldID, with part: String, in proposal: inout Proposal, filled: inout [Bool]) {
        guard !part.isEmpty, proposal.new[target].isBlank, !proposal.isAtFault[target.index] else { return }
        let field = proposal.plan.object.fields[target.index]
        switch field.kind.parse(part, zone: engine.app.model.zone) {
        case .success(let value):
            proposal.new[target] = value
            proposal.isGiven[target.index] = true
            filled[target.index] = true
        case .failure(let issue):
            // A part that is no value of the target is not lost: the violation names it.
            proposal.report(Violation(issue, at: field))
        }
    }
}
