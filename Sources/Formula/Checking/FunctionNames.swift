import SourceText

/// Every name that may stand before a bracket: the forms of the language and the functions of the catalogue, by all their spellings.
package struct FunctionNames: Sendable {
    package enum Entry: Sendable, Hashable {
        case form(SpecialForm)
        case function(FunctionID)
    }

    private let entries: [String: Entry]
    let functions: [FunctionDefinition]

    /// Those of `FunctionCatalogue.all`.
    package static let standard = FunctionNames(FunctionCatalogue.all)

    init(_ functions: [FunctionDefinition]) {
        var entries: [String: Entry] = [:]
        for form in SpecialForm.allCases {
            for name in form.names { entries[name] = .form(form) }
        }
        for (index, function) in functions.enumerated() {
            for name in [function.name] + function.aliases where entries[name] == nil {
                entries[name] = .function(FunctionID(index: index))
            }
        }
        self.entries = entries
        self.functions = functions
    }

    /// The entry of this name; case does not count.
    package subscript(name: String) -> Entry? { entries[name.lowercased()] }

    /// The name under which it is re-printed; as written if nobody knows it.
    package func canonical(_ name: String) -> String {
        switch self[name] {
        case .form(let form): form.name
        case .function(let id): functions[id.index].name
        case nil: name
        }
    }

    /// The name that `name` may have been meant for.
    func suggestion(for name: String) -> String? {
        let lower = name.lowercased()
        return Self.foreign[lower] ?? closestMatch(to: lower, among: entries.keys.sorted())
    }

    /// What people write who come from elsewhere, and what says it here.
    private static let foreign: [String: String] = [
        "maximum": "max", "greatest": "max", "最大": "max", "minimum": "min", "least": "min", "最小": "min", "mean": "average", "avgif": "average",
        "averageif": "average", "averageifs": "average", "total": "sum", "sumif": "sum", "sumifs": "sum", "总和": "sum", "总计": "sum",
        "countif": "count", "countifs": "count", "数量": "count", "个数统计": "count", "nvl": "coalesce", "ifnull": "coalesce", "isnull": "isblank",
        "isempty": "isblank", "iif": "if", "length": "len", "strlen": "len", "substr": "mid", "substring": "mid", "concat": "join",
        "concatenate": "join", "textjoin": "join", "group_concat": "join", "string_agg": "join", "ucase": "upper", "lcase": "lower",
        "toupper": "upper", "tolower": "lower", "getdate": "today", "curdate": "today", "current_date": "today", "sysdate": "now",
        "getutcdate": "now", "current_timestamp": "now", "datediff": "datedif", "date_diff": "datedif", "addmonths": "edate", "add_months": "edate",
        "dateserial": "date", "ceil": "ceiling", "instr": "find", "indexof": "find", "strpos": "find", "pos": "find", "rank": "count", "tonumber": "value",
        "to_number": "value", "number": "value", "parsefloat": "value", "todate": "datevalue", "to_date": "datevalue", "format": "text",
        "to_char": "text", "tostring": "text",
    ]
}
