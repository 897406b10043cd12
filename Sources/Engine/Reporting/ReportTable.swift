package import Formula
package import JSON
package import SourceText

/// The figures of a report as of one moment, with their words, so that they read the same when everything has changed.
package struct ReportTable: Sendable, Hashable {
    /// What the records of a row, or of a column, have in common.
    package struct Key: Sendable, Hashable {
        package let words: Words
        /// The record that it is; nil where it is none.
        package let record: String?
        /// As a formula would write it, for filters; nil where it cannot be said so.
        package let filter: String?
    }

    package struct Figure: Sendable, Hashable {
        /// The digits of a number; seconds for a duration. Nil for all else, and where there is nothing.
        package let number: String?
        package let words: Words
        /// Of how many records.
        package let records: Int
        /// How often a record was passed by because a formula failed for it.
        package let leftOut: Int
    }

    package let report: String
    package let label: Words
    package let at: Instant
    /// Empty: there is only `total`.
    package let rows: [Key]
    /// Empty: every row has its total alone.
    package let columns: [Key]
    /// By row and column; nil where there are no records.
    package let cells: [[Figure?]]
    package let rowTotals: [Figure]
    package let columnTotals: [Figure]
    package let total: Figure
    /// Records that could not be put anywhere because a formula failed.
    package let leftOut: Int

    /// A few lines for a message: the first rows with their figures, then how many more there are.
    ///
    /// - Parameter lines: At least 1.
    package func summary(lines: Int) -> Words {
        func text(_ language: Language) -> String {
            guard !rows.isEmpty else { return "\(label[language])\(language == .zh ? "：" : ": ")\(total.words[language])" }
            var text = zip(rows, rowTotals).prefix(lines).map { "\($0.words[language])\(language == .zh ? "：" : ": ")\($1.words[language])" }
            if rows.count > lines { text.append(language == .zh ? "……另有 \(rows.count - lines) 行" : "… and \(rows.count - lines) more") }
            text.append("\(language == .zh ? "合计：" : "all: ")\(total.words[language])")
            return text.joined(separator: "\n")
        }
        return Words(zh: text(.zh), en: text(.en))
    }
}

extension ReportTable {
    package var json: JSONValue {
        .object([
            .init("report", .string(report)), .init("label", label.json), .init("at", .string(at.description)),
            .init("rows", .array(rows.map(\.json))), .init("columns", .array(columns.map(\.json))),
            .init("cells", .array(cells.map { .array($0.map { $0?.json ?? .null }) })), .init("row_totals", .array(rowTotals.map(\.json))),
            .init("column_totals", .array(columnTotals.map(\.json))), .init("total", total.json), .init("left_out", .int(leftOut)),
        ])
    }

    /// What `json` wrote; nil if it is nothing of the kind.
    package init?(_ json: JSONValue) {
        guard let report = json["report"]?.asString, let label = Words(json["label"]), let at = json["at"]?.asString.flatMap({ Instant($0) }),
            let total = Figure(json["total"]), let leftOut = json["left_out"]?.asInt
        else { return nil }
        self.report = report
        self.label = label
        self.at = at
        rows = (json["rows"]?.asArray ?? []).compactMap { Key($0) }
        columns = (json["columns"]?.asArray ?? []).compactMap { Key($0) }
        cells = (json["cells"]?.asArray ?? []).map { ($0.asArray ?? []).map { Figure($0) } }
        rowTotals = (json["row_totals"]?.asArray ?? []).compactMap { Figure($0) }
        columnTotals = (json["column_totals"]?.asArray ?? []).compactMap { Figure($0) }
        self.total = total
        self.leftOut = leftOut
    }
}

extension ReportTable.Key {
    fileprivate var json: JSONValue { .object([.init("label", words.json), .init("record", .string(orNull: record)), .init("filter", .string(orNull: filter))]) }

    fileprivate init?(_ json: JSONValue) {
        guard let words = Words(json["label"]) else { return nil }
        self.init(words: words, record: json["record"]?.asString, filter: json["filter"]?.asString)
    }
}

extension ReportTable.Figure {
    fileprivate var json: JSONValue {
        .object([.init("number", number.map(JSONValue.number) ?? .null), .init("text", words.json), .init("records", .int(records)), .init("left_out", .int(leftOut))])
    }

    fileprivate init?(_ json: JSONValue?) {
        guard let json, let words = Words(json["text"]), let records = json["records"]?.asInt, let leftOut = json["left_out"]?.asInt else { return nil }
        self.init(number: json["number"]?.asDigits, words: words, records: records, leftOut: leftOut)
    }
}

extension Words {
    fileprivate var json: JSONValue { .object([.init("zh", .string(zh)), .init("en", .string(en))]) }

    fileprivate init?(_ json: JSONValue?) {
        guard let zh = json?["zh"]?.asString, let en = json?["en"]?.asString else { return nil }
        self.init(zh: zh, en: en)
    }
}
