import Formula
import Model
import SourceText

/// What a stored computed value depends on besides records: when this changes, the values must be computed anew.
///
/// Goes through the formulas that a formula reads, and takes in what their results hang on: types, decimals, options in their order,
/// roles, currency, zone, calendars, and how records are called.
struct ComputationFingerprint {
    let app: CheckedApp
    private var known: [FieldID: UInt64] = [:]

    init(app: CheckedApp) {
        self.app = app
    }

    /// 16 hex digits; nil for a field that is not computed.
    mutating func text(of field: CheckedField) -> String? {
        guard field.computed != nil else { return nil }
        let hex = String(hash(of: field.id), radix: 16)
        return String(repeating: "0", count: 16 - hex.count) + hex
    }

    private mutating func hash(of id: FieldID) -> UInt64 {
        if let hash = known[id] { return hash }
        known[id] = 0
        let field = app[id]
        var hash = FNV1a()
        hash.add("weir-formula-1 \(app.zone.name) \(app.currency)")
        hash.add(signature(of: field))
        for expression in field.computed?.expressions ?? [] {
            hash.add(expression.source.text)
            if expression.reads.calendar {
                for calendar in [app.calendar] + app.calendars { hash.add("\(calendar.name) \(calendar.plan.spelled)") }
            }
            var read = expression.reads.own
            for path in expression.reads.related {
                for step in path.steps {
                    switch step {
                    case .link(let link), .children(via: let link): read.insert(link)
                    }
                }
                if let end = path.field { read.insert(end) }
            }
            for field in read.sorted(by: { ($0.object.index, $0.index) < ($1.object.index, $1.index) }) {
                hash.add("\(app[field.object].name).\(app[field].name) \(signature(of: app[field]))")
                if app[field].computed != nil { hash.add(self.hash(of: field)) }
            }
            if !expression.reads.wholeObjects.isEmpty {
                for role in app.roles {
                    hash.add("\(role.name): \(role.covers.map(\.index).sorted())")
                }
            }
        }
        known[id] = hash.state
        return hash.state
    }

    private func signature(of field: CheckedField) -> String {
        switch field.kind {
        case .choice(let list), .choices(let list): labels(of: list)
        case .stage(let stages): labels(of: stages.options)
        case .link(let objects): "link " + objects.map { shows($0) }.joined(separator: " ")
        case .links(let objects): "links " + objects.map { shows($0) }.joined(separator: " ")
        case .file: "file"
        case .files: "files"
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .tags, .email, .url, .phone, .address, .uscc, .cnID,
            .location, .autonumber:
            "\(field.kind)"
        }
    }

    private func labels(of list: OptionList) -> String {
        list.options.map { "\($0.key)=\($0.labelZh)/\($0.labelEn)" }.joined(separator: ",")
    }

    private func shows(_ object: ObjectID) -> String {
        "\(app[object].name) \(app[object].shows.source.text)"
    }
}

/// The hash FNV-1a with 64 bits (draft-eastlake-fnv): not against attackers, only to notice change.
private struct FNV1a {
    var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte: byte) }
        add(byte: 0)
    }

    mutating func add(_ number: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { add(byte: UInt8(truncatingIfNeeded: number >> shift)) }
    }

    private mutating func add(byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x100_0000_01b3
    }
}
