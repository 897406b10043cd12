import JSON
package import Spreadsheet

/// What a person decided about an import: which column goes where, and what becomes of rows whose record stands already.
package struct ImportSettings: Sendable, Hashable {
    /// What is done where a record matches a row.
    package enum Found: String, Sendable, Hashable, CaseIterable {
        /// The record stays as it is.
        case skip
        /// Cells that are filled replace what the record has.
        case update
        /// Cells that are filled go where the record has nothing.
        case fill
    }

    /// Names of fields, by the position of the column; nil for one that is left out.
    package var columns: [String?]
    /// The name of the field by which a row finds its record, among `columns`; nil makes every row a new record.
    package var match: String?
    package var found: Found
    /// How the file is read where the guess was wrong.
    package var reading: TableFile.Reading
    /// What was put right since.
    package var corrections = ImportCorrections()

    package init(columns: [String?], match: String? = nil, found: Found = .skip, reading: TableFile.Reading = .init()) {
        self.columns = columns
        self.match = match
        self.found = found
        self.reading = reading
    }

    var text: String {
        JSONValue.object([
            .init("columns", .array(columns.map(JSONValue.string(orNull:)))), .init("match", .string(orNull: match)),
            .init("found", .string(found.rawValue)), .init("encoding", .string(orNull: reading.encoding?.rawValue)),
            .init("separator", .string(orNull: reading.separator?.rawValue)), .init("sheet", reading.sheet.map(JSONValue.int) ?? .null),
            .init("corrections", corrections.json),
        ]).text()
    }

    /// Nil if the text is none.
    init?(text: String) {
        guard let json = try? JSONValue.parse(text), let columns = json["columns"]?.asArray, let found = json["found"]?.asString.flatMap(Found.init(rawValue:))
        else { return nil }
        self.init(columns: columns.map(\.asString), match: json["match"]?.asString, found: found)
        reading.encoding = json["encoding"]?.asString.flatMap(CSVFormat.Encoding.init(rawValue:))
        reading.separator = json["separator"]?.asString.flatMap(CSVFormat.Separator.init(rawValue:))
        reading.sheet = json["sheet"]?.asInt
        corrections = ImportCorrections(json: json["corrections"])
    }
}
