import Engine
import Formula
import Foundation
import JSON
import Model
import Program
import SourceText
import Storage
import Synchronization
import Testing

/// Links to many, links to several objects, files, places and numbers with check digits, through every door of the engine.
@Suite struct LinkShapesTests {
    private let yaml = """
        app: { name: shapes, version: 1.0.0, timezone: Asia/Shanghai }
        objects:
          lead:
            shows: "{name}"
            fields:
              name:  { type: text, unique: yes }
              score: { type: number, decimals: 0 }
              grade: { type: choice, options: [C, B, A] }
          account:
            shows: "{name}"
            fields:
              name:   { type: text, unique: yes }
              credit: { type: uscc, unique: yes }
              person: cn_id
              site:   address
              place:  location
              grade:  { type: choice, options: [C, B, A] }
              spent:  { formula: sum(visits.cost) }
              offers_open: { formula: count(offers where not closed) }
          product:
            shows: "{name}"
            fields:
              name:   { type: text, unique: yes }
              price:  money
              sold:   { formula: sum(offers.total) }
              offers_count: { formula: count(offers) }
          offer:
            shows: "{title}"
            fields:
              title:    text
              closed:   bool
              account:  { type: link, to: account, as: offers }
              products: { type: links, to: product, as: offers, required: yes }
              papers:   files
              main:     { type: link, to: product }
              total:    { formula: sum(products.price) }
              dear:     { formula: exists(products where price > 100) }
              fits:     { formula: main in products }
              names:    { formula: "join(products.name, '、')" }
          visit:
            fields:
              host:  { type: link, to: [lead, account], as: visits }
              cost:  money
              whose: { formula: host.name }
              worth: { formula: "if(host is lead, host.score, 0)" }
              good:  { formula: host is account and host.grade >= 'B' }
        """

    private func filled() async throws -> Bench {
        let bench = try Bench(yaml)
        try await bench.make("product", #"{"name":"甲","price":100}"#)
        try await bench.make("product", #"{"name":"乙；乙","price":250}"#)
        try await bench.make("product", #"{"name":"丙","price":40}"#)
        try await bench.make("lead", #"{"name":"张","score":70,"grade":"A"}"#)
        try await bench.make("account", #"{"name":"华芯","grade":"B"}"#)
        return bench
    }

    private func numbers(_ bench: Bench, _ object: String, where text: String) async throws -> [Int64] {
        let id = try bench.object(object).id
        guard case .ready(let condition) = bench.engine.condition(text, on: id) else { throw Surprise(outcome: "no condition: \(text)") }
        return try await bench.engine.list(ListRequest(object: id, condition: condition), as: .system).rows.map(\.id.number)
    }

    @Test func listsAreTakenInEverySpellingAndKeepTheirOrder() async throws {
        let bench = try await filled()
        let offer = try await bench.make("offer", #"{"title":"一","products":["乙；乙",{"id":"product/1"},"product/3","甲"]}"#)
        #expect(try await bench.read(offer, "products", "total", "dear", "names") == [
            #"[{"id":"product/2","label":"乙；乙"},{"id":"product/1","label":"甲"},{"id":"product/3","label":"丙"}]"#, "390", "true", #""甲、乙；乙、丙""#,
        ])
        try await bench.edit(offer, #"{"products":"甲；丙"}"#)
        #expect(try await bench.read(offer, "total", "dear") == ["140", "false"])
        // A title with a separator in it is one record.
        try await bench.edit(offer, #"{"products":"乙；乙","main":"乙；乙"}"#)
        #expect(try await bench.read(offer, "total", "fits") == ["250", "true"])
        try await bench.edit(offer, #"{"products":[2,1]}"#)
        #expect(try await bench.read(offer, "total") == ["350"])
        #expect(try await bench.edit(offer, #"{"products":["甲","丁"]}"#).brief(bench.model) == "refused unknown_record:products")
        #expect(try await bench.edit(offer, #"{"products":[]}"#).brief(bench.model) == "refused required:products")
        #expect(try await bench.edit(offer, #"{"products":[true]}"#).brief(bench.model) == "refused unreadable:products")
    }

    @Test func formulasFollowFromBothSides() async throws {
        let bench = try await filled()
        let first = RecordID(object: try bench.object("product").id, number: 1)
        let second = RecordID(object: first.object, number: 2)
        let offer = try await bench.make("offer", #"{"title":"一","products":["甲"],"account":"华芯"}"#)
        #expect(try await bench.read(first, "sold", "offers_count") == ["100", "1"])
        try await bench.edit(offer, #"{"products":["甲","product/2"]}"#)
        #expect(try await bench.read(first, "sold") == ["350"])
        #expect(try await bench.read(second, "sold", "offers_count") == ["350", "1"])
        try await bench.edit(second, #"{"price":50}"#)
        #expect(try await bench.read(offer, "total", "dear") == ["150", "false"])
        #expect(try await bench.read(first, "sold") == ["150"])
        try await bench.edit(offer, #"{"products":["product/2"]}"#)
        #expect(try await bench.read(first, "sold", "offers_count") == ["0", "0"])
        let history = try await bench.engine.history(of: offer, limit: 20, before: nil)
        let products = try bench.field("offer", "products").id
        #expect(history.contains { $0.changes.contains { $0.field == products && $0.old == .links([first, second]) && $0.new == .links([second]) } })
    }

    @Test func deletedRecordsLeaveTheirLists() async throws {
        let bench = try await filled()
        let products = try bench.object("product").id
        let offer = try await bench.make("offer", #"{"title":"一","products":["product/1","product/2","product/3"]}"#)
        let single = try await bench.make("offer", #"{"title":"二","products":["product/3"]}"#)
        #expect(try await bench.delete(RecordID(object: products, number: 2)).brief(bench.model) == "saved")
        #expect(try await bench.read(offer, "total", "names") == ["140", #""甲、丙""#])
        // The last one of a list that must be filled in holds.
        #expect(try await bench.delete(RecordID(object: products, number: 3)).brief(bench.model) == "refused in_use:")
        try await bench.delete(single)
        #expect(try await bench.delete(RecordID(object: products, number: 3)).brief(bench.model) == "saved")
        #expect(try await bench.read(offer, "products") == [#"[{"id":"product/1","label":"甲"}]"#])
        try await bench.delete(offer)
        #expect(try await bench.read(RecordID(object: products, number: 1), "sold", "offers_count") == ["0", "0"])
    }

    @Test func restoredRecordsComeBackIntoTheirLists() async throws {
        let bench = try await filled()
        let second = RecordID(object: try bench.object("product").id, number: 2)
        let offer = try await bench.make("offer", #"{"title":"一","products":["product/1","product/2","product/3"]}"#)
        let other = try await bench.make("offer", #"{"title":"二","products":["product/1","product/2"]}"#)
        try await bench.delete(second)
        try await bench.delete(other)
        _ = try await bench.engine.save(SaveCommand(.restore(second), by: .system))
        #expect(try await bench.read(offer, "total", "names") == ["390", #""甲、乙；乙、丙""#])
        #expect(try await bench.read(second, "offers_count", "sold") == ["1", "390"])
        _ = try await bench.engine.save(SaveCommand(.restore(other), by: .system))
        #expect(try await bench.read(other, "products", "total") == [#"[{"id":"product/1","label":"甲"},{"id":"product/2","label":"乙；乙"}]"#, "350"])
        #expect(try await bench.read(second, "offers_count", "sold") == ["2", "740"])
    }

    @Test func aLinkToSeveralObjects() async throws {
        let bench = try await filled()
        let account = RecordID(object: try bench.object("account").id, number: 1)
        let visit = try await bench.make("visit", #"{"host":"lead/张","cost":10}"#)
        #expect(try await bench.read(visit, "host", "whose", "worth", "good") == [#"{"id":"lead/1","label":"张"}"#, #""张""#, "70", "false"])
        try await bench.edit(RecordID(object: try bench.object("lead").id, number: 1), #"{"score":5,"name":"章"}"#)
        #expect(try await bench.read(visit, "whose", "worth") == [#""章""#, "5"])
        try await bench.edit(visit, #"{"host":"account/1"}"#)
        #expect(try await bench.read(visit, "whose", "worth", "good") == [#""华芯""#, "0", "true"])
        #expect(try await bench.read(account, "spent") == ["10"])
        try await bench.edit(account, #"{"grade":"C"}"#)
        #expect(try await bench.read(visit, "good") == ["false"])
        #expect(try await bench.edit(visit, #"{"host":"product/1"}"#).brief(bench.model) == "refused unknown_record:host")
        try await bench.delete(account)
        #expect(try await bench.read(visit, "host", "whose", "good") == ["null", "null", "false"])
    }

    @Test func filtersMeanTheSame() async throws {
        let bench = try await filled()
        try await bench.make("offer", #"{"title":"一","products":["product/1","product/2"],"main":"product/2"}"#)
        try await bench.make("offer", #"{"title":"二","products":["product/3"],"main":"product/1"}"#)
        try await bench.make("visit", #"{"host":"lead/1"}"#)
        try await bench.make("visit", #"{"host":"account/1"}"#)
        try await bench.make("visit", "{}")
        #expect(try await numbers(bench, "offer", where: "exists(products where price > 200)") == [1])
        #expect(try await numbers(bench, "offer", where: "sum(products.price) < 100") == [2])
        #expect(try await numbers(bench, "offer", where: "size(products) = 2") == [1])
        #expect(try await numbers(bench, "offer", where: "main in products") == [1])
        #expect(try await numbers(bench, "offer", where: "not (products contains main)") == [2])
        #expect(try await numbers(bench, "offer", where: "products is not blank and papers is blank") == [1, 2])
        #expect(try await numbers(bench, "product", where: "count(offers) = 1 and exists(offers where title = '一')") == [1, 2])
        #expect(try await numbers(bench, "visit", where: "host is lead") == [1])
        #expect(try await numbers(bench, "visit", where: "host is not lead") == [2, 3])
        #expect(try await numbers(bench, "visit", where: "host is account and host.grade >= 'B'") == [2])
        #expect(try await numbers(bench, "visit", where: "host.name = '张'") == [1])
        #expect(try await numbers(bench, "visit", where: "host is account and count(host.offers) = 0") == [2])
    }

    @Test func placesAndNumbers() async throws {
        let bench = try await filled()
        let account = try await bench.make("account", """
            {"name":"西湖","credit":" 91350100m000100y43 ","person":"11010519491231002x","site":"文三路 100 号\\r\\n杭州","place":{"latitude":30.2741,"longitude":120.1551}}
            """)
        #expect(try await bench.read(account, "credit", "person", "site", "place") == [
            #""91350100M000100Y43""#, #""11010519491231002X""#, #""文三路 100 号\n杭州""#, #"{"latitude":30.2741,"longitude":120.1551}"#,
        ])
        #expect(try await numbers(bench, "account", where: "credit is valid and place is not blank") == [2])
        try await bench.edit(account, #"{"place":"-33.8688, 151.2093"}"#)
        #expect(try await bench.read(account, "place") == [#"{"latitude":-33.8688,"longitude":151.2093}"#])
        let wrong = try await bench.create("account", #"{"name":"错","credit":"91350100M000100Y44","person":"110105194912310021","place":"95,0"}"#)
        #expect(wrong.brief(bench.model) == "refused unreadable:credit unreadable:person unreadable:place")
        #expect(try await bench.create("account", #"{"name":"同","credit":"91350100M000100Y43"}"#).brief(bench.model) == "refused not_unique:credit")
        // A record is found by its credit code.
        let offer = try await bench.make("offer", #"{"title":"一","products":["甲"],"account":"91350100M000100Y43"}"#)
        #expect(try await bench.read(offer, "account") == [#"{"id":"account/2","label":"西湖"}"#])
    }

    @Test func filesGoOutAndComeBack() async throws {
        let bench = try await filled()
        try await bench.make("offer", #"{"title":"一","products":["乙；乙","甲"]}"#)
        try await bench.make("account", #"{"name":"西湖","place":"-33.8688,151.2093","site":"甲路\n乙楼"}"#)
        let written = Sink()
        try await bench.engine.exportCSV(ListRequest(object: try bench.object("offer").id), language: .zh, as: .system) { written.take($0) }
        let text = String(decoding: written.bytes, as: UTF8.self)
        #expect(text.contains("product/2;甲"), "\(text)")
        let table = try bench.engine.readTable(Array("title,products\n三,丙;甲\n四,乙；乙\n五,丁\n".utf8))
        let report = try await bench.engine.importTable(table, into: try bench.object("offer").id, dryRun: false, as: .system)
        #expect(report.rows.count { if case .created = $0.fate { true } else { false } } == 2)
        #expect(try await numbers(bench, "offer", where: "sum(products.price) = 140 and title = '三'").count == 1)
        #expect(try await numbers(bench, "offer", where: "sum(products.price) = 250 and title = '四'").count == 1)
        let accounts = Sink()
        try await bench.engine.exportCSV(ListRequest(object: try bench.object("account").id), language: .zh, as: .system) { accounts.take($0) }
        #expect(String(decoding: accounts.bytes, as: UTF8.self).contains("\"-33.8688,151.2093\""))
    }
}

/// Takes what is written.
private final class Sink: Sendable {
    private let taken = Mutex<[UInt8]>([])

    var bytes: [UInt8] { taken.withLock { $0 } }
    func take(_ more: [UInt8]) { taken.withLock { $0 += more } }
}
