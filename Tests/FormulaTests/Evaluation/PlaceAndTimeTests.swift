import SourceText
import Testing

@testable import Formula

/// Distances, weights that shrink with time, and events one after another.
@Suite struct PlaceAndTimeTests {
    private func run(_ formula: String, _ inputs: [(name: String, type: FormulaType, value: Value)] = []) throws -> String {
        switch try FormulaRun.outcome(of: formula, inputs: inputs) {
        case .value(_, let text): text
        case .refused(let codes): "refused: \(codes.joined(separator: ", "))"
        }
    }

    private func place(_ name: String, _ text: String) throws -> (name: String, type: FormulaType, value: Value) {
        (name, .location, .location(try #require(Location(text))))
    }

    @Test func distancesAreThoseOfTheGlobe() throws {
        let shanghai = try place("a", "31.2304,121.4737"), beijing = try place("b", "39.9042,116.4074")
        #expect(try run("round(distance_km(a, b))", [shanghai, beijing]) == "1067")
        #expect(try run("distance_km(a, a)", [shanghai]) == "0")
        #expect(try run("distance_km(a, b) = distance_km(b, a)", [shanghai, beijing]) == "是")
        // A quarter of the way around, half of it, and across the date line.
        #expect(try run("distance_km(a, b)", [try place("a", "0,0"), try place("b", "0,90")]) == "10007.557221")
        #expect(try run("distance_km(a, b)", [try place("a", "0,0"), try place("b", "0,180")]) == "20015.114442")
        #expect(try run("distance_km(a, b)", [try place("a", "0,179.5"), try place("b", "0,-179.5")]) == "111.19508")
        #expect(try run("distance_km(a, blank)", [shanghai]) == "")
        #expect(try run("latitude(a) & '/' & longitude(a)", [shanghai]) == "31.2304/121.4737")
        #expect(try run("distance_km('31.2,121.4', '39,116')") == "refused: type-mismatch")
    }

    @Test func weightsShrinkAlongALine() throws {
        // It is 2026-02-12 09:00 in Shanghai.
        #expect(try run("decay(datetime(date(2026, 2, 12), 8), 90 days, 30%, 180 days)") == "1")
        #expect(try run("decay(datetime(date(2026, 2, 13), 8), 90 days, 30%, 180 days)") == "1")
        #expect(try run("decay(today() - 90, 90 days, 30%, 180 days)") == "1")
        #expect(try run("decay(today() - 135, 90 days, 30%, 180 days)") == "0.65")
        #expect(try run("decay(today() - 180, 90 days, 30%, 180 days)") == "0.3")
        #expect(try run("decay(now() - 3h, 2h, 0%, 4h)") == "0.5")
        #expect(try run("decay(now() - 3h, 2h, 20%, 2h)") == "0.2")
        #expect(try run("decay(now() - 2h, 2h, 20%, 2h)") == "1")
        #expect(try run("10 * decay(date(2026, 1, 1), 10 days, 0, 20 days, date(2026, 1, 16))") == "5")
        #expect(try run("decay(blank, 2h, 0%, 4h)") == "")
        #expect(try run("decay(now(), 2h, 0%)") == "refused: wrong-arity")
    }

    @Test func theClockIsReadOnlyWhereItIsLeftOut() throws {
        let open = try #require(FormulaChecker(schema: Desk.schema).checked(Desk.embedded("decay(date(2026, 1, 1), 1 day, 0, 2 days)"), in: FormulaScope(this: nil)).expression)
        #expect(open.reads.clock)
        let fixed = try #require(
            FormulaChecker(schema: Desk.schema).checked(Desk.embedded("decay(date(2026, 1, 1), 1 day, 0, 2 days, date(2026, 1, 2))"), in: FormulaScope(this: nil)).expression)
        #expect(!fixed.reads.clock)
    }

    /// `won` at 10 s, `new` at 30 s and at 50 s.
    @Test(arguments: [
        ("sequence(activities.kind by at, 20s, 'won', 'new')", true), ("sequence(activities.kind by at, 19s, 'won', 'new')", false),
        ("sequence(activities.kind by at, 40s, 'won', 'new', 'new')", true), ("sequence(activities.kind by at, 39s, 'won', 'new', 'new')", false),
        ("sequence(activities.kind by at, 1h, 'new', 'won')", false), ("sequence(activities.kind by at desc, 1h, 'new', 'won')", true),
        ("sequence(activities.kind by at desc, 19s, 'new', 'won')", false), ("sequence(activities.kind where read by at, 1h, 'won', 'new')", false),
        ("sequence(activities.note by at, 1h, '早', '晚')", true), ("sequence(activities.note by at, 1h, '晚', '早')", false),
        ("sequence(account.opportunities.name by due, 1h, 'x')", false),
    ])
    func eventsComeOneAfterAnother(_ formula: String, _ holds: Bool) throws {
        let checked = Desk.check(formula)
        let expression = try #require(checked.expression, "\(checked.found.map(\.code))")
        let records = DeskRecords.shared
        let zone = try #require(Zone(name: "Asia/Shanghai"))
        let this = try #require(records.row(RecordID(object: Desk.opportunity, number: 1)))
        let frame = Frame(this: this, moment: Moment(now: Instant(microseconds: 0), zone: zone), source: records)
        #expect(try Evaluator(expression).value(in: frame) == .bool(holds))
    }

    @Test(arguments: [
        ("sequence(activities.kind, 1h, 'won', 'new')", "wrong-arity"), ("sequence(activities by at, 1h, 'won')", "wrong-arity"),
        ("sequence(activities.kind by at, 1h)", "wrong-arity"), ("sequence(activities.kind by at, 1h, 'lost')", "unknown-option"),
        ("sequence(activities.kind by note, 1h, 'won')", "type-mismatch"), ("sequence(activities.minutes by at, 1h, 'won')", "type-mismatch"),
        ("sequence(activities.kind by at, 7, 'won')", "type-mismatch"), ("sequence(amount, 1h, 'won')", "aggregate-without-set"),
    ])
    func sequencesSayWhatTheyLack(_ formula: String, _ code: String) {
        #expect(Desk.check(formula).found.map(\.code) == [code])
    }

    /// Looked for by trying every choice of events.
    @Test func findsWhatIsThere() {
        var state: UInt64 = 11
        func next(_ bound: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % bound)
        }
        var found = 0
        for _ in 0..<3_000 {
            var time: Int64 = 0
            let events = (0..<next(9)).map { _ -> (String, Int64) in
                time += Int64(next(4))
                return (["a", "b", "c"][next(3)], time)
            }
            let steps = (0...next(3)).map { _ in ["a", "b", "c"][next(3)] }
            let within = Int64(next(8))
            func exists(_ step: Int, _ from: Int, _ begin: Int64) -> Bool {
                if step == steps.count { return true }
                return events.indices.contains { index in
                    index >= from && events[index].0 == steps[step] && (step == 0 || events[index].1 - begin <= within)
                        && exists(step + 1, index + 1, step == 0 ? events[index].1 : begin)
                }
            }
            var sequence = EventSequence(steps: steps, within: within)
            for (event, at) in events { sequence.take(event, at: at) }
            #expect(sequence.isComplete == exists(0, 0, 0), "\(events) \(steps) \(within)")
            if sequence.isComplete { found += 1 }
        }
        #expect(found > 300 && found < 2_700)
    }
}
