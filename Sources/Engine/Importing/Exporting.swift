package import Formula
package import SourceText
package import Storage

extension Engine {
    /// Records as CSV (RFC 4180, UTF-8 with BOM): a header of field names, then a line per record as `write` is called.
    ///
    /// Text cells that a spreadsheet would take for a formula are neutralised with a leading `'`.
    package func exportCSV(
        _ request: ListRequest, fields: [FieldID]? = nil, language: Language, as principal: Principal,
        write: @Sendable ([UInt8]) throws -> Void
    ) async throws {
        throw StoreError.other("not built")
    }

    /// Loads `data/*.csv` of an app folder as demo records, once: a data folder that has them already is left alone.
    ///
    /// - Returns: How many records were made, and for each file the rows that were refused.
    package func loadDemo(files: [(name: String, bytes: [UInt8])]) async throws -> DemoReport {
        throw StoreError.other("not built")
    }
}

/// What became of an app's demo data.
package struct DemoReport: Sendable {
    package var alreadyLoaded = false
    package var created = 0
    package var trouble: [Trouble] = []

    package struct Trouble: Sendable {
        package let file: String
        /// 1-based; nil for the file as a whole.
        package let line: Int?
        package let words: Words

        package init(file: String, line: Int?, words: Words) {
            self.file = file
            self.line = line
            self.words = words
        }
    }

    package init() {}
}
