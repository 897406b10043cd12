import Engine
import Formula
import JSON
import Model
import Program
import SourceText
import Storage
import Testing

@Suite struct ReadingTests {
    private let yaml = """
        app: { name: reading, version: 1.0.0, timezone: Asia/Shanghai }
        objects:
          place: { shows: "{name}", fields: { name: { type: text, unique: yes }, visits: { formula: count(trips) } } }
          trip:
            shows: "{place} {at}"
            fields:
              place: { type: link, to: place, as: trips }
              at: datetime
              day: date
              took: duration
              cost: { type: money }
              part: { type: number, decimals: 6 }
              rate: { type: percent }
              paid: bool
              kind: { type: choice, options: { work: 公务, fun: 游玩 } }
              with: { type: choices, options: { a: 甲, b: 乙 } }
              words: tags
              per: { formula: cost / part }
              ago: { formula: "date_of(now()) - day" }
              late: { formula: ago > 3 }
        """

    @Test func everyTypeAsJSON() async throws {
        let bench = try Bench(yaml, at: "2026-03-02 09:00")
        try await bench.make("place", #"{"name":"杭州"}"#)
        let trip = try await bench.make("trip", """
            {"place":{"id":"place/1"},"at":"2026-03-01T09:30:00+08:00","day":"2026-02-27","took":5400.25,"cost":12345678901234.56,"part":0.000001,
             "rate":"12.5%","paid":"是","kind":"公务","with":["b","a"],"words":["x","y"]}
            """)
        let view = try #require(try await bench.engine.record(trip, as: .system))
        let json = RecordJSON(app: bench.engine.app, language: .zh).record(view.rows[0], titles: view.titles)
        #expect(json["id"] == "trip/1" && json["version"] == 1)
        let fields = try #require(json["fields"])
        #expect(fields["created"] == "2026-03-02T01:00:00Z")
        #expect(fields["created_by"] == .null)
        #expect(fields["place"]?.text() == #"{"id":"place/1","label":"杭州"}"#)
        #expect(fields["at"] == "2026-03-01T01:30:00Z" && fields["day"] == "2026-02-27")
        #expect(fields["took"] == .number("5400.25") && fields["cost"] == .number("12345678901234.56") && fields["part"] == .number("0.000001"))
        #expect(fields["rate"] == .number("0.125") && fields["paid"] == true && fields["kind"] == "work")
        #expect(fields["with"]?.text() == #"["a","b"]"# && fields["words"]?.text() == #"["x","y"]"#)
        #expect(fields["per"]?.text() == #"{"error":{"code":"OVERFLOW","message":"数值过大"}}"#)
        // What reads the clock is computed when it is read.
        #expect(fields["ago"] == .number("3") && fields["late"] == false)
        bench.clock.advance(seconds: 86_400)
        #expect(try await bench.read(trip, "ago", "late") == ["4", "true"])
        #expect(view.titles[trip] == "杭州 2026-03-01 09:30")
        // Blank is null, and null is blank again.
        #expect(try await bench.edit(trip, #"{"place":null,"at":null,"took":null,"cost":null,"rate":"","paid":null,"kind":null,"with":[],"words":null}"#).brief(bench.model) == "saved")
        #expect(try await bench.read(trip, "place", "at", "took", "cost", "rate", "paid", "kind", "with", "words") == Array(repeating: "null", count: 9))
    }

    /// Of many records the database goes over their children; of one they are read.
    @Test func whatIsComputedOnReadIsTheSameOfOneAndOfMany() async throws {
        let bench = try Bench("""
            app: { name: reading, timezone: Asia/Shanghai }
            objects:
              place:
                shows: "{name}"
                fields:
                  name: text
                  limit: { type: number, decimals: 0 }
                  open: { formula: count(trips where day >= today()) }
                  late: { formula: count(trips where late) }
                  most: { formula: "max(trips where day < today(), cost)" }
                  mean: { formula: "average(trips where day <= today(), cost)" }
                  last: { formula: "max(trips where at <= now(), at)" }
                  full: { formula: open >= limit }
                  share: { formula: cost / open }
                  names: { formula: "join(trips where late, name, ', ')" }
                  cost: { formula: "sum(trips where at <= now(), cost)" }
                  since: { formula: "now() - last" }
                  far: { formula: "any(place where limit > 100 and id <> 1, open > 0)" }
              trip: { fields: { name: text, place: { type: link, to: place, as: trips }, day: date, at: datetime, cost: money, late: { formula: day < today() - 3 } } }
            """, at: "2026-03-10 09:00")
        for place in 1...24 {
            let made = try await bench.make("place", #"{"name":"p\#(place)","limit":\#(place % 4 == 0 ? "null" : "\(place % 3)")}"#)
            for trip in 0..<(place % 7) {
                let day = 4 + (place * 5 + trip * 3) % 12
                try await bench.make("trip", #"""
                    {"name":"t\#(trip)","place":"place/\#(made.number)","day":\#(trip == 5 ? "null" : "\"2026-03-\(day < 10 ? "0" : "")\(day)\""),"at":"2026-03-\#(day < 10 ? "0" : "")\#(day)T0\#(trip):00:00Z","cost":\#(trip == 4 ? "null" : "\(place).\(trip)5")}
                    """#)
            }
        }
        let place = try bench.object("place")
        let computed = place.fields.filter { $0.computed != nil }.map(\.id)
        let many = try await bench.engine.list(ListRequest(object: place.id, limit: 100), as: .system).rows
        #expect(many.count == 24)
        var seen: [FieldID: Set<Value>] = [:]
        for row in many {
            let one = try #require(try await bench.engine.record(row.id, as: .system)?.rows.first)
            for field in computed {
                #expect(row[field] == one[field], "\(bench.model[field].name) of \(row.id.number)")
                seen[field, default: []].insert(row[field])
            }
        }
        for field in computed { #expect(seen[field, default: []].count > 1 || bench.model[field].name == "far", "\(bench.model[field].name) is the same everywhere") }
    }

    /// What is on the way to be written counts, also where the database would be asked.
    @Test func whatIsNotWrittenYetIsSeenByFieldsComputedOnRead() async throws {
        let bench = try Bench("""
            app: { name: reading, timezone: Asia/Shanghai }
            objects:
              place: { shows: "{name}", fields: { name: text, busy: { formula: count(trips where day >= today()) } } }
              trip:
                fields: { goal: { type: link, to: place, as: trips }, day: date }
                rules: { few: { must: "sum(place, busy) <= 12" } }
            """, at: "2026-03-10 09:00")
        for place in 1...12 { try await bench.make("place", #"{"name":"p\#(place)"}"#) }
        for place in 1...12 { try await bench.make("trip", #"{"goal":"p\#(place)","day":"2026-03-11"}"#) }
        #expect(try await bench.create("trip", #"{"goal":"p12","day":"2026-03-11"}"#).brief(bench.model) == "refused rule:few")
        #expect(try await bench.create("trip", #"{"goal":"p12","day":"2026-03-09"}"#).brief(bench.model) == "saved")
    }

    @Test func whatCannotBeRead() async throws {
        let bench = try Bench(yaml)
        let outcome = try await bench.create("trip", """
            {"place":"nowhere","at":"yesterday","day":true,"took":"90","cost":"a lot","rate":15,"paid":1,"kind":"war","with":["a","z"],"words":[1],"x":1}
            """)
        #expect(
            outcome.brief(bench.model)
                == "refused unknown_record:place unreadable:at unreadable:day unreadable:took unreadable:cost unreadable:paid unreadable:kind unreadable:with unreadable:words unknown_field:")
    }

    @Test func linksByIdUniqueValueTitleOrNumber() async throws {
        let bench = try Bench(yaml)
        let place = try bench.object("place").id
        let one = try await bench.make("place", #"{"name":"杭州"}"#)
        let two = try await bench.make("place", #"{"name":"2"}"#)
        #expect(try await bench.engine.resolveLink("place/1", to: [place]) == .one(one))
        #expect(try await bench.engine.resolveLink(" 杭州 ", to: [place]) == .one(one))
        #expect(try await bench.engine.resolveLink("place/杭州", to: [place, try bench.object("trip").id]) == .one(one))
        // A name wins over a number.
        #expect(try await bench.engine.resolveLink("2", to: [place]) == .one(two))
        #expect(try await bench.engine.resolveLink("1", to: [place]) == .one(one))
        #expect(try await bench.engine.resolveLink("place/9", to: [place]) == .none)
        #expect(try await bench.engine.resolveLink("trip/1", to: [place]) == .none)
    }

    @Test func listsFilteredSortedAndPaged() async throws {
        let bench = try Bench(yaml)
        for number in 1...7 { try await bench.make("place", #"{"name":"p\#(number)"}"#) }
        for number in 1...7 {
            try await bench.make("trip", #"{"place":"p\#(number)","cost":\#(number * 10 % 40),"kind":"\#(number % 2 == 0 ? "work" : "fun")"}"#)
        }
        let trip = try bench.object("trip").id, cost = try bench.field("trip", "cost").id
        guard case .ready(let condition) = bench.engine.condition("cost > 0 and kind = 'fun'", on: trip) else {
            Issue.record("the condition is right")
            return
        }
        var request = ListRequest(object: trip, condition: condition, sort: [.init(field: cost, descending: true)], limit: 2)
        let first = try await bench.engine.list(request, as: .system)
        #expect(first.rows.map(\.id.number) == [7, 3] && first.total == 4)
        let text = try #require(first.next?.text)
        #expect(text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        request.after = RecordQuery.Cursor(text: text)
        #expect(request.after == first.next)
        let second = try await bench.engine.list(request, as: .system)
        #expect(Set(first.rows.map(\.id.number) + second.rows.map(\.id.number)) == [1, 3, 5, 7] && second.rows.count == 2)
        #expect(first.titles.values.contains("p7"))
        #expect(RecordJSON(app: bench.engine.app, language: .en).list(second)["next"] == .null)
        for wrong in ["", "!", "bm9wZQ", String(repeating: "A", count: 70_000)] { #expect(RecordQuery.Cursor(text: wrong) == nil) }
    }

    @Test func aConditionThatIsWrongSaysWhere() throws {
        let bench = try Bench(yaml)
        guard case .wrong(let sources, let found) = bench.engine.condition("cots > 5", on: try bench.object("trip").id) else {
            Issue.record("there is no field cots")
            return
        }
        let diagnostic = try #require(found.found.first)
        #expect(sources[diagnostic.span.file].text(of: diagnostic.span) == "cots")
        #expect(diagnostic.hint?.en.contains("cost") == true)
    }

    @Test func childrenNewestFirst() async throws {
        let bench = try Bench(yaml)
        let place = try await bench.make("place", #"{"name":"a"}"#)
        for _ in 0..<3 { try await bench.make("trip", #"{"place":"a"}"#) }
        let view = try await bench.engine.children(of: place, via: try bench.field("trip", "place").id, limit: 2, as: .system)
        #expect(view.rows.map(\.id.number) == [3, 2] && view.total == 3)
    }
}
