/// Writes formulas over orders, the same for the same seed. Some are refused by the checker; they are passed over.
struct FormulaGenerator {
    private var state: UInt64

    init(seed: Int) {
        // Another factor than the one of each step, or neighbouring seeds would run through the same numbers.
        state = UInt64(truncatingIfNeeded: seed) &* 0xD1B5_4A32_D192_ED03
    }

    private mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    /// Of a type that goes round.
    mutating func formula(_ round: Int) -> String {
        switch round % 6 {
        case 0, 1: condition()
        case 2: number()
        case 3: text()
        case 4: date()
        default: round % 12 == 5 ? datetime() : duration()
        }
    }

    private mutating func pick(_ choices: [String]) -> String { choices[next(choices.count)] }

    mutating func condition(_ depth: Int = 3) -> String {
        guard depth > 0 else {
            return pick([
                "urgent", "status = 'new'", "amount > 5", "due < today()", "name is blank", "'vip' in words", "owner = me", "phone is valid", "owner.active",
                "amount is not blank", "score > 0", "quantity = 3", "status in ('new', 'lost')", "status < 'lost'", "amount <> 12.34", "amount <= 0.005",
                "quantity in (3, blank, 0.5)", "about = this", "about is blank", "words is blank", "1 / quantity > 0", "created < now()", "isworkday(due)", "isworkday(date_of(created), 'shop')",
            ])
        }
        let d = depth - 1
        switch next(17) {
        case 0: return "(\(condition(d)) and \(condition(d)))"
        case 1: return "(\(condition(d)) or \(condition(d)))"
        case 2: return "not (\(condition(d)))"
        case 3, 4: return "\(number(d)) \(pick(["=", "<>", "<", "<=", ">", ">="])) \(number(d))"
        case 5: return "\(text(d)) \(pick(["=", "<>", "<", "<=", ">", ">="])) \(text(d))"
        case 6: return "\(date(d)) \(pick(["=", "<>", "<", ">="])) \(date(d))"
        case 7: return "\(datetime(d)) \(pick(["=", "<", ">"])) \(datetime(d))"
        case 8: return "\(duration(d)) \(pick(["=", "<", ">", "<>"])) \(duration(d))"
        case 9: return "\(text(d)) contains \(text(0))"
        case 10: return "(\(number(d)) is blank)"
        case 11: return "iserror(\(number(d)))"
        case 12: return "exists(lines where \(lineCondition()))"
        case 13: return "\(pick(["any", "all"]))(lines, \(lineCondition()))"
        case 14: return "(\(text(d)) is blank)"
        case 15: return "(\(number(d)) between \(number(0)) and \(number(0)))"
        default: return condition(0)
        }
    }

    private mutating func lineCondition() -> String {
        pick(["ok", "not ok", "price > 1", "note = 'x'", "1 / price > 0", "price < this.quantity", "note contains 'x' or ok", "created > this.created"])
    }

    mutating func number(_ depth: Int = 3) -> String {
        guard depth > 0 else { return pick(["score", "quantity", "quantity", "score", "age", "0", "1", "2.5", "100", "0.001", "13%", "1000000", "3", "id", "version", "amount / 3"]) }
        let d = depth - 1
        switch next(39) {
        case 0, 1: return "(\(number(d)) + \(number(d)))"
        case 2: return "(\(number(d)) - \(number(d)))"
        case 3, 4: return "(\(number(d)) * \(number(d)))"
        case 5: return "(\(number(d)) / \(number(d)))"
        case 6: return "(-(\(number(d))))"
        case 7: return "\(pick(["abs", "int", "sign", "trunc", "sqrt", "exp", "ln", "log10"]))(\(number(d)))"
        case 8: return "\(pick(["round", "roundup", "rounddown"]))(\(number(d)), \(pick(["0", "1", "2", "-2", "5", "quantity"])))"
        case 9: return "\(pick(["mod", "quotient", "mround", "ceiling", "floor"]))(\(number(d)), \(number(0)))"
        case 10, 11: return "if(\(condition(d)), \(number(d)), \(number(d)))"
        case 12: return "coalesce(\(number(d)), \(number(d)))"
        case 13, 14: return "iferror(\(number(d)), \(number(d)))"
        case 15: return "\(pick(["min", "max", "sum", "average", "count"]))(\(number(d)), \(number(d)))"
        case 16: return "len(\(text(d)))"
        case 17: return "\(pick(["find", "search"]))(\(pick([text(0), "'?a'", "'c*'", "'~?'"])), \(text(d)))"
        case 18: return "\(pick(["year", "month", "day", "quarter", "weekday", "isoweeknum"]))(\(date(d)))"
        case 19: return "\(pick(["hour", "minute", "second", "year", "day"]))(\(datetime(d)))"
        case 20: return "\(pick(["hours", "minutes", "seconds", "days"]))(\(duration(d)))"
        case 21: return "datedif(\(date(0)), \(date(d)), '\(pick(["Y", "M", "D", "YM"]))')"
        case 22: return "(\(date(d)) - \(date(d)))"
        case 23: return "count(lines where \(lineCondition()))"
        case 24: return "sum(lines, \(pick(["1", "id", "if(ok, 2, 3)", "1 / id", "this.quantity"])))"
        case 25: return "\(pick(["min", "max", "average", "median", "count", "countdistinct"]))(lines.\(pick(["id", "price", "created"])))"
        case 26: return "size(words)"
        case 27: return "switch(status, 'new', \(number(d)), 'paid', \(number(d)), \(number(d)))"
        case 28: return "let(x, \(number(d)), x * x + x)"
        case 29: return "value(\(text(d)))"
        case 30: return "\(pick(["first", "last"]))(lines.id by \(pick(["price", "note", "created desc", "price desc"])))"
        case 31: return "power(\(number(d)), \(pick(["2", "3", "0.5", "-1"])))"
        case 33: return "networkdays(\(date(0)), \(date(d))\(pick(["", ", 'plain'", ", 'shop'", ", due"])))"
        case 34: return "workhours(\(datetime(0)), \(datetime(d))\(pick(["", ", 'plain'", ", 'shop'"])))"
        case 35: return "\(pick(["latitude", "longitude"]))(place)"
        case 36: return "decay(\(datetime(d)), 5 days, 0.3, \(pick(["20 days", "wait", "5 days"])))"
        case 37: return "decay(\(date(d)), 90 days, \(number(0)), 180 days)"
        case 32: return "count(users in role \(pick(["sales", "boss"])))"
        default: return number(0)
        }
    }

    mutating func text(_ depth: Int = 3) -> String {
        guard depth > 0 else { return pick(["name", "name", "phone", "''", "'x'", "'报'", "'A'", "owner.name", "'12.5'", "owner.manager.name"]) }
        let d = depth - 1
        switch next(17) {
        case 0: return "\(pick(["left", "right"]))(\(text(d)), \(number(0)))"
        case 1: return "mid(\(text(d)), \(number(0)), 3)"
        case 2: return "\(pick(["upper", "lower", "proper", "trim"]))(\(text(d)))"
        case 3, 4: return "(\(text(d)) & \(text(d)))"
        case 5: return "(\(text(d)) & \(number(d)))"
        case 6: return "(\(text(d)) & \(pick(["status", "urgent", "wait", "due", "created", "amount"])))"
        case 7: return "substitute(\(text(d)), \(text(0)), \(text(0)))"
        case 8: return "replace(\(text(d)), 1, \(number(0)), \(text(0)))"
        case 9: return "rept(\(text(0)), \(number(0)))"
        case 10: return "text(\(number(d)), '\(pick(["0.00", "#,##0", "0%"]))')"
        case 11: return "if(\(condition(d)), \(text(d)), \(text(d)))"
        case 12: return "coalesce(\(text(d)), \(text(d)))"
        case 13: return "iferror(\(text(d)), \(text(0)))"
        case 14: return "\(pick(["first", "last"]))(lines.note by \(pick(["price", "created", "price desc", "id"])))"
        case 15: return "text(\(date(d)), 'yyyy年m月d日')"
        default: return text(0)
        }
    }

    mutating func date(_ depth: Int = 3) -> String {
        guard depth > 0 else { return pick(["due", "due", "today()", "date(2026, 1, 31)", "date_of(created)"]) }
        let d = depth - 1
        switch next(9) {
        case 7: return "workday(\(date(d)), \(number(0))\(pick(["", ", 'plain'", ", 'shop'", ", due"])))"
        case 0, 1: return "(\(date(d)) + \(number(0)))"
        case 2: return "(\(date(d)) - \(number(0)))"
        case 3: return "\(pick(["edate", "eomonth"]))(\(date(d)), \(number(0)))"
        case 4: return "dateadd(\(date(d)), \(number(0)), '\(pick(["day", "week", "month", "quarter", "year"]))')"
        case 5: return "if(\(condition(d)), \(date(d)), \(date(d)))"
        case 6: return "datetrunc(\(date(d)), '\(pick(["week", "month", "year"]))')"
        default: return date(0)
        }
    }

    mutating func datetime(_ depth: Int = 3) -> String {
        guard depth > 0 else { return pick(["created", "created", "changed", "now()", "max(lines.created)"]) }
        let d = depth - 1
        switch next(6) {
        case 0: return "(\(datetime(d)) + \(duration(d)))"
        case 1: return "(\(datetime(d)) - \(duration(d)))"
        case 2: return "dateadd(\(datetime(d)), \(number(0)), '\(pick(["hour", "day", "month"]))')"
        case 3: return "datetime(\(date(d)), \(number(0)))"
        case 4: return "(\(datetime(d)) + 3 days)"
        default: return datetime(0)
        }
    }

    mutating func duration(_ depth: Int = 3) -> String {
        guard depth > 0 else { return pick(["wait", "wait", "2h", "90min", "(created - changed)"]) }
        let d = depth - 1
        switch next(6) {
        case 0: return "(\(duration(d)) + \(duration(d)))"
        case 1: return "(\(duration(d)) - \(duration(d)))"
        case 2: return "(\(duration(d)) * \(number(0)))"
        case 3: return "(\(duration(d)) / \(number(0)))"
        case 4: return "sum(\(duration(d)), \(duration(d)))"
        default: return duration(0)
        }
    }
}
