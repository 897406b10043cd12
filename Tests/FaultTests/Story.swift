import Formula
import TestKit

/// A small app and what happens in it, both made from a seed.
struct Story: Sendable {
    /// Numbers that the app is made with. Durations are minutes.
    struct Shape: Hashable, Sendable {
        let busyFrom, heldFrom, slowFrom, waitFor, asked: Int
        let first, second, rest, within: Int
        let businessDays, businessHours: Int
        let daily: Int
    }

    enum Event: Sendable {
        case make(n: Int, state: String)
        case set(item: Int, n: Int)
        case state(item: Int, String)
        case hold(item: Int, Bool)
        case move(item: Int, String)
        case delete(item: Int)
        case log(item: Int)
        case forget(log: Int)
        case message(number: Int, n: Int)
        case wait(minutes: Int)
    }

    let seed: UInt64
    let shape: Shape
    let events: [Event]

    /// So many apps there are; stories share them, since reading one takes longer than a story.
    private static let shapes: UInt64 = 16

    init(seed: UInt64) {
        self.seed = seed
        var shaping = RepeatableRandom(seed: seed % Self.shapes)
        func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &shaping) }
        let first = draw(1...30) * 5
        shape = Shape(
            busyFrom: draw(1...3), heldFrom: draw(3...6), slowFrom: draw(1...4), waitFor: draw(4...7), asked: draw(1...3), first: first, second: first + draw(1...40) * 5,
            rest: draw(1...50) * 10, within: draw(60...300) * 5, businessDays: draw(1...6), businessHours: draw(1...20), daily: draw(0...23) * 60 + draw(0...11) * 5)
        var random = RepeatableRandom(seed: seed &* 0xD1B5_4A32_D192_ED03)
        func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        var events: [Event] = []
        for _ in 0..<36 {
            let item = pick(1...6)
            switch pick(0...19) {
            case 0, 1, 2: events.append(.make(n: pick(0...5), state: pick(0...2) == 0 ? "busy" : "new"))
            case 3, 4, 5: events.append(.set(item: item, n: pick(0...7)))
            case 6, 7, 8: events.append(.state(item: item, ["new", "busy", "done"][pick(0...2)]))
            case 9: events.append(.hold(item: item, pick(0...1) == 0))
            case 10, 11: events.append(.move(item: item, ["quoted", "quoted", "open", "won"][pick(0...3)]))
            case 12: if pick(0...2) == 0 { events.append(.delete(item: item)) }
            case 13: events.append(.log(item: item))
            case 14: events.append(.forget(log: pick(1...12)))
            case 15: events.append(.message(number: pick(1...4), n: pick(0...5)))
            default: events.append(.wait(minutes: [5, 30, 55, 240, 1_440, 4_320][pick(0...5)] * pick(1...2)))
            }
        }
        // All that is still to come by itself.
        events.append(.wait(minutes: 20 * 1_440))
        self.events = events
    }

    private static func clock(_ minutes: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }

    var yaml: String {
        """
        app: { name: storm, timezone: Asia/Shanghai }
        objects:
          item:
            shows: "{name}"
            fields:
              name:  { type: text, required: yes }
              n:     { type: number, decimals: 0, default: 0 }
              state: { type: choice, options: { new: 新, busy: 忙, done: 完 }, default: new }
              hold:  { type: bool, default: no }
              mark:  text
              asked: { formula: count(logs) }
              stage:
                type: stage
                stages:
                  open:   {}
                  quoted: { enter: { enough: { must: n > 2 } } }
                  won:    { end: won }
                moves: { skip: yes, back: yes }
          log:
            fields:
              what: text
              item: { type: link, to: item, as: logs }
        inbound:
          form: { verify: { bearer: $TOKEN }, once: body.id, creates: item, map: { name: body.name, n: body.n } }
        automations:
          stamp: { when: item is created, before: { mark: "new {name}" } }
          made:
            when: item is created
            do:
              - create: log
                with: { what: made, item: =this }
              - notify: user where active
                message: "made {name}"
          busy:
            when: item.state becomes busy
            if: n >= \(shape.busyFrom)
            do:
              - set: { mark: started }
              - wait: \(shape.rest)min
              - if: state = 'done'
                then: { create: log, with: { what: fast, item: =this } }
                else: { notify: user where active, message: "slow {name} {n}" }
          quoted:
            when: item enters quoted
            do:
              - wait for: n >= \(shape.waitFor)
                within: \(shape.within)min
                else: { create: log, with: { what: late, item: =this } }
              - set: { mark: "q{asked}" }
          held:
            when: item is changed
            if: n > \(shape.heldFrom) or asked > \(shape.asked)
            do:
              - set: { hold: yes }
              - notify: user where active
                message: "held {name}"
          daily:
            when: every workday at \(Self.clock(shape.daily))
            do: { create: log, with: { what: daily } }
          counted:
            when: log is created
            if: what = 'late'
            do: { update: item, with: { n: =item.n + 1 } }
        watches:
          fresh:
            while: item where state = 'new'
            restart on: n
            pause while: hold
            after:
              \(shape.first)min: { notify: user where active, message: "fresh {name}" }
              \(shape.second)min: { create: log, with: { what: stale, item: =this } }
          slow:
            while: item where n > \(shape.slowFrom) and stage = 'open'
            after:
              \(shape.businessDays) business days: { create: log, with: { what: slow, item: =this } }
          lazy:
            while: item where asked < 3 and state <> 'done'
            after:
              \(shape.businessHours) business hours: { set: { mark: lazy } }

        """
    }
}
