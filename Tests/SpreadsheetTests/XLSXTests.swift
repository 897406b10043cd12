import Foundation
import SourceText
import Testing

@testable import Spreadsheet

@Suite struct XLSXTests {
    private var workbooks: String { URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Workbooks").path }

    @Test func aBookOfAnotherProgram() throws {
        let file = try TableFile(path: workbooks + "/openpyxl.xlsx")
        #expect(file.format == .workbook(sheets: ["名单", "第二"], sheet: 0))
        #expect(file.header == ["姓名", "预算", "成交率", "日期", "时刻", "热门", "公式", "备注", "编号"])
        let rows = try file.rows()
        // Formulas that no program has calculated have no value.
        #expect(try rows.next() == TableRow(line: 2, cells: ["张三", "1234.5", "12.5%", "2025-03-01", "2025-03-01 09:30:05", "TRUE", "", " a & <b> ", "13800138000"]))
        #expect(try rows.next() == TableRow(line: 3, cells: ["李四", "0.3", "120%", "2024-02-29", "09:30", "FALSE", "", "两\n行", "0.0000001"]))
        #expect(try rows.next() == TableRow(line: 5, cells: ["王五", "-42", "", "1900-01-31", "26:30:00", "", "#N/A", "=SUM(1)", "123456789012346000"], faults: [6]))
        #expect(try rows.next() == nil)
        let second = try TableFile(path: workbooks + "/openpyxl.xlsx", reading: .init(sheet: 1))
        #expect(try second.header == ["a", "b"] && second.rows().next()?.cells == ["1", "2"])
        #expect(throws: TableTrouble.self) { try TableFile(path: workbooks + "/openpyxl.xlsx", reading: .init(sheet: 2)) }
    }

    @Test func whatIsWrittenReadsBackTheSame() throws {
        let written = Written()
        let writer = try XLSXWriter(sheet: "线索/[1]", header: ["a", "b", "c", "d", "e", "f", "g"]) { written.take($0) }
        try writer.append([.text("=1+1"), .number("-42.5"), .percent("0.125"), .bool(true), .day(20_513), .moment(day: 20_513, second: 34_205), .text("_x000D_\r\u{1}")])
        try writer.append([.empty, .number("12345678901234567.89"), .empty, .bool(false), .day(-30_000), .moment(day: 0, second: 86_399), .text(" <&>\"'\n ")])
        try writer.finish()
        let file = try ScratchFile(written.bytes)
        #expect(try TableFile(path: file.path).format == .workbook(sheets: ["线索1"], sheet: 0))
        #expect(try file.rows().map(\.cells) == [
            ["=1+1", "-42.5", "12.5%", "TRUE", "2026-03-01", "2026-03-01 09:30:05", "_x000D_\r\u{1}"],
            ["", "12345678901234567.89", "", "FALSE", "1887-11-12", "1970-01-01 23:59:59", " <&>\"'\n "],
        ])
    }

    @Test func aFullSheetGoesOnInTheNext() throws {
        let written = Written()
        let writer = try XLSXWriter(sheet: "S", header: ["n"], rowsPerSheet: 3) { written.take($0) }
        for number in 1...5 { try writer.append([.number(String(number))]) }
        try writer.finish()
        let file = try ScratchFile(written.bytes)
        #expect(try TableFile(path: file.path).format == .workbook(sheets: ["S", "S 2", "S 3"], sheet: 0))
        let last = try TableFile(path: file.path, reading: .init(sheet: 2))
        #expect(try last.header == ["n"] && last.rows().next()?.cells == ["5"])
    }

    @Test func everySecondOfADayReadsBack() throws {
        for second in stride(from: 0, to: 86_400, by: 7) {
            let serial = SerialDay.serial(day: 20_513, second: second)
            let text = NumberFormat.datetime.text(of: serial, countsFrom1904: false)
            let clock = String(format: "%02d:%02d", second / 3600, second / 60 % 60) + (second % 60 == 0 ? "" : String(format: ":%02d", second % 60))
            #expect(text == (second == 0 ? "2026-03-01" : "2026-03-01 " + clock))
        }
    }

    @Test(arguments: [
        ("yyyy-mm-dd", NumberFormat.date), ("m/d/yy h:mm", .datetime), ("[h]:mm:ss", .elapsed), ("mm:ss", .time), ("h:mm AM/PM", .time), ("0.00%", .percent),
        ("#,##0.00_);[Red](#,##0.00)", .plain), ("General", .plain), ("\"day\" 0", .plain), ("yyyy\"年\"m\"月\"", .date), ("[$-804]aaaa", .date), ("0.00E+00", .plain),
        ("[Red]0;yyyy", .plain), ("mmm", .date), ("\\d0", .plain),
    ])
    func formatsByTheirCode(code: String, wanted: NumberFormat) {
        #expect(NumberFormat(code: code) == wanted)
    }

    @Test(arguments: [
        ("0.1", "0.1"), ("0.30000000000000004", "0.3"), ("1E-3", "0.001"), ("1.5e+20", "150000000000000000000"), ("-2.5E2", "-250"), ("13800138000", "13800138000"),
        ("123456789012345678", "123456789012345678"), ("1234567.8900000001", "1234567.89"), ("0", "0"), ("0e0", "0"), ("99999999999999.995", "100000000000000"),
    ])
    func numbersWithoutNoise(number: String, wanted: String) {
        #expect(NumberFormat.digits(number) == wanted)
    }

    @Test func sharedRichAndMissingReferences() throws {
        let bytes = try book(
            sheet: """
                <?xml version="1.0"?><x:worksheet xmlns:x="m"><x:cols><x:col/></x:cols><x:sheetData><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t='s'><x:v>1</x:v></x:c></x:row>\
                <x:row r="9"><x:c r="B9" t="str"><x:f>A1&amp;"x"</x:f><x:v>ab&#x4E2D;<![CDATA[<&>]]></x:v></x:c><x:c t="e"><x:v>#DIV/0!</x:v></x:c></x:row></x:sheetData>\
                <x:extra/></x:worksheet>
                """,
            texts: "<sst><si><t>甲</t></si><si><r><rPr><b/></rPr><t>乙</t></r><rPh><t>yi</t></rPh><r><t xml:space='preserve'> _x4E2D__</t></r></si></sst>")
        let file = try ScratchFile(bytes)
        #expect(try TableFile(path: file.path).header == ["甲", "乙 中_"])
        #expect(try file.rows() == [TableRow(line: 9, cells: ["", "ab中<&>", "#DIV/0!"], faults: [2])])
    }

    @Test func daysCountedFrom1904() throws {
        let bytes = try book(
            sheet: "<worksheet><sheetData><row><c><v>1</v></c></row><row><c s='1'><v>44620</v></c></row></sheetData></worksheet>",
            workbook: "<workbook><workbookPr date1904='1'/><sheets><sheet name='A' r:id='r1'/></sheets></workbook>",
            styles: "<styleSheet><cellStyleXfs><xf numFmtId='9'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>")
        #expect(try ScratchFile(bytes).rows().map(\.cells) == [["2026-03-01"]])
    }
}

@Suite struct HostileWorkbookTests {
    private func trouble(_ bytes: [UInt8]) throws -> String {
        let file = try ScratchFile(bytes)
        do {
            _ = try file.rows()
            return "none"
        } catch let trouble as TableTrouble {
            return trouble.words.en
        }
    }

    private func sheet(_ content: String) -> String { "<worksheet><sheetData>\(content)</sheetData></worksheet>" }

    @Test func entitiesAndDeclarationsAreRefused() throws {
        let laughs = "<!DOCTYPE w [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>"
        #expect(try trouble(book(sheet: laughs + sheet("<row><c t='str'><v>&b;</v></c></row>"))).contains("declares a document type"))
        #expect(try trouble(book(sheet: sheet("<row><c t='str'><v>&b;</v></c></row>"))).contains("malformed"))
        #expect(try trouble(book(sheet: sheet("<row><c t='str'><v>&#0;</v></c></row>"))).contains("malformed"))
        #expect(try trouble(book(sheet: sheet("<row><c t='str'><v>&#xD800;</v></c></row>"))).contains("malformed"))
    }

    @Test func whatSwellsIsStopped() throws {
        let written = Written()
        let zip = ZipWriter { written.take($0) }
        for (name, content) in [
            ("_rels/.rels", ""), ("xl/workbook.xml", "<workbook><sheets><sheet name='A' r:id='r1'/></sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='r1' Type='/worksheet' Target='s.xml'/></Relationships>"),
        ] where !content.isEmpty { try zip.add(name, content) }
        try zip.begin("xl/s.xml")
        try zip.append(Array("<worksheet><sheetData><row><c><v>1</v></c></row>".utf8))
        let rows = Array(String(repeating: "<row></row>    ", count: 70_000).utf8)
        for _ in 0..<80 { try zip.append(rows) }
        try zip.append(Array("</sheetData></worksheet>".utf8))
        try zip.end()
        try zip.finish()
        #expect(written.bytes.count < 1 << 20)
        #expect(try trouble(written.bytes).contains("swells"))
    }

    @Test func depthWidthAndIndicesAreBounded() throws {
        let deep = String(repeating: "<a>", count: 200)
        #expect(try trouble(book(sheet: deep)).contains("malformed"))
        #expect(try trouble(book(sheet: sheet("<row><c r='ZZZ1'><v>1</v></c></row>"))).contains("too many columns"))
        #expect(try trouble(book(sheet: sheet("<row><c r='ZZZZZZZZZZZZZZ1'><v>1</v></c></row>"))).contains("too many columns"))
        #expect(try trouble(book(sheet: sheet("<row><c t='s'><v>7</v></c></row>"))).contains("damaged"))
        #expect(try trouble(book(sheet: sheet("<row><c t='s'><v>-1</v></c></row>"))).contains("damaged"))
        #expect(try trouble(book(sheet: sheet("<row><c t='str'><v>\(String(repeating: "x", count: 1_100_000))</v></c></row>"))).contains("1 MB"))
        #expect(try trouble(book(sheet: sheet("<row><c s='99999999'><v>1</v></c></row><row><c s='-3'><v>nan</v></c></row>"))) == "none")
        #expect(try trouble(book(sheet: sheet("<row r='99999999999999999999999'><c><v>1</v></c></row>"))) == "none")
    }

    @Test func tagsThatDoNotMatchAreRefused() throws {
        for content in ["<row><c><v>1</c></v></row>", "<row><c", "<row x=1/>", "<row x='&'/>", "<row/><!-- ", "<row a='<'/>", "</row>", "<row><c><v>1</v></c></row></sheetData></worksheet><again>"] {
            let found = try trouble(book(sheet: sheet(content)))
            // Behind the rows nothing is read.
            #expect(found.contains("malformed") || found.contains("empty") || content.hasSuffix("<again>") && found == "none", "\(content): \(found)")
        }
    }

    @Test func archivesThatAreNone() throws {
        let whole = try book(sheet: sheet("<row><c><v>1</v></c></row><row><c><v>2</v></c></row>"))
        #expect(try trouble(whole) == "none")
        #expect(try trouble([0x50, 0x4B, 3, 4, 0]).contains("damaged"))
        #expect(try trouble(zip([("a.txt", "x")])).contains("no Excel workbook"))
        #expect(try trouble(zip([("xl/workbook.xml", "<a/>"), ("xl/workbook.xml", "<b/>")])).contains("damaged"))
        #expect(try trouble(zip([("xl/workbook.xml", "<workbook><sheets/></workbook>")])).contains("no visible sheet"))
        // Cut anywhere, and every byte of it wrong in turn: words, never a trap.
        for length in stride(from: 4, to: whole.count, by: 7) { _ = try trouble(Array(whole[..<length])) }
        for index in stride(from: 4, to: whole.count, by: 3) {
            var damaged = whole
            damaged[index] ^= 0xFF
            _ = try trouble(damaged)
            damaged[index] = 0xFF
            _ = try trouble(damaged)
        }
    }

    @Test func aPasswordIsSaid() throws {
        var bytes = try zip([("xl/workbook.xml", "<a/>")])
        let directory = try #require(bytes.indices.dropLast(3).last { bytes.little32(at: $0) == 0x0201_4B50 })
        bytes[directory + 8] |= 1
        #expect(try trouble(bytes).contains("password"))
    }
}
