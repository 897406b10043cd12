/// What a workbook (ECMA-376, SpreadsheetML) says before its rows: sheets, styles, the day it counts from.
struct XLSXBook {
    struct Sheet {
        let name: String
        let part: String
    }

    /// Bytes of everything but the rows; a book with a thousand styles has some hundred kilobytes.
    private static let mostPartBytes: Int64 = 32 << 20
    private static let mostSheetBytes: Int64 = 16 << 30
    private static let mostSheets = 1_000
    private static let mostStyles = 100_000

    private let archive: ZipArchive
    private let texts: String?
    private let styles: [NumberFormat]
    private let countsFrom1904: Bool
    /// The visible ones, in their order.
    let sheets: [Sheet]

    init(_ file: FileBytes) throws(TableTrouble) {
        archive = try ZipArchive(file)
        let links = try Self.relations("_rels/.rels", in: archive)
        guard let book = links.first(where: { $0.kind.hasSuffix("/officeDocument") })?.target ?? (archive.has("xl/workbook.xml") ? "xl/workbook.xml" : nil),
            let part = try archive.open(book, mostBytes: Self.mostPartBytes)
        else { throw TableTrouble(zh: "这个压缩包不是 Excel 工作簿（.xlsx）", en: "this archive is no Excel workbook (.xlsx)") }
        let folder = book.lastIndex(of: "/").map { String(book[...$0]) } ?? ""
        let parts = try Self.relations(folder + "_rels/" + book.dropFirst(folder.count) + ".rels", in: archive, folder: folder)
        var sheets: [Sheet] = []
        var countsFrom1904 = false
        let xml = XMLReader(part)
        reading: while true {
            switch try xml.next() {
            case .done: break reading
            case .start:
                if xml.isNamed("workbookPr") { countsFrom1904 = ["1", "true"].contains(xml.string("date1904")) }
                if xml.isNamed("sheet"), xml.depth == 3, let name = xml.string("name"), let id = xml.string("id") {
                    let state = xml.string("state")
                    guard state == nil || state == "visible" else { continue }
                    // A sheet of charts has another kind of part.
                    guard let target = parts.first(where: { $0.id == id && $0.kind.hasSuffix("/worksheet") })?.target, archive.has(target) else { continue }
                    guard sheets.count < Self.mostSheets else { throw ZipArchive.damaged }
                    sheets.append(Sheet(name: name, part: target))
                }
            case .end, .text: continue
            }
        }
        guard !sheets.isEmpty else { throw TableTrouble(zh: "工作簿里没有可见的工作表", en: "the workbook has no visible sheet") }
        self.sheets = sheets
        self.countsFrom1904 = countsFrom1904
        texts = parts.first { $0.kind.hasSuffix("/sharedStrings") }?.target
        if let link = parts.first(where: { $0.kind.hasSuffix("/styles") }) { styles = try Self.styles(link.target, in: archive) } else { styles = [] }
    }

    func rows(of sheet: Int) throws(TableTrouble) -> XLSXRows {
        guard sheets.indices.contains(sheet), let part = try archive.open(sheets[sheet].part, mostBytes: Self.mostSheetBytes) else { throw ZipArchive.damaged }
        var shared = SharedTexts()
        if let texts, let part = try archive.open(texts, mostBytes: SharedTexts.mostPartBytes) { shared = try SharedTexts(part) }
        return XLSXRows(part, texts: shared, styles: styles, countsFrom1904: countsFrom1904)
    }

    // MARK: Relations between parts

    private struct Relation {
        let id: String
        let kind: String
        let target: String
    }

    private static func relations(_ name: String, in archive: ZipArchive, folder: String = "") throws(TableTrouble) -> [Relation] {
        guard let part = try archive.open(name, mostBytes: mostPartBytes) else { return [] }
        let xml = XMLReader(part)
        var relations: [Relation] = []
        while true {
            switch try xml.next() {
            case .done: return relations
            case .start:
                guard xml.isNamed("Relationship"), xml.string("TargetMode") != "External", let id = xml.string("Id"), let kind = xml.string("Type"),
                    let target = xml.string("Target"), relations.count < 10_000
                else { continue }
                relations.append(Relation(id: id, kind: kind, target: resolved(target, in: folder)))
            case .end, .text: continue
            }
        }
    }

    /// The part's name: a target begins at the archive's root or at the folder of the part that names it.
    private static func resolved(_ target: String, in folder: String) -> String {
        guard !target.hasPrefix("/") else { return String(target.dropFirst()) }
        var steps = folder.split(separator: "/").map(String.init)
        for step in target.split(separator: "/") {
            switch step {
            case ".": continue
            case "..": _ = steps.popLast()
            default: steps.append(String(step))
            }
        }
        return steps.joined(separator: "/")
    }

    // MARK: Styles

    /// For each style of a cell how its number is to be read.
    private static func styles(_ name: String, in archive: ZipArchive) throws(TableTrouble) -> [NumberFormat] {
        guard let part = try archive.open(name, mostBytes: mostPartBytes) else { return [] }
        let xml = XMLReader(part)
        var codes: [Int: String] = [:]
        var formats: [Int] = []
        var isInCells = false
        reading: while true {
            switch try xml.next() {
            case .done: break reading
            case .start:
                if xml.isNamed("numFmt"), let id = xml.int("numFmtId"), let code = xml.string("formatCode"), codes.count < mostStyles { codes[id] = code }
                if xml.isNamed("cellXfs") { isInCells = true }
                if isInCells, xml.isNamed("xf") {
                    guard formats.count < mostStyles else { throw ZipArchive.damaged }
                    formats.append(xml.int("numFmtId") ?? 0)
                }
            case .end: if xml.isNamed("cellXfs") { isInCells = false }
            case .text: continue
            }
        }
        return formats.map { id in codes[id].map { NumberFormat(code: $0) } ?? NumberFormat(builtIn: id) }
    }
}
