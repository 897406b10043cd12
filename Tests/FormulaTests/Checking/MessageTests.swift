import Formula
import SourceText
import Testing

/// The words of every mistake, in both languages, as authors read them.
@Suite struct MessageTests {
    static let formulas: [String] = [
        "'abc", "``", "a # b", "quantity == 1", "123456789012345678901234567890123456789", "5m", "5 d", "5 business days", "3 months", "5hours", "3月销量",
        "", "1 +", "1 2", "active AND active", "sum (1, 2)", "(1", "quantity between 1, 2", "name is 3", "-quantity^2", "2^3^4", "1 < 2 < 3",
        "amout", "account.nam", "count(lines where quantity > 1)", "status = new", "sum + 1", "zzzzzz", "due.year", "日期", "sume(1, 2)", "qqqqqq(1)",
        "count(users in role sale)", "count(account)", "status = 'nwe'", "status = '新建'", "status = 'zzzz'", "body.x", "about.level",
        "account" + String(repeating: ".parent", count: 11),
        "name + 'x'", "active + 1", "touched + 1", "due - touched", "due + 2h", "amount * amount", "amount + quantity", "amount + budget", "-name",
        "due = '2026-01-01'", "owner = '小王'", "pains = '成本'", "status = level", "status = name", "today() - due > 3 days", "quantity = '3'",
        "quantity = name", "amount > '5000元'", "discount > '15％'", "due - '今天'", "quantity * '2'", "owner = this.owner",
        "count(lines where active = active)", "maximum(1, 2)", "due <> null", "due is not null", "owner <> ''", "due > 2026-01-01", "count(pains)",
        "active 且 quantity > 1", "10 else 5", "quantity amount",
        "watched > 3", "owner < me", "amount < blank", "not name", "not quantity", "if(active, 1, 'x')", "if(active, status, level)", "name is valid",
        "name in 'abc'", "left(amount, 2)", "round(name, 2)", "left()", "if(active)", "dateadd(due, 1, name)", "dateadd(due, 1, 'mnth')",
        "lines", "opportunity", "sum(amount)", "abs(quantity where active)", "sum(lines.qty by qty)", "sum(account.opportunities.lines.qty)",
        "sum(lines)", "sum(lines.qty, 2)", "any(lines)", "sum(lines.active)", "switch(status, 'new', 1, 'new', 2)", "let(1, 2, 3)",
        "ischanged(account.name)", "lines & 'x'",
    ]

    @Test func readsWell() {
        var text = ""
        for formula in MessageTests.formulas {
            text += "\(formula.count > 60 ? formula.prefix(24) + "…" : formula[...])\n"
            for diagnostic in Desk.check(formula).found {
                text += "  [\(diagnostic.code)] \(diagnostic.message.en)\(diagnostic.hint.map { " → \($0.en)" } ?? "")\n"
                text += "    \(diagnostic.message.zh)\(diagnostic.hint.map { " → \($0.zh)" } ?? "")\n"
            }
        }
        #expect(text == MessageTests.expected)
    }

    /// Every message has the form that all of Weir's have.
    @Test func keepsTheHouseStyle() {
        for formula in MessageTests.formulas {
            for diagnostic in Desk.check(formula).found {
                let message = diagnostic.message
                #expect(message.en.first?.isUppercase == false, "\(message.en)")
                #expect(message.en.last != "." && message.zh.last != "。", "\(message.en)")
                #expect(!message.en.contains("\n") && !message.zh.contains("\n"))
                #expect(message.zh.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(message.zh)")
            }
        }
    }

    static let expected = #"""
        'abc
          [unterminated-text] the text that begins with ' here has no end → close it, and write a ' inside the text twice
            这里的 ' 没有收尾 → 在末尾补上引号；文本里的 ' 要写两个
        ``
          [formula-syntax] there is no name between the backquotes → write the name between them
            反引号之间没有名称 → 在反引号之间写名称
        a # b
          [unexpected-character] `#` has no meaning in a formula → take it away, or put it in quotes if it is text
            公式里不能出现 `#` → 删去它；若是文本就加引号
        quantity == 1
          [foreign-operator] formulas do not write `==`, they write `=` → write `=`
            公式里不写 `==`，写 `=` → 写 `=`
        123456789012345678901234567890123456789
          [number-out-of-range] the number is out of range: at most 38 digits, 20 of them decimals → write fewer digits, or keep it as text
            数字超出范围：最多 38 位，其中小数最多 20 位 → 少写几位，或存成文本
        5m
          [bare-unit] the unit `m` can be read in more than one way → write `5M` or `5min`
            单位 `m` 有歧义 → 写 `5M` 或 `5min`
        5 d
          [bare-unit] the unit `d` can be read in more than one way → write `5 days`
            单位 `d` 有歧义 → 写 `5 days`
        5 business days
          [business-unit] business days and hours are no units in a formula → write calendar days, such as `7 days`
            公式里不能用工作日、工作小时作单位 → 写自然日，例如 `7 days`
        3 months
          [calendar-unit] `months` has no fixed length, so it is no unit of time in a formula → use `edate(date, months)`
            `months` 长短不定，不能作时长单位 → 用 `edate(日期, 月数)`
        5hours
          [unknown-unit] there is no unit `hours` → write `5h`
            没有 `hours` 这个单位 → 写 `5h`
        3月销量
          [unknown-unit] `月销量` behind a number has no meaning → there are `K M B 千 万 亿 %` and `s min h days weeks 秒 分钟 小时 天 周`; a name that begins with a digit stands in backquotes: `` `3月销量` ``
            数字后面的 `月销量` 无法识别 → 可用 `千 万 亿 K M B %` 和 `s min h days weeks 秒 分钟 小时 天 周`；以数字开头的名称要加反引号：`` `3月销量` ``

          [formula-syntax] the formula is empty → write a formula, or leave the key out
            公式是空的 → 写一个公式，或删去这一项
        1 +
          [formula-syntax] the formula ends early: a value is missing behind this → write a value there, or take the last sign away
            公式没有写完，后面还缺一个值 → 补上一个值，或删去最后的符号
        1 2
          [formula-syntax] `2` does not fit here → an operator or a comma may be missing before it
            这里不应该是 `2` → 它前面可能少了运算符或逗号
        active AND active
          [formula-syntax] `AND` is written in lower case → write `and`
            `AND` 要用小写 → 写 `and`
        sum (1, 2)
          [formula-syntax] no space may stand between `sum` and its bracket → write `sum(`
            `sum` 和括号之间不能有空格 → 写 `sum(`
        (1
          [formula-syntax] this bracket is never closed → add `)`
            这个括号没有收尾 → 补上 `)`
        quantity between 1, 2
          [formula-syntax] `between` needs two bounds with `and` in the middle → for example `amount between 10 and 20`
            `between` 后面要写两个界限，中间用 `and` → 例如 `amount between 10 and 20`
        name is 3
          [formula-syntax] `is` needs `blank` or `valid` behind it → to compare two values, write `=`
            `is` 后面要写 `blank` 或 `valid` → 比较两个值用 `=`
        -quantity^2
          [chained-power] it is not clear whether the sign or `^` comes first → write `(-x)^y` or `-(x^y)`
            负号和 `^` 的先后不明确 → 写 `(-x)^y` 或 `-(x^y)`
        2^3^4
          [chained-power] it is not clear which `^` comes first → write `(a^b)^c` or `a^(b^c)`
            连写的 `^` 先后不明确 → 写 `(a^b)^c` 或 `a^(b^c)`
        1 < 2 < 3
          [comparison-chain] comparisons cannot be chained → write `a < b and b < c`, or put brackets
            比较不能连写 → 写 `a < b and b < c`，或加括号
        amout
          [unknown-name] `opportunity` has no field `amout` → did you mean `amount`?
            `opportunity` 没有字段 `amout` → 是不是 `amount`？
        account.nam
          [unknown-name] `account` has no field `nam` → did you mean `name`?
            `account` 没有字段 `nam` → 是不是 `name`？
        count(lines where quantity > 1)
          [unknown-name] `line` has no field `quantity` → for the field of the record around write `this.quantity`
            `line` 没有字段 `quantity` → 外层记录的字段写 `this.quantity`
        status = new
          [unknown-name] `opportunity` has no field `new` → an option stands in quotes: `'new'`
            `opportunity` 没有字段 `new` → 选项要加引号：`'new'`
        sum + 1
          [unknown-name] `opportunity` has no field `sum` → a function is written with brackets: `sum(…)`
            `opportunity` 没有字段 `sum` → 函数要带括号：`sum(…)`
        zzzzzz
          [unknown-name] `opportunity` has no field `zzzzzz` → write the name of a field; a text stands in quotes
            `opportunity` 没有字段 `zzzzzz` → 写字段的名称；文本要加引号
        due.year
          [unknown-name] a date has no fields, so there is no `year` → write `year(…)`
            日期没有字段，无法读取 `year` → 写 `year(…)`
        日期
          [ambiguous-name] `日期` can mean `due` or `signed` → write the field's name, or rename one of them
            `日期` 有多种含义：`due`、`signed` → 写它的名称，或给其中一个换个名字
        sume(1, 2)
          [unknown-function] there is no function `sume` → did you mean `sum`?
            没有函数 `sume` → 是不是 `sum`？
        qqqqqq(1)
          [unknown-function] there is no function `qqqqqq` → the functions are listed in `spec/formulas/functions.md`
            没有函数 `qqqqqq` → 可用的函数见 `spec/formulas/functions.md`
        count(users in role sale)
          [unknown-role] there is no role `sale` → did you mean `sales`?
            没有角色 `sale` → 是不是 `sales`？
        count(account)
          [ambiguous-name] `account` is both an object and something of the record → for all records of the object write `account where CONDITION`, for the record's own `this.account`
            `account` 既是对象，又是这条记录自己的字段或集合 → 要的是全部 `account` 记录，就写 `account where 条件`；记录自己的写 `this.account`
        status = 'nwe'
          [unknown-option] `status` has no option `nwe` → did you mean `'new'`?
            `status` 没有选项 `nwe` → 是不是 `'new'`？
        status = '新建'
          [unknown-option] `status` has no option `新建` → did you mean `'new'`?
            `status` 没有选项 `新建` → 是不是 `'new'`？
        status = 'zzzz'
          [unknown-option] `status` has no option `zzzz` → there are `'new'`, `'working'`, `'won'`
            `status` 没有选项 `zzzz` → 可选：`'new'`、`'working'`、`'won'`
        body.x
          [not-available-here] `body` cannot be used here → `body` is only known where messages and answers come in
            这里不能用 `body` → `body` 只在接收外部消息和回应时可用
        about.level
          [several-objects] `about` leads to records of several objects, and `user` has no field `level` → say which one first: `if(about is account, about.level)`
            `about` 可以指向多种对象，其中`user`没有字段 `level` → 先判断对象：`if(about is account, about.level)`
        account.parent.parent.pa…
          [path-too-long] the path is longer than 10 steps → add a formula field on an object along the way
            路径超过 10 步 → 在中间的对象上加一个公式字段
        name + 'x'
          [type-mismatch] `+` does not go between text and text → write `&` to join texts
            `+` 不能用在文本和文本之间 → 连接文本用 `&`
        active + 1
          [type-mismatch] `+` does not go between true or false and a number → write `if(condition, 1, 0)`
            `+` 不能用在逻辑值和数字之间 → 写 `if(条件, 1, 0)`
        touched + 1
          [type-mismatch] `+` does not go between a datetime and a number → write a unit, such as `1 day` or `2h`
            `+` 不能用在日期时间和数字之间 → 写明单位，例如 `1 day` 或 `2h`
        due - touched
          [type-mismatch] `-` does not go between a date and a datetime → take the day first: `date_of(…)`
            `-` 不能用在日期和日期时间之间 → 先用 `date_of(…)` 取日期
        due + 2h
          [type-mismatch] `+` does not go between a date and a duration → only whole days can be added to a date
            `+` 不能用在日期和时长之间 → 日期只能加减整天
        amount * amount
          [type-mismatch] `*` does not go between money (CNY) and money (CNY) → turn one of them into what goes with the other
            `*` 不能用在金额（CNY）和金额（CNY）之间 → 把其中一个换成能一起计算的类型
        amount + quantity
          [number-beside-money] money and a plain number cannot be added or compared → make the number a money field, or multiply it by a price
            金额和数字不能直接相加减或比较 → 把字段改成 money，或乘以单价
        amount + budget
          [mixed-currency] the currencies differ: CNY and USD → bring both into one currency first
            币种不同：CNY 和 USD → 先乘以汇率换算成同一币种的字段
        -name
          [type-mismatch] this should be a number and is text → put a number here
            这里需要数字，实际是文本 → 这里写数字
        due = '2026-01-01'
          [type-mismatch] a date cannot be compared with text → write the day as `date(2026, 1, 31)`
            日期不能和文本比较 → 日期写 `date(2026, 1, 31)`
        owner = '小王'
          [type-mismatch] a link to `user` cannot be compared with text → compare a field of the record, such as `….name = '…'`
            指向`user`的关联不能和文本比较 → 比较关联记录的字段，例如 `….name = '…'`
        pains = '成本'
          [type-mismatch] several options of `pains` cannot be compared with text → use `… contains 'option'` or `size(…)`
            `pains` 的多个选项不能和文本比较 → 用 `… contains '选项'` 或 `size(…)`
        status = level
          [type-mismatch] an option of `status` cannot be compared with an option of `level` → the lists of options differ: compare `label(…)`
            `status` 的选项不能和`level` 的选项比较 → 两个字段的选项表不同，用 `label(…)` 比较
        status = name
          [type-mismatch] an option of `status` cannot be compared with text → make the option text with `key(…)` or `label(…)`
            `status` 的选项不能和文本比较 → 用 `key(…)` 或 `label(…)` 把选项变成文本
        today() - due > 3 days
          [type-mismatch] a number cannot be compared with a duration → the left side counts days already: write the number alone
            数字不能和时长比较 → 左边已经是天数，只写数字
        quantity = '3'
          [type-mismatch] a number cannot be compared with text → write the number without quotes: `3`
            数字不能和文本比较 → 数字不加引号：`3`
        quantity = name
          [type-mismatch] a number cannot be compared with text → make the text a number with `value(text)`
            数字不能和文本比较 → 用 `value(文本)` 变成数字
        amount > '5000元'
          [type-mismatch] money (CNY) cannot be compared with text → write the number without quotes: `5000`
            金额（CNY）不能和文本比较 → 数字不加引号：`5000`
        discount > '15％'
          [type-mismatch] a percentage cannot be compared with text → write the number without quotes: `15%`
            百分比不能和文本比较 → 数字不加引号：`15%`
        due - '今天'
          [type-mismatch] `-` does not go between a date and text → write a day as `date(2026, 1, 31)`, this day as `today()`
            `-` 不能用在日期和文本之间 → 日期写 `date(2026, 1, 31)`，今天写 `today()`
        quantity * '2'
          [type-mismatch] `*` does not go between a number and text → write numbers without quotes
            `*` 不能用在数字和文本之间 → 数字不加引号
        owner = this.owner
          [compared-with-itself] `owner` is compared with itself → compare it with another field or a value
            `owner` 在和它自己比较 → 请和另一个字段或值比较
        count(lines where active = active)
          [compared-with-itself] `active` is compared with itself → bare names are those of the rows here; for the record's own write `this.active`
            `active` 在和它自己比较 → 这里直接写的名称是每一行的；记录自己的写 `this.active`
        maximum(1, 2)
          [unknown-function] there is no function `maximum` → did you mean `max`?
            没有函数 `maximum` → 是不是 `max`？
        due <> null
          [foreign-operator] formulas do not write `null`, they write `blank` → write `blank`
            公式里不写 `null`，写 `blank` → 写 `blank`
        due is not null
          [foreign-operator] formulas do not write `null`, they write `blank` → write `blank`
            公式里不写 `null`，写 `blank` → 写 `blank`
        owner <> ''
          [type-mismatch] a link to `user` cannot be compared with text → for no value write `is blank` or `is not blank`
            指向`user`的关联不能和文本比较 → 空值写 `is blank` 或 `is not blank`
        due > 2026-01-01
          [type-mismatch] a date cannot be compared with a number → write the day as `date(2026, 1, 31)`
            日期不能和数字比较 → 日期写 `date(2026, 1, 31)`
        count(pains)
          [aggregate-without-set] `count` needs a set of records → write `size(pains)`
            `count` 需要一组记录 → 写 `size(pains)`
        active 且 quantity > 1
          [formula-syntax] `且` does not fit here → write `and`
            这里不应该是 `且` → 写 `and`
        10 else 5
          [formula-syntax] `else` does not fit here → write `if(condition, value, value otherwise)`
            这里不应该是 `else` → 写成 `if(条件, 值, 否则的值)`
        quantity amount
          [formula-syntax] `amount` does not fit here → an operator or a comma may be missing before it
            这里不应该是 `amount` → 它前面可能少了运算符或逗号
        watched > 3
          [type-mismatch] a duration cannot be compared with a number → write a unit, such as `3 days` or `2h`
            时长不能和数字比较 → 写明单位，例如 `3 days` 或 `2h`
        owner < me
          [type-mismatch] a link to `user` has no order → only `=` and `<>` work
            指向`user`的关联没有大小之分 → 只能用 `=` 和 `<>`
        amount < blank
          [always-false] an order comparison with blank is never true → write `is blank` or `is not blank`
            和空值比较大小永远不成立 → 写 `is blank` 或 `is not blank`
        not name
          [type-mismatch] this should be true or false and is text → write `… is not blank`
            这里需要逻辑值，实际是文本 → 写 `… is not blank`
        not quantity
          [type-mismatch] this should be true or false and is a number → write `… > 0`
            这里需要逻辑值，实际是数字 → 写 `… > 0`
        if(active, 1, 'x')
          [type-mismatch] the results are of different types: a number and text → write `'' & …` to make it text
            各个结果的类型不同：数字和文本 → 用 `'' & …` 转成文本
        if(active, status, level)
          [type-mismatch] the results are of different types: an option of `status` and an option of `level` → use `label(…)` to make an option text
            各个结果的类型不同：`status` 的选项和`level` 的选项 → 用 `label(…)` 把选项变成文本
        name is valid
          [type-mismatch] `is valid` tests phone, email and url, and this is text → give the field one of these types, or write `is not blank`
            `is valid` 只能检查电话、邮箱和网址，这里是文本 → 把字段改成这些类型之一，或写 `is not blank`
        name in 'abc'
          [type-mismatch] this should be several options, tags or a set and is text → write `x in ('a', 'b')`; to look into a text use `contains`
            这里需要多个选项、标签或一组记录，实际是文本 → 写 `x in ('a', 'b')`；查找文本用 `contains`
        left(amount, 2)
          [type-mismatch] this should be text and is money (CNY) → write `'' & …` to make it text
            这里需要文本，实际是金额（CNY） → 用 `'' & …` 转成文本
        round(name, 2)
          [type-mismatch] this should be a number and is text → use `value(text)`
            这里需要数字，实际是文本 → 用 `value(文本)`
        left()
          [wrong-arity] `left` does not take this number of arguments → write `left(text, [count])`
            `left` 的参数个数不对 → 写法：`left(text, [count])`
        if(active)
          [wrong-arity] `if` does not take this number of arguments → write `if(condition, then, else)`
            `if` 的参数个数不对 → 写法：`if(condition, then, else)`
        dateadd(due, 1, name)
          [not-constant] `unit` must be written out as a text → there are `'day'`, `'days'`, `'天'`, `'日'`, `'week'`, `'weeks'`, `'周'`, `'month'`, `'months'`, `'月'`, `'quarter'`, `'quarters'`, `'季度'`, `'year'`, `'years'`, `'年'`
            参数 `unit` 必须直接写成文本 → 可选：`'day'`、`'days'`、`'天'`、`'日'`、`'week'`、`'weeks'`、`'周'`、`'month'`、`'months'`、`'月'`、`'quarter'`、`'quarters'`、`'季度'`、`'year'`、`'years'`、`'年'`
        dateadd(due, 1, 'mnth')
          [not-constant] `mnth` is not one of the possible values → did you mean `'month'`?
            不支持 `mnth` → 是不是 `'month'`？
        lines
          [set-without-aggregate] `lines` is a set of records and needs a function that sums it up → for example `count(lines)` or `sum(lines.FIELD)`
            `lines` 是一组记录，要先汇总 → 例如 `count(lines)` 或 `sum(lines.字段)`
        opportunity
          [set-without-aggregate] `opportunity` is a set of records and needs a function that sums it up → for example `count(opportunity)` or `sum(opportunity.FIELD)`
            `opportunity` 是一组记录，要先汇总 → 例如 `count(opportunity)` 或 `sum(opportunity.字段)`
        sum(amount)
          [aggregate-without-set] `sum` needs a set of records → for example `sum(orders.amount)`, or give it two values or more
            `sum` 需要一组记录 → 例如 `sum(订单.金额)`；两个以上的值也可以直接并列
        abs(quantity where active)
          [clause-without-set] `where`, `by` and `as` stand only behind a set of records → for example `count(lead where status = 'new')`
            `where`、`by`、`as` 只能跟在一组记录后面 → 例如 `count(lead where status = 'new')`
        sum(lines.qty by qty)
          [unused-order] `by` has no effect in `sum` → leave `by` out
            `sum` 不受顺序影响，`by` 没有作用 → 删去 `by`
        sum(account.opportunities.lines.qty)
          [nested-set] `lines` is a set inside a set, which cannot be summed up in one go → sum up per row first: `sum(outer, sum(lines.FIELD))`
            `lines` 是记录组里的记录组，不能一次汇总 → 先在每一行汇总：`sum(外层, sum(lines.字段))`
        sum(lines)
          [wrong-arity] `sum` does not say which value of the rows to take → write `sum(lines.FIELD)`
            `sum` 没有写要汇总哪个值 → 写 `sum(lines.字段)`
        sum(lines.qty, 2)
          [wrong-arity] `sum` has an argument too many → write either `lines.FIELD` or `lines, EXPRESSION`
            `sum` 的参数太多 → 要么写 `lines.字段`，要么写 `lines, 表达式`
        any(lines)
          [wrong-arity] `any` does not say what to look for → write `exists(lines where CONDITION)`
            `any` 没有写要找什么 → 写 `exists(lines where 条件)`
        sum(lines.active)
          [type-mismatch] this should be a number and is true or false → to count rows write `count(… where CONDITION)`
            这里需要数字，实际是逻辑值 → 数条数用 `count(… where 条件)`
        switch(status, 'new', 1, 'new', 2)
          [duplicate-case] this value stands further up already, so this case is never reached → remove one of them
            这个值前面已经写过，不会走到这里 → 删去其中一个
        let(1, 2, 3)
          [formula-syntax] `let` needs a name here → for example `let(total, quantity * price, total * 2)`
            `let` 的这个位置要写一个名称 → 例如 `let(总额, 数量 * 单价, 总额 * 2)`
        ischanged(account.name)
          [wrong-arity] `ischanged` takes a field of the record itself → for example `ischanged(status)`
            `ischanged` 的参数必须是记录自己的字段 → 例如 `ischanged(状态)`
        lines & 'x'
          [set-without-aggregate] `lines` is a set of records and needs a function that sums it up → for example `count(lines)` or `sum(lines.FIELD)`
            `lines` 是一组记录，要先汇总 → 例如 `count(lines)` 或 `sum(lines.字段)`

        """#
}
