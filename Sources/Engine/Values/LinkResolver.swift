import Formula
import Model
import Program
import Storage
import Synchronization

/// Finds the record that a person means by a text: `lead/12`, the value of a unique field, the title, or the bare number.
///
/// A title that is one field is looked up by its index. With `account/华芯精密` only records of that object are looked at. An import keeps one
/// resolver for all its rows: titles that are put together are read once.
final class LinkResolver: Sendable {
    /// Objects with more records than this are not searched by title: reading them all would hold up the rest.
    static let mostTitles = 50_000
    /// Over how many objects a title without the object's name is looked for: `about` may lead to any object, and there it must be said.
    private static let mostObjects = 3

    private let app: CompiledApp
    private let known = Mutex(Known())

    struct Known {
        /// By object index; nil content: too many to read.
        fileprivate var titles: [Int: [String: [Int64]]?] = [:]
        fileprivate var matches: [Question: RecordID] = [:]
    }

    fileprivate struct Question: Hashable {
        let text: String
        let objects: [ObjectID]
    }

    init(_ app: CompiledApp) {
        self.app = app
    }

    func resolve(_ text: String, to objects: [ObjectID], in context: RecordContext, _ transaction: any ReadTransaction) throws -> LinkMatch {
        let text = Cleaning.trim(text)
        guard !text.isEmpty else { return .none }
        let question = Question(text: text, objects: objects)
        if let record = known.withLock({ $0.matches[question] }) { return .one(record) }
        let match = try find(text, objects, context, transaction)
        if case .one(let record) = match { known.withLock { $0.matches[question] = record } }
        return match
    }

    /// What is known now, to come back to if what is made meanwhile is taken back.
    func mark() -> Known { known.withLock { $0 } }

    func goBack(to mark: Known) { known.withLock { $0 = mark } }

    /// Reads the titles that an import's links may need before anything is made.
    func learnTitles(of importing: Importing, _ store: any Store) async throws {
        let targets = Set(importing.columns.fields.flatMap { $0?.targets(in: app.model) ?? [] })
        let wanted = targets.filter { app.model[$0].wholeTitle == nil }
        guard !wanted.isEmpty, targets.count <= Self.mostObjects else { return }
        try await store.read { [self] transaction in
            let context = try RecordContext(engine: importing.engine, principal: .system, transaction: transaction)
            for object in wanted { _ = try titles(of: object, context, transaction) }
        }
    }

    /// A record was made meanwhile, or called otherwise.
    func made(_ row: Row, in context: RecordContext) throws {
        let index = row.id.object.index
        guard known.withLock({ $0.titles[index] != nil }) else { return }
        let title = try context.live.title(of: context.live.live(row))
        known.withLock { known in
            guard var titles = known.titles[index] ?? nil else { return }
            known.titles[index] = .some(nil)
            titles[title, default: []].append(row.id.number)
            known.titles[index] = titles
        }
    }

    private func find(_ text: String, _ objects: [ObjectID], _ context: RecordContext, _ transaction: any ReadTransaction) throws -> LinkMatch {
        if let id = app.recordID(from: text), objects.contains(id.object), try context.rows.row(id) != nil { return .one(id) }
        if let slash = text.firstIndex(of: "/"), let object = app.model.object(named: String(text[..<slash])), objects.contains(object.id) {
            let match = try find(String(text[text.index(after: slash)...]), in: object, context, transaction)
            if match != .none { return match }
        }
        guard objects.count <= Self.mostObjects else { return .none }
        var found: LinkMatch = .none
        for object in objects {
            switch (found, try find(text, in: app.model[object], context, transaction)) {
            case (_, .none): continue
            case (.none, let match): found = match
            case (.one, .one): found = .several(2)
            case (.one, .several(let count)), (.several(let count), .one): found = .several(count + 1)
            case (.several(let first), .several(let second)): found = .several(first + second)
            }
        }
        return found
    }

    private func find(_ text: String, in object: CheckedObject, _ context: RecordContext, _ transaction: any ReadTransaction) throws -> LinkMatch {
        for field in object.fields where field.isKey {
            for spelling in Self.spellings(text, of: field) {
                if let holder = try transaction.holder(of: .text(spelling), in: field.id) { return .one(holder) }
            }
        }
        if let field = object.wholeTitle {
            // As many as anyone would count.
            let holders = try transaction.holders(of: .text(text), in: field, limit: 20)
            if holders.count > 1 { return .several(holders.count) }
            if let holder = holders.first { return .one(holder) }
        } else if let numbers = try titles(of: object.id, context, transaction)?[text] {
            return numbers.count == 1 ? .one(RecordID(object: object.id, number: numbers[0])) : .several(numbers.count)
        }
        if text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int64(text), number > 0 {
            let id = RecordID(object: object.id, number: number)
            if try context.rows.row(id) != nil { return .one(id) }
        }
        return .none
    }

    /// As it is given, and as cleaning would have stored it.
    static func spellings(_ text: String, of field: CheckedField) -> [String] {
        guard !field.clean.isEmpty else { return [text] }
        var region: String?
        if case .phone(let own) = field.kind { region = own }
        let cleaned = field.clean.reduce(text) { Cleaning.apply($1, to: $0, region: region) }
        return cleaned == text || cleaned.isEmpty ? [text] : [text, cleaned]
    }

    private func titles(of object: ObjectID, _ context: RecordContext, _ transaction: any ReadTransaction) throws -> [String: [Int64]]? {
        if let known = known.withLock({ $0.titles[object.index] }) { return known }
        var titles: [String: [Int64]]?
        if try transaction.count(object, where: nil) <= Self.mostTitles {
            var read: [String: [Int64]] = [:]
            for row in try context.live.rows(of: object) { read[try context.live.title(of: row), default: []].append(row.id.number) }
            titles = read
        }
        known.withLock { $0.titles[object.index] = .some(titles) }
        return titles
    }
}

extension CheckedField {
    /// Whether its value alone says which record is meant.
    var isKey: Bool {
        switch kind {
        case .text, .email, .phone, .url, .uscc, .cnID: isUnique
        case .autonumber: true
        case .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .address, .location, .link,
            .links, .file, .files, .stage: false
        }
    }
}
