/// The calls that are part of the language itself: they evaluate their arguments lazily or over sets, or bind names.
package enum SpecialForm: Sendable, Hashable, CaseIterable {
    case `if`, ifs, `switch`, coalesce, iferror, iserror, isblank
    case isnumber, istext, islogical, n, t
    case and, or, not, xor
    case between, `in`, contains, choose, concat
    case `let`, blank, `true`, `false`, label
    case ischanged, prior, isnew
    case sum, count, counta, countblank, countdistinct, average, min, max, median, product, stdev, stdevp, variance, variancep
    case any, all, exists, first, last, join, sequence

    /// The canonical name first, then Chinese and Excel's other spellings; all lower case.
    package var names: [String] {
        switch self {
        case .if: ["if", "如果"]
        case .ifs: ["ifs", "多重如果"]
        case .switch: ["switch", "case", "分支"]
        case .coalesce: ["coalesce", "blankvalue", "ifblank", "首个非空"]
        case .iferror: ["iferror", "如果出错"]
        case .iserror: ["iserror", "是否出错"]
        case .isblank: ["isblank", "为空"]
        case .isnumber: ["isnumber", "是否数字"]
        case .istext: ["istext", "是否文本"]
        case .islogical: ["islogical", "是否逻辑值"]
        case .n: ["n"]
        case .t: ["t"]
        case .and: ["and", "并且", "且"]
        case .or: ["or", "或者", "或"]
        case .not: ["not", "非"]
        case .xor: ["xor", "异或"]
        case .between: ["between", "介于"]
        case .in: ["in", "属于"]
        case .contains: ["contains", "包含"]
        case .choose: ["choose", "选择"]
        case .concat: ["concat", "concatenate", "拼接"]
        case .let: ["let", "设"]
        case .blank: ["blank", "空值"]
        case .true: ["true"]
        case .false: ["false"]
        case .label: ["label", "选项名称"]
        case .ischanged: ["ischanged", "已变更"]
        case .prior: ["prior", "priorvalue", "变更前"]
        case .isnew: ["isnew", "是否新建"]
        case .sum: ["sum", "求和", "合计"]
        case .count: ["count", "计数"]
        case .counta: ["counta", "非空计数"]
        case .countblank: ["countblank", "空值计数"]
        case .countdistinct: ["countdistinct", "去重计数"]
        case .average: ["average", "avg", "平均值", "平均"]
        case .min: ["min", "最小值"]
        case .max: ["max", "最大值"]
        case .median: ["median", "中位数"]
        case .product: ["product", "乘积", "连乘"]
        case .stdev: ["stdev", "stdev.s", "标准差"]
        case .stdevp: ["stdevp", "stdev.p", "总体标准差"]
        case .variance: ["var", "var.s", "方差"]
        case .variancep: ["varp", "var.p", "总体方差"]
        case .any: ["any", "任一"]
        case .all: ["all", "全部"]
        case .exists: ["exists", "存在"]
        case .first: ["first", "earliest", "第一个"]
        case .last: ["last", "latest", "最后一个", "最新"]
        case .join: ["join", "连接"]
        case .sequence: ["sequence", "先后发生"]
        }
    }

    package var name: String { names[0] }

    /// How a call is written, for messages.
    var usage: [String] {
        switch self {
        case .if: ["if(condition, then, else)"]
        case .ifs: ["ifs(condition, value, …, else)"]
        case .switch: ["switch(value, case, result, …, else)"]
        case .coalesce: ["coalesce(value, instead, …)"]
        case .iferror: ["iferror(value, instead)"]
        case .iserror: ["iserror(value)"]
        case .isblank: ["isblank(value)"]
        case .isnumber: ["isnumber(value)"]
        case .istext: ["istext(value)"]
        case .islogical: ["islogical(value)"]
        case .n: ["n(value)"]
        case .t: ["t(value)"]
        case .and: ["and(condition, …)"]
        case .or: ["or(condition, …)"]
        case .not: ["not(condition)"]
        case .xor: ["xor(condition, condition, …)"]
        case .between: ["between(value, low, high)"]
        case .in: ["in(value, one, …)"]
        case .contains: ["contains(text, part)"]
        case .choose: ["choose(number, first, second, …)"]
        case .concat: ["concat(value, …)"]
        case .let: ["let(name, value, …, result)"]
        case .blank: ["blank()"]
        case .true: ["true()"]
        case .false: ["false()"]
        case .label: ["label(option)"]
        case .ischanged: ["ischanged(field)"]
        case .prior: ["prior(field)"]
        case .isnew: ["isnew()"]
        case .sum: ["sum(orders.amount)", "sum(a, b)"]
        case .count: ["count(orders)", "count(orders where …)"]
        case .counta: ["counta(orders.name)", "counta(a, b)"]
        case .countblank: ["countblank(orders.name)", "countblank(a, b)"]
        case .countdistinct: ["countdistinct(orders.product)"]
        case .average: ["average(orders.amount)", "average(a, b)"]
        case .min: ["min(orders.amount)", "min(a, b)"]
        case .max: ["max(orders.amount)", "max(a, b)"]
        case .median: ["median(orders.amount)", "median(a, b)"]
        case .product: ["product(orders.factor)", "product(a, b)"]
        case .stdev: ["stdev(orders.days)", "stdev(a, b)"]
        case .stdevp: ["stdevp(orders.days)", "stdevp(a, b)"]
        case .variance: ["var(orders.days)", "var(a, b)"]
        case .variancep: ["varp(orders.days)", "varp(a, b)"]
        case .any: ["any(orders, condition)"]
        case .all: ["all(orders, condition)"]
        case .exists: ["exists(orders where …)"]
        case .first: ["first(orders by date)"]
        case .last: ["last(orders by date)"]
        case .join: ["join(orders.name, '、')", "join(orders, name, '、')"]
        case .sequence: ["sequence(activities.kind by at, 7 days, 'first', 'second', …)"]
        }
    }

    var aggregate: Aggregate.Kind? {
        switch self {
        case .sum: .sum
        case .count, .counta: .count
        case .countblank: .countBlank
        case .countdistinct: .countDistinct
        case .average: .average
        case .min: .minimum
        case .max: .maximum
        case .median: .median
        case .product: .product
        case .stdev: .deviation
        case .stdevp: .populationDeviation
        case .variance: .variance
        case .variancep: .populationVariance
        case .any: .any
        case .all: .all
        case .exists: .exists
        case .first: .first
        case .last: .last
        case .join: .join
        case .sequence: .sequence
        case .if, .ifs, .switch, .coalesce, .iferror, .iserror, .isblank, .isnumber, .istext, .islogical, .n, .t, .and, .or, .not, .xor, .between, .in, .contains, .choose, .concat, .let, .blank,
            .true, .false, .label, .ischanged, .prior, .isnew:
            nil
        }
    }
}
