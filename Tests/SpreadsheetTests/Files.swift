import Foundation
import Synchronization

@testable import Spreadsheet

/// A file that is gone when the test is.
final class ScratchFile {
    let path: String

    init(_ bytes: [UInt8]) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("weir-table-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func rows() throws -> [TableRow] {
        let rows = try TableFile(path: path).rows()
        var all: [TableRow] = []
        while let row = try rows.next() { all.append(row) }
        return all
    }
}

/// What a writer has written.
final class Written {
    private(set) var bytes: [UInt8] = []
    func take(_ more: [UInt8]) { bytes += more }
}

/// A zip file of parts that are written as they are given.
func zip(_ parts: [(String, String)]) throws -> [UInt8] {
    let written = Written()
    let zip = ZipWriter { written.take($0) }
    for (name, content) in parts { try zip.add(name, content) }
    try zip.finish()
    return written.bytes
}

/// The parts of a workbook with one sheet.
func book(sheet: String, texts: String? = nil, workbook: String? = nil, styles: String? = nil) throws -> [UInt8] {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    var parts = [
        ("_rels/.rels", "<Relationships><Relationship Id='a' Type='\(office)/officeDocument' Target='xl/workbook.xml'/></Relationships>"),
        ("xl/workbook.xml", workbook ?? "<workbook><sheets><sheet name='A' sheetId='1' r:id='r1'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", """
            <Relationships><Relationship Id='r1' Type='\(office)/worksheet' Target='worksheets/one.xml'/>\
            <Relationship Id='r2' Type='\(office)/sharedStrings' Target='/xl/texts.xml'/><Relationship Id='r3' Type='\(office)/styles' Target='styles.xml'/></Relationships>
            """),
        ("xl/worksheets/one.xml", sheet),
    ]
    if let texts { parts.append(("xl/texts.xml", texts)) }
    if let styles { parts.append(("xl/styles.xml", styles)) }
    return try zip(parts)
}
