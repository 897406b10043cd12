package import Formula
import Model
import Program
import SourceText
package import Storage

/// Of what batch, and by which step, something is told.
struct FoldPlace {
    let batch: String
    let process: String
    let step: String

    /// What is told together leaves the app when so long nothing came to it …
    static let quiet = Microseconds.perMinute
    /// … or when so long something did.
    static let longest = 10 * Microseconds.perMinute
}

// What the runs of one batch tell one person by one step: from the sixth on it is one notice whose number rises, and one message over each channel that leads out.
extension MessageMaking {
    mutating func tell(_ person: RecordID, _ row: Row, by via: [String], title: Words, message: Words, in place: FoldPlace) throws {
        let groups = via.filter { isGroup($0) }, others = via.filter { !isGroup($0) }
        if !others.isEmpty {
            if let fold = try fold(person, message, in: place) {
                try tell(fold, person, row, by: others, title: title)
            } else {
                try tell(person, row, by: others, title: title, message: message, isInside: isInside)
            }
        }
        guard !groups.isEmpty else { return }
        switch group {
        case nil:
            if let fold = try fold(nil, message, in: place) {
                group = .together
                try tell(fold, person, row, by: groups, title: title)
            } else {
                group = .single
                try tell(person, row, by: groups, title: title, message: message, isInside: false)
            }
        case .single: try tell(person, row, by: groups, title: title, message: message, isInside: false)
        // Told with the first person of the step.
        case .together: break
        }
    }

    private func isGroup(_ channel: String) -> Bool { if case .robot? = engine.app.automations.channels[channel]?.model.way { true } else { false } }

    /// Counts it; nil: it is told by itself.
    private func fold(_ person: RecordID?, _ message: Words, in place: FoldPlace) throws -> Fold? {
        let known = try transaction.fold(of: place.batch, process: place.process, step: place.step, person: person)
        var fold = known ?? Fold(batch: place.batch, process: place.process, step: place.step, person: person, since: context.moment.now)
        fold.count += 1
        if fold.count == Fold.singles + 1 { fold.example = message }
        fold.id = try transaction.set(fold)
        return fold.count > Fold.singles ? fold : nil
    }

    private mutating func tell(_ fold: Fold, _ person: RecordID, _ row: Row, by via: [String], title: Words) throws {
        var fold = fold
        isFolded = true
        let more = fold.count - Fold.singles
        if let record { try transaction.append(record, to: fold.id, at: more - 1) }
        if fold.person != nil {
            let words = Words.more(more, fold.example)
            if let notice = fold.notice {
                try transaction.revise(notice: notice, message: words, at: context.moment.now, of: person)
            } else {
                // It leads to the list of them, over whatever channels they are told.
                fold.notice = try transaction.add(Notice(user: person, at: context.moment.now, record: nil, title: title, message: words, run: run))
            }
        }
        if via.contains(where: { !isInApp($0) }) { try send(&fold, person, row, by: via, title: title) }
        _ = try transaction.set(fold)
    }

    private func isInApp(_ channel: String) -> Bool { if case .inApp? = engine.app.automations.channels[channel]?.model.way { true } else { false } }

    /// Goes on with the message of this round, unless it was looked at already: then another round begins.
    private mutating func send(_ fold: inout Fold, _ person: RecordID, _ row: Row, by via: [String], title: Words) throws {
        let now = context.moment.now
        let own = try engine.ownName(in: transaction)
        let known = fold.round == 0 ? [] : try transaction.effects(under: "\(own):fold:\(fold.id).\(fold.round)")
        let isOpen = !known.isEmpty && known.allSatisfy { $0.state == .waiting && $0.attempts == 0 && $0.result == nil }
        if !isOpen {
            fold.round += 1
            fold.pending = 0
            fold.since = now
        }
        fold.pending += 1
        let due = min(now.microseconds + FoldPlace.quiet, fold.since.microseconds + FoldPlace.longest)
        var digest = MessageMaking(
            engine: engine, transaction: transaction, context: context, run: run, record: nil, key: "\(own):fold:\(fold.id).\(fold.round)")
        digest.digest = Digest(due: Instant(microseconds: due), isRevised: isOpen, notice: fold.notice, isGroup: fold.person == nil)
        try digest.tell(person, row, by: via, title: title, message: .more(fold.pending, fold.example), isInside: false)
    }
}

extension Words {
    static func more(_ count: Int, _ example: Words) -> Words {
        Words(zh: "另有 \(count) 条：\(example.zh)\(count > 1 ? " 等" : "")", en: "\(count) more\(count > 1 ? ", such as" : ""): \(example.en)")
    }
}

/// What a notice that stands for many is about.
package struct FoldedView: Sendable {
    package let notice: Notice
    /// All of them.
    package let count: Int
    package let records: [(id: RecordID, title: String)]
    /// Where the next page begins; nil behind the last.
    package let next: Int?
}

extension Engine {
    /// What a notice of the person stands for; nil if it is none that stands for many.
    ///
    /// - Parameter place: Counted from 0.
    package func folded(_ notice: Notice, from place: Int, limit: Int) async throws -> FoldedView? {
        try await store.read { [self] transaction in
            guard let fold = try transaction.fold(ofNotice: notice.id) else { return nil }
            let records = try transaction.foldedRecords(of: fold.id, from: place, limit: limit + 1)
            var titles: [RecordID: String] = [:]
            try RecordContext(engine: self, principal: .system, transaction: transaction).addTitles(of: Set(records), to: &titles)
            return FoldedView(
                notice: notice, count: fold.count - Fold.singles,
                records: records.prefix(limit).compactMap { id in titles[id].map { (id, $0.isEmpty ? app.text(of: id) : $0) } },
                next: records.count > limit ? place + limit : nil)
        }
    }
}
