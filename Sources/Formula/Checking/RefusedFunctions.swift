import SourceText

/// Functions of spreadsheets that the language does without on purpose, with what to write instead. `spec/formulas/refused.md` says why.
enum RefusedFunctions {
    /// What to write instead of `name`; nil if it is not one of these. Case does not count.
    static func hint(for name: String) -> Words? {
        switch name.lowercased() {
        case "countif", "countifs":
            Words(zh: "写 `count(订单 where 状态 = 'paid')`", en: "write `count(orders where status = 'paid')`")
        case "sumif", "sumifs", "averageif", "averageifs", "maxifs", "minifs", "dsum", "dcount", "daverage", "dmax", "dmin", "subtotal", "aggregate":
            Words(zh: "写 `sum(订单.金额 where 状态 = 'paid')`", en: "write `sum(orders.amount where status = 'paid')`")
        case "vlookup", "hlookup", "xlookup", "lookup", "index", "match", "xmatch", "getpivotdata":
            Words(zh: "沿关联读取，例如 `客户.名称`", en: "follow a link, as in `account.name`")
        case "filter", "sort", "sortby", "unique", "take", "drop", "transpose":
            Words(zh: "用 `where` 和 `by` 选出记录再汇总", en: "choose rows with `where` and `by`, and sum them up")
        case "time", "timevalue":
            Words(
                zh: "没有单独的钟点：用 `datetime(日期, 时, 分, 秒)`，或 `90min` 这样的时长",
                en: "there is no time of day by itself: use `datetime(date, h, m, s)`, or a duration such as `90min`")
        case "rand", "randbetween", "randarray":
            Words(zh: "公式对同一条记录总给出同一个值", en: "a formula gives the same value for the same record")
        case "offset", "indirect", "row", "rows", "column", "columns", "address", "cell", "areas", "hyperlink", "formulatext", "sheet":
            Words(zh: "没有单元格，写字段的名称", en: "there are no cells: write the name of the field")
        case "isna", "iserr", "error.type": Words(zh: "用 `iserror(…)`", en: "use `iserror(…)`")
        case "na": Words(zh: "用 `error('说明')` 或 `blank`", en: "use `error('why')` or `blank`")
        case "ifna": Words(zh: "用 `iferror(…)` 或 `coalesce(…)`", en: "use `iferror(…)` or `coalesce(…)`")
        case "isnontext", "type", "isref", "isformula":
            Words(zh: "字段的类型事先已知；空值用 `isblank(…)`", en: "the type of a field is known beforehand; for blanks use `isblank(…)`")
        case "averagea", "maxa", "mina", "stdeva", "stdevpa", "vara", "varpa":
            Words(zh: "逻辑值和文本不参与计算", en: "texts and truths do not take part in arithmetic")
        case "networkdays.intl", "workday.intl":
            Words(zh: "工作日由 `app.calendar` 决定：用 `networkdays(…)`", en: "`app.calendar` says which days are worked: use `networkdays(…)`")
        case "dollar", "bahttext": Words(zh: "用 `text(数字, '#,##0.00')`", en: "use `text(number, '#,##0.00')`")
        case "numbervalue": Words(zh: "用 `value(文本)`", en: "use `value(text)`")
        case "bin2dec", "dec2bin", "hex2dec", "dec2hex", "base", "decimal", "bitand", "bitor", "bitxor", "convert":
            nil
        default: nil
        }
    }
}
