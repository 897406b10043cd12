import SourceText

extension FormulaIssue {
    /// Stable; each has a page under `spec/diagnostics/`.
    var code: String {
        switch self {
        case .unterminatedText: "unterminated-text"
        case .unexpectedCharacter: "unexpected-character"
        case .foreignOperator: "foreign-operator"
        case .numberOutOfRange: "number-out-of-range"
        case .bareUnit: "bare-unit"
        case .businessUnit: "business-unit"
        case .calendarUnit: "calendar-unit"
        case .unknownUnit, .unknownSuffix: "unknown-unit"
        case .emptyName, .emptyFormula, .endsEarly, .unexpected, .upperCaseKeyword, .spaceBeforeBracket, .unclosedBracket, .betweenWithoutAnd,
            .isWithoutTest, .nameExpected:
            "formula-syntax"
        case .tooLong: "formula-too-long"
        case .tooManyNodes: "formula-too-large"
        case .tooDeep: "formula-too-deep"
        case .negatedPower, .chainedPower: "chained-power"
        case .comparisonChain: "comparison-chain"
        case .unclosedBrace, .strayBrace, .emptyBraces: "template-braces"
        case .unknownName, .noFields: "unknown-name"
        case .unknownFunction, .refusedFunction: "unknown-function"
        case .unknownRole: "unknown-role"
        case .ambiguousName, .objectOrMember: "ambiguous-name"
        case .unknownOption: "unknown-option"
        case .notAvailableHere, .outsideChange: "not-available-here"
        case .severalObjects, .differentFields: "several-objects"
        case .wrongObject: "wrong-object"
        case .pathTooLong: "path-too-long"
        case .mismatch, .operands, .incomparable, .unordered, .branches, .notValidatable: "type-mismatch"
        case .alwaysFalse: "always-false"
        case .comparedWithItself: "compared-with-itself"
        case .mixedCurrency: "mixed-currency"
        case .numberBesideMoney: "number-beside-money"
        case .yearWithoutData: "calendar-without-data"
        case .wrongArity, .missingValue, .missingCondition, .unexpectedValue, .fieldExpected: "wrong-arity"
        case .notConstant, .unknownConstant, .badTextFormat: "not-constant"
        case .setWithoutAggregate: "set-without-aggregate"
        case .aggregateWithoutSet: "aggregate-without-set"
        case .clauseWithoutSet: "clause-without-set"
        case .unusedOrder: "unused-order"
        case .nestedSet: "nested-set"
        case .duplicateCase: "duplicate-case"
        }
    }

    var severity: Diagnostic.Severity {
        if case .yearWithoutData = self { .warning } else { .error }
    }

    var message: Words {
        switch self {
        case .yearWithoutData(let year, let calendar):
            Words(
                zh: "日历 `\(calendar)` 没有 \(year) 年的节假日，按平常的一周计算",
                en: "the calendar `\(calendar)` knows no holidays of \(year): every week counts as an ordinary one")
        case .unterminatedText(let quote):
            Words(zh: "这里的 \(quote) 没有收尾", en: "the text that begins with \(quote) here has no end")
        case .emptyName:
            Words(zh: "反引号之间没有名称", en: "there is no name between the backquotes")
        case .unexpectedCharacter(let character):
            Words(zh: "公式里不能出现 `\(character)`", en: "`\(character)` has no meaning in a formula")
        case .foreignOperator(let written, let instead):
            Words(zh: "公式里不写 `\(written)`，写 `\(instead)`", en: "formulas do not write `\(written)`, they write `\(instead)`")
        case .numberOutOfRange:
            Words(zh: "数字超出范围：最多 38 位，其中小数最多 20 位", en: "the number is out of range: at most 38 digits, 20 of them decimals")
        case .bareUnit(let unit, _):
            Words(zh: "单位 `\(unit)` 有歧义", en: "the unit `\(unit)` can be read in more than one way")
        case .businessUnit:
            Words(zh: "公式里不能用工作日、工作小时作单位", en: "business days and hours are no units in a formula")
        case .calendarUnit(let unit):
            Words(zh: "`\(unit)` 长短不定，不能作时长单位", en: "`\(unit)` has no fixed length, so it is no unit of time in a formula")
        case .unknownUnit(let unit, _):
            Words(zh: "没有 `\(unit)` 这个单位", en: "there is no unit `\(unit)`")
        case .unknownSuffix(let suffix, _):
            Words(zh: "数字后面的 `\(suffix)` 无法识别", en: "`\(suffix)` behind a number has no meaning")
        case .emptyFormula:
            Words(zh: "公式是空的", en: "the formula is empty")
        case .endsEarly:
            Words(zh: "公式没有写完，后面还缺一个值", en: "the formula ends early: a value is missing behind this")
        case .unexpected(let text):
            Words(zh: "这里不应该是 `\(text)`", en: "`\(text)` does not fit here")
        case .upperCaseKeyword(let word):
            Words(zh: "`\(word)` 要用小写", en: "`\(word)` is written in lower case")
        case .spaceBeforeBracket(let name):
            Words(zh: "`\(name)` 和括号之间不能有空格", en: "no space may stand between `\(name)` and its bracket")
        case .unclosedBracket:
            Words(zh: "这个括号没有收尾", en: "this bracket is never closed")
        case .betweenWithoutAnd:
            Words(zh: "`between` 后面要写两个界限，中间用 `and`", en: "`between` needs two bounds with `and` in the middle")
        case .isWithoutTest:
            Words(zh: "`is` 后面要写 `blank` 或 `valid`", en: "`is` needs `blank` or `valid` behind it")
        case .tooLong:
            Words(zh: "公式超过 64 KiB", en: "the formula is longer than 64 KiB")
        case .tooManyNodes:
            Words(zh: "公式的组成部分超过 2000 个", en: "the formula has more than 2,000 parts")
        case .tooDeep:
            Words(zh: "公式嵌套超过 64 层", en: "the formula is nested deeper than 64 levels")
        case .negatedPower:
            Words(zh: "负号和 `^` 的先后不明确", en: "it is not clear whether the sign or `^` comes first")
        case .chainedPower:
            Words(zh: "连写的 `^` 先后不明确", en: "it is not clear which `^` comes first")
        case .comparisonChain:
            Words(zh: "比较不能连写", en: "comparisons cannot be chained")
        case .unclosedBrace:
            Words(zh: "这个 `{` 没有收尾", en: "this `{` is never closed")
        case .strayBrace:
            Words(zh: "这个 `}` 前面没有 `{`", en: "no `{` stands before this `}`")
        case .emptyBraces:
            Words(zh: "花括号里没有公式", en: "there is no formula between the braces")
        case .unknownName(let name, let object?, _):
            Words(zh: "`\(object)` 没有字段 `\(name)`", en: "`\(object)` has no field `\(name)`")
        case .unknownName(let name, nil, _):
            Words(zh: "没有 `\(name)` 这个名称", en: "there is nothing called `\(name)`")
        case .refusedFunction(let name, _):
            Words(zh: "这里不用函数 `\(name)`", en: "there is no function `\(name)` here")
        case .unknownFunction(let name, _):
            Words(zh: "没有函数 `\(name)`", en: "there is no function `\(name)`")
        case .unknownRole(let name, _):
            Words(zh: "没有角色 `\(name)`", en: "there is no role `\(name)`")
        case .ambiguousName(let name, let meanings):
            Words(
                zh: "`\(name)` 有多种含义：\(meanings.map { "`\($0)`" }.joined(separator: "、"))",
                en: "`\(name)` can mean \(meanings.map { "`\($0)`" }.joined(separator: " or "))")
        case .objectOrMember(let name, _):
            Words(zh: "`\(name)` 既是对象，又是这条记录自己的字段或集合", en: "`\(name)` is both an object and something of the record")
        case .unknownOption(let option, let list, _, _):
            Words(zh: "`\(list)` 没有选项 `\(option)`", en: "`\(list)` has no option `\(option)`")
        case .notAvailableHere(let subject):
            Words(zh: "这里不能用 `\(subject.rawValue)`", en: "`\(subject.rawValue)` cannot be used here")
        case .outsideChange(let function):
            Words(zh: "`\(function)` 只能用于记录变更时的规则", en: "`\(function)` is only known while a record is being changed")
        case .severalObjects(let link, let field, let lacking, _):
            lacking.isEmpty
                ? Words(zh: "`\(link)` 指向的对象太多，不能直接读取 `\(field)`", en: "`\(link)` leads to too many objects to read `\(field)` of any")
                : Words(
                    zh: "`\(link)` 可以指向多种对象，其中\(lacking.prefix(5).map { "`\($0)`" }.joined(separator: "、"))没有字段 `\(field)`",
                    en: "`\(link)` leads to records of several objects, and \(lacking.prefix(5).map { "`\($0)`" }.joined(separator: ", ")) has no field `\(field)`")
        case .differentFields(let field, let first, let firstType, let second, let secondType, _):
            Words(
                zh: "字段 `\(field)` 在 `\(first)` 上是\(firstType.zh)，在 `\(second)` 上是\(secondType.zh)",
                en: "`\(field)` is \(firstType.en) on `\(first)` and \(secondType.en) on `\(second)`")
        case .wrongObject(let link, let object, let leads):
            leads == [object]
                ? Words(zh: "`\(link)` 只指向 `\(object)`，不必判断", en: "`\(link)` leads to nothing but `\(object)`")
                : Words(zh: "`\(link)` 从不指向 `\(object)`", en: "`\(link)` never leads to `\(object)`")
        case .pathTooLong:
            Words(zh: "路径超过 10 步", en: "the path is longer than 10 steps")
        case .noFields(let type, let name, _):
            Words(zh: "\(type.zh)没有字段，无法读取 `\(name)`", en: "\(type.en) has no fields, so there is no `\(name)`")
        case .mismatch(let expected, let found, _):
            Words(zh: "这里需要\(expected.zh)，实际是\(found.zh)", en: "this should be \(expected.en) and is \(found.en)")
        case .operands(let sign, let left, let right, _):
            Words(
                zh: "`\(sign)` 不能用在\(left.zh)和\(right.zh)之间", en: "`\(sign)` does not go between \(left.en) and \(right.en)")
        case .incomparable(let left, let right, _):
            Words(zh: "\(left.zh)不能和\(right.zh)比较", en: "\(left.en) cannot be compared with \(right.en)")
        case .alwaysFalse:
            Words(zh: "和空值比较大小永远不成立", en: "an order comparison with blank is never true")
        case .comparedWithItself(let name, _):
            Words(zh: "`\(name)` 在和它自己比较", en: "`\(name)` is compared with itself")
        case .unordered(let type):
            Words(zh: "\(type.zh)没有大小之分", en: "\(type.en) has no order")
        case .branches(let first, let second, _):
            Words(zh: "各个结果的类型不同：\(first.zh)和\(second.zh)", en: "the results are of different types: \(first.en) and \(second.en)")
        case .mixedCurrency(let first, let second):
            Words(zh: "币种不同：\(first) 和 \(second)", en: "the currencies differ: \(first) and \(second)")
        case .numberBesideMoney:
            Words(zh: "金额和数字不能直接相加减或比较", en: "money and a plain number cannot be added or compared")
        case .notValidatable(let type):
            Words(zh: "`is valid` 只能检查电话、邮箱和网址，这里是\(type.zh)", en: "`is valid` tests phone, email and url, and this is \(type.en)")
        case .wrongArity(let function, _):
            Words(zh: "`\(function)` 的参数个数不对", en: "`\(function)` does not take this number of arguments")
        case .notConstant(let parameter, _):
            Words(zh: "参数 `\(parameter)` 必须直接写成文本", en: "`\(parameter)` must be written out as a text")
        case .unknownConstant(let written, _, _):
            Words(zh: "不支持 `\(written)`", en: "`\(written)` is not one of the possible values")
        case .badTextFormat(let written, let isOfDates):
            isOfDates
                ? Words(zh: "`\(written)` 不是日期格式", en: "`\(written)` is no format for dates")
                : Words(zh: "`\(written)` 不是数字格式", en: "`\(written)` is no format for numbers")
        case .setWithoutAggregate(let name):
            Words(zh: "`\(name)` 是一组记录，要先汇总", en: "`\(name)` is a set of records and needs a function that sums it up")
        case .aggregateWithoutSet(let function, _):
            Words(zh: "`\(function)` 需要一组记录", en: "`\(function)` needs a set of records")
        case .clauseWithoutSet:
            Words(zh: "`where`、`by`、`as` 只能跟在一组记录后面", en: "`where`, `by` and `as` stand only behind a set of records")
        case .unusedOrder(let function):
            Words(zh: "`\(function)` 不受顺序影响，`by` 没有作用", en: "`by` has no effect in `\(function)`")
        case .nestedSet(let name):
            Words(zh: "`\(name)` 是记录组里的记录组，不能一次汇总", en: "`\(name)` is a set inside a set, which cannot be summed up in one go")
        case .missingValue(let function, _):
            Words(zh: "`\(function)` 没有写要汇总哪个值", en: "`\(function)` does not say which value of the rows to take")
        case .missingCondition(let function, _):
            Words(zh: "`\(function)` 没有写要找什么", en: "`\(function)` does not say what to look for")
        case .unexpectedValue(let function, _):
            Words(zh: "`\(function)` 的参数太多", en: "`\(function)` has an argument too many")
        case .duplicateCase:
            Words(zh: "这个值前面已经写过，不会走到这里", en: "this value stands further up already, so this case is never reached")
        case .nameExpected:
            Words(zh: "`let` 的这个位置要写一个名称", en: "`let` needs a name here")
        case .fieldExpected(let function):
            Words(zh: "`\(function)` 的参数必须是记录自己的字段", en: "`\(function)` takes a field of the record itself")
        }
    }

    /// What to write: there is no mistake in a formula of which nothing can be said.
    var hint: Words {
        switch self {
        case .unterminatedText(let quote):
            Words(zh: "在末尾补上引号；文本里的 \(quote) 要写两个", en: "close it, and write a \(quote) inside the text twice")
        case .emptyName: Words(zh: "在反引号之间写名称", en: "write the name between them")
        case .numberOutOfRange: Words(zh: "少写几位，或存成文本", en: "write fewer digits, or keep it as text")
        case .unexpectedCharacter: Words(zh: "删去它；若是文本就加引号", en: "take it away, or put it in quotes if it is text")
        case .foreignOperator(_, let instead): Words(zh: "写 `\(instead)`", en: "write `\(instead)`")
        case .endsEarly: Words(zh: "补上一个值，或删去最后的符号", en: "write a value there, or take the last sign away")
        case .tooLong: Words(zh: "拆成几个字段", en: "split it into several fields")
        case .unclosedBrace: Words(zh: "补上 `}`；要显示 `{` 就写 `{{`", en: "add `}`; for a brace itself write `{{`")
        case .bareUnit(_, let readings):
            Words(
                zh: "写 \(readings.map { "`\($0)`" }.joined(separator: " 或 "))",
                en: "write \(readings.map { "`\($0)`" }.joined(separator: " or "))")
        case .businessUnit:
            Words(zh: "写自然日，例如 `7 days`", en: "write calendar days, such as `7 days`")
        case .calendarUnit:
            Words(zh: "用 `edate(日期, 月数)`", en: "use `edate(date, months)`")
        case .unknownUnit(_, let meant): Words(zh: "写 `\(meant)`", en: "write `\(meant)`")
        case .unknownSuffix(_, let name):
            Words(
                zh: "可用 `千 万 亿 K M B %` 和 `s min h days weeks 秒 分钟 小时 天 周`；以数字开头的名称要加反引号：`` `\(name)` ``",
                en: "there are `K M B 千 万 亿 %` and `s min h days weeks 秒 分钟 小时 天 周`; a name that begins with a digit stands in backquotes: `` `\(name)` ``")
        case .emptyFormula: Words(zh: "写一个公式，或删去这一项", en: "write a formula, or leave the key out")
        case .unexpected(let text): FormulaIssue.meant(by: text)
        case .upperCaseKeyword(let word): Words(zh: "写 `\(word.lowercased())`", en: "write `\(word.lowercased())`")
        case .spaceBeforeBracket(let name): Words(zh: "写 `\(name)(`", en: "write `\(name)(`")
        case .unclosedBracket: Words(zh: "补上 `)`", en: "add `)`")
        case .betweenWithoutAnd: Words(zh: "例如 `amount between 10 and 20`", en: "for example `amount between 10 and 20`")
        case .isWithoutTest: Words(zh: "比较两个值用 `=`", en: "to compare two values, write `=`")
        case .tooManyNodes, .tooDeep:
            Words(zh: "拆成几个字段，或用 `switch`", en: "split it into several fields, or use `switch`")
        case .negatedPower: Words(zh: "写 `(-x)^y` 或 `-(x^y)`", en: "write `(-x)^y` or `-(x^y)`")
        case .chainedPower: Words(zh: "写 `(a^b)^c` 或 `a^(b^c)`", en: "write `(a^b)^c` or `a^(b^c)`")
        case .comparisonChain:
            Words(zh: "写 `a < b and b < c`，或加括号", en: "write `a < b and b < c`, or put brackets")
        case .strayBrace: Words(zh: "要显示 `}` 就写 `}}`", en: "for a brace itself write `}}`")
        case .emptyBraces: Words(zh: "要显示 `{` 就写 `{{`", en: "for a brace itself write `{{`")
        case .unknownName(_, _, let guess): guess?.hint ?? Words(zh: "写字段的名称；文本要加引号", en: "write the name of a field; a text stands in quotes")
        case .refusedFunction(_, let hint): hint
        case .unknownFunction(_, let meant?), .unknownRole(_, let meant?): FormulaIssue.didYouMean(meant)
        case .unknownFunction(_, nil): Words(zh: "可用的函数见 `spec/formulas/functions.md`", en: "the functions are listed in `spec/formulas/functions.md`")
        case .unknownRole(_, nil): Words(zh: "写 `roles` 下已有的角色", en: "write a role that stands under `roles`")
        case .ambiguousName: Words(zh: "写它的名称，或给其中一个换个名字", en: "write the field's name, or rename one of them")
        case .objectOrMember(let name, isLink: true):
            Words(
                zh: "要的是全部 `\(name)` 记录，就写 `\(name) where 条件`；记录自己的写 `this.\(name)`",
                en: "for all records of the object write `\(name) where CONDITION`, for the record's own `this.\(name)`")
        case .objectOrMember(let name, isLink: false):
            Words(
                zh: "记录自己的写 `this.\(name)`；要的是全部 `\(name)` 记录，就给其中一个换个名字",
                en: "for that of the record write `this.\(name)`; for all records of the object, rename one of the two")
        case .unknownOption(_, _, let meant?, _): FormulaIssue.didYouMean("'\(meant)'")
        case .unknownOption(_, _, nil, let options):
            options.isEmpty
                ? Words(zh: "先写上选项", en: "write its options first")
                : Words(
                    zh: "可选：\(options.map { "`'\($0)'`" }.joined(separator: "、"))",
                    en: "there are \(options.map { "`'\($0)'`" }.joined(separator: ", "))")
        case .notAvailableHere(let subject):
            switch subject {
            case .this: Words(zh: "这里没有所属的记录", en: "no record owns this formula")
            case .me: Words(zh: "这里没有操作人", en: "nobody is acting here")
            case .old: Words(zh: "`old` 只在记录变更时可用", en: "`old` is only known while a record is being changed")
            case .candidate: Words(zh: "`candidate` 只在分配规则中可用", en: "`candidate` is only known in assignments")
            case .body: Words(zh: "`body` 只在接收外部消息和回应时可用", en: "`body` is only known where messages and answers come in")
            }
        case .outsideChange: Words(zh: "用在规则、关卡或自动化里", en: "use it in a rule, a gate or an automation")
        case .severalObjects(let link, let field, _, let having):
            Words(
                zh: "先判断对象：`if(\(link) is \(having ?? "对象"), \(link).\(field))`", en: "say which one first: `if(\(link) is \(having ?? "OBJECT"), \(link).\(field))`")
        case .differentFields(let field, let first, _, _, _, let link):
            Words(zh: "先判断对象：`if(\(link) is \(first), \(link).\(field))`", en: "say which one first: `if(\(link) is \(first), \(link).\(field))`")
        case .wrongObject(let link, let object, let leads):
            leads == [object]
                ? Words(zh: "写 `\(link) is not blank`", en: "write `\(link) is not blank`")
                : Words(zh: "它指向：\(leads.map { "`\($0)`" }.joined(separator: "、"))", en: "it leads to \(leads.map { "`\($0)`" }.joined(separator: ", "))")
        case .pathTooLong: Words(zh: "在中间的对象上加一个公式字段", en: "add a formula field on an object along the way")
        case .noFields(_, _, let instead):
            instead.map { Words(zh: "写 `\($0)`", en: "write `\($0)`") } ?? Words(zh: "删去点号和后面的名称", en: "take the dot and the name behind it away")
        case .yearWithoutData:
            Words(zh: "放假安排公布后再升级，或改用 `'plain'`", en: "upgrade when the holidays are published, or name `'plain'`")
        case .mismatch(_, _, let hint?), .operands(_, _, _, let hint?), .incomparable(_, _, let hint?), .branches(_, _, let hint?): hint
        case .mismatch(let expected, _, nil): Words(zh: "这里写\(expected.zh)", en: "put \(expected.en) here")
        case .operands(_, _, _, nil): Words(zh: "把其中一个换成能一起计算的类型", en: "turn one of them into what goes with the other")
        case .incomparable(_, _, nil): Words(zh: "和同一类型的值比较", en: "compare it with a value of its own type")
        case .branches(_, _, nil): Words(zh: "让各个结果的类型相同", en: "let all results be of one type")
        case .alwaysFalse: Words(zh: "写 `is blank` 或 `is not blank`", en: "write `is blank` or `is not blank`")
        case .comparedWithItself(_, let own?):
            Words(zh: "这里直接写的名称是每一行的；记录自己的写 `\(own)`", en: "bare names are those of the rows here; for the record's own write `\(own)`")
        case .comparedWithItself(_, nil): Words(zh: "请和另一个字段或值比较", en: "compare it with another field or a value")
        case .unordered: Words(zh: "只能用 `=` 和 `<>`", en: "only `=` and `<>` work")
        case .mixedCurrency: Words(zh: "先乘以汇率换算成同一币种的字段", en: "bring both into one currency first")
        case .numberBesideMoney:
            Words(zh: "把字段改成 money，或乘以单价", en: "make the number a money field, or multiply it by a price")
        case .notValidatable: Words(zh: "把字段改成这些类型之一，或写 `is not blank`", en: "give the field one of these types, or write `is not blank`")
        case .wrongArity(_, let usage):
            usage.isEmpty
                ? Words(zh: "写法见 `spec/formulas/functions.md`", en: "`spec/formulas/functions.md` says how it is written")
                : Words(
                    zh: "写法：\(usage.map { "`\($0)`" }.joined(separator: " 或 "))",
                    en: "write \(usage.map { "`\($0)`" }.joined(separator: " or "))")
        case .notConstant(_, let allowed):
            allowed.map(FormulaIssue.choices) ?? Words(zh: "直接写成带引号的文本", en: "write it here, in quotes")
        case .badTextFormat(_, let isOfDates):
            isOfDates
                ? Words(zh: "格式由 yyyy yy mmmm mmm mm m dddd ddd dd d aaaa aaa hh h ss AM/PM 组成，例如 `'yyyy年m月d日'`；其他字母放进双引号", en: "formats are made of yyyy yy mmmm mmm mm m dddd ddd dd d hh h ss AM/PM, such as `'yyyy-mm-dd hh:mm'`; other letters go into double quotes")
                : Words(zh: "格式由 0 # , . % 组成，例如 `'#,##0.00'`；字母放进双引号", en: "formats are made of 0 # , . %, such as `'#,##0.00'`; letters go into double quotes")
        case .unknownConstant(_, let meant?, _): FormulaIssue.didYouMean("'\(meant)'")
        case .unknownConstant(_, nil, let allowed): FormulaIssue.choices(allowed)
        case .setWithoutAggregate(let name):
            Words(zh: "例如 `count(\(name))` 或 `sum(\(name).字段)`", en: "for example `count(\(name))` or `sum(\(name).FIELD)`")
        case .aggregateWithoutSet(_, let instead?): Words(zh: "写 `\(instead)`", en: "write `\(instead)`")
        case .aggregateWithoutSet(let function, nil):
            Words(
                zh: "例如 `\(function)(订单.金额)`；两个以上的值也可以直接并列", en: "for example `\(function)(orders.amount)`, or give it two values or more")
        case .clauseWithoutSet:
            Words(zh: "例如 `count(lead where status = 'new')`", en: "for example `count(lead where status = 'new')`")
        case .unusedOrder: Words(zh: "删去 `by`", en: "leave `by` out")
        case .nestedSet(let name):
            Words(
                zh: "先在每一行汇总：`sum(外层, sum(\(name).字段))`", en: "sum up per row first: `sum(outer, sum(\(name).FIELD))`")
        case .missingValue(let function, let set):
            Words(zh: "写 `\(function)(\(set).字段)`", en: "write `\(function)(\(set).FIELD)`")
        case .missingCondition(_, let set):
            Words(zh: "写 `exists(\(set) where 条件)`", en: "write `exists(\(set) where CONDITION)`")
        case .unexpectedValue(_, let hint): hint
        case .duplicateCase: Words(zh: "删去其中一个", en: "remove one of them")
        case .nameExpected: Words(zh: "例如 `let(总额, 数量 * 单价, 总额 * 2)`", en: "for example `let(total, quantity * price, total * 2)`")
        case .fieldExpected(let function): Words(zh: "例如 `\(function)(状态)`", en: "for example `\(function)(status)`")
        }
    }

    /// What was meant by a word that stands where none may stand.
    private static func meant(by text: String) -> Words {
        let words = [
            "且": "and", "并且": "and", "以及": "and", "或": "or", "或者": "or", "非": "not", "不": "not", "等于": "=", "不等于": "<>", "大于": ">", "小于": "<",
            "大于等于": ">=", "小于等于": "<=", "不小于": ">=", "不大于": "<=", "除以": "/", "乘": "*", "乘以": "*", "加": "+", "减": "-", "包含": "contains",
        ]
        if let word = words[text] { return Words(zh: "写 `\(word)`", en: "write `\(word)`") }
        switch text.lowercased() {
        case "then", "else", "if", "那么", "否则":
            return Words(zh: "写成 `if(条件, 值, 否则的值)`", en: "write `if(condition, value, value otherwise)`")
        case "like": return Words(zh: "写 `contains`", en: "write `contains`")
        default: break
        }
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first.properties.generalCategory == .decimalNumber || "'\"“‘`".unicodeScalars.contains(first)
        else { return Words(zh: "删去它，或补上它前后缺的部分", en: "take it away, or write what is missing around it") }
        return Words(zh: "它前面可能少了运算符或逗号", en: "an operator or a comma may be missing before it")
    }

    private static func didYouMean(_ meant: String) -> Words {
        Words(zh: "是不是 `\(meant)`？", en: "did you mean `\(meant)`?")
    }

    private static func choices(_ allowed: [String]) -> Words {
        Words(
            zh: "可选：\(allowed.map { "`'\($0)'`" }.joined(separator: "、"))", en: "there are \(allowed.map { "`'\($0)'`" }.joined(separator: ", "))")
    }
}

extension NameGuess {
    fileprivate var hint: Words {
        switch self {
        case .name(let name): Words(zh: "是不是 `\(name)`？", en: "did you mean `\(name)`?")
        case .outer(let path): Words(zh: "外层记录的字段写 `\(path)`", en: "for the field of the record around write `\(path)`")
        case .option(let key): Words(zh: "选项要加引号：`'\(key)'`", en: "an option stands in quotes: `'\(key)'`")
        case .function(let name): Words(zh: "函数要带括号：`\(name)(…)`", en: "a function is written with brackets: `\(name)(…)`")
        case .object(let name): Words(zh: "一组记录要先汇总，例如 `count(\(name))`", en: "sum up a set of records, for example `count(\(name))`")
        }
    }
}
