import Formula
import Storage

// What waits to be sent, and what became of it.
extension SQLiteTransaction {
    func lastEffect() throws -> Int64 {
        let statement = try connection.fixed("SELECT MAX(id) FROM weir_effect")
        defer { statement.reset() }
        return try statement.step() ? statement.int64(0) : 0
    }

    private static let effectColumns = "id, key, run, target, payload, created, state, attempts, due, result"

    func effects(after id: Int64, limit: Int) throws -> [Effect] {
        let statement = try connection.named("effects after") { "SELECT \(Self.effectColumns) FROM weir_effect WHERE id > ? ORDER BY id LIMIT ?" }
        statement.bind(id, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try effects(from: statement)
    }

    func dueEffects(until: Instant, limit: Int) throws -> [Effect] {
        let statement = try connection.named("effects that are due") { "SELECT \(Self.effectColumns) FROM weir_effect WHERE due IS NOT NULL AND due <= ? ORDER BY due, id LIMIT ?" }
        statement.bind(until.microseconds, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try effects(from: statement)
    }

    func effect(_ id: Int64) throws -> Effect? {
        let statement = try connection.named("effect") { "SELECT \(Self.effectColumns) FROM weir_effect WHERE id = ?" }
        statement.bind(id, at: 1)
        return try effects(from: statement).first
    }

    func effects(under key: String) throws -> [Effect] {
        // What begins with `KEY:` stands between that and `KEY;`.
        let statement = try connection.named("effects under a key") { "SELECT \(Self.effectColumns) FROM weir_effect WHERE key = ?1 OR (key >= ?1 || ':' AND key < ?1 || ';') ORDER BY id" }
        statement.bind(key, at: 1)
        return try effects(from: statement)
    }

    func openTargets() throws -> [String] {
        let statement = try connection.fixed("SELECT DISTINCT target FROM weir_effect WHERE due IS NOT NULL ORDER BY target")
        defer { statement.reset() }
        var targets: [String] = []
        while try statement.step() { targets.append(statement.text(0)) }
        return targets
    }

    func dueEffects(of target: String, until: Instant, limit: Int) throws -> [Effect] {
        let statement = try connection.named("effects of a target that are due") {
            "SELECT \(Self.effectColumns) FROM weir_effect WHERE target = ? AND due IS NOT NULL AND due <= ? ORDER BY due, id LIMIT ?"
        }
        statement.bind(target, at: 1)
        statement.bind(until.microseconds, at: 2)
        statement.bind(Int64(limit), at: 3)
        return try effects(from: statement)
    }

    func nextEffect(of target: String) throws -> Instant? {
        let statement = try connection.fixed("SELECT MIN(due) FROM weir_effect WHERE target = ? AND due IS NOT NULL")
        statement.bind(target, at: 1)
        defer { statement.reset() }
        return try statement.step() ? instant(statement, 0) : nil
    }

    func effects(in states: Set<Effect.State>, limit: Int, before id: Int64?) throws -> [Effect] {
        let marks = Array(repeating: "?", count: states.count).joined(separator: ", ")
        let statement = try connection.statement(
            "SELECT \(Self.effectColumns) FROM weir_effect WHERE id < ? AND state IN (\(marks)) ORDER BY id DESC LIMIT ?")
        statement.bind(id ?? Int64.max, at: 1)
        for (index, state) in states.sorted(by: { $0.rawValue < $1.rawValue }).enumerated() { statement.bind(state.rawValue, at: Int32(index + 2)) }
        statement.bind(Int64(limit), at: Int32(states.count + 2))
        return try effects(from: statement)
    }

    func nextEffect() throws -> Instant? {
        let statement = try connection.fixed("SELECT MIN(due) FROM weir_effect WHERE due IS NOT NULL")
        defer { statement.reset() }
        return try statement.step() ? instant(statement, 0) : nil
    }

    private func effects(from statement: Statement) throws -> [Effect] {
        defer { statement.reset() }
        var effects: [Effect] = []
        while try statement.step() {
            guard let state = Effect.State(rawValue: statement.text(6)) else { throw StoreError.other("an effect is in the state `\(statement.text(6))`") }
            effects.append(
                Effect(
                    id: statement.int64(0), key: statement.text(1), run: statement.optionalInt64(2), target: statement.text(3), payload: statement.text(4),
                    created: Instant(microseconds: statement.int64(5)), state: state, attempts: Int(statement.int64(7)), due: instant(statement, 8),
                    result: statement.optionalText(9)))
        }
        return effects
    }

    func add(_ effect: Effect) throws {
        let statement = try connection.fixed("INSERT OR IGNORE INTO weir_effect VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        statement.bind(effect.key, at: 1)
        statement.bind(effect.run, at: 2)
        statement.bind(effect.target, at: 3)
        statement.bind(effect.payload, at: 4)
        statement.bind(effect.created.microseconds, at: 5)
        statement.bind(effect.state.rawValue, at: 6)
        statement.bind(Int64(effect.attempts), at: 7)
        statement.bind(effect.due?.microseconds, at: 8)
        statement.bind(effect.result, at: 9)
        try statement.run()
        commitPoints.reached(.effectWritten)
    }

    func update(_ effect: Effect) throws {
        let statement = try connection.fixed("UPDATE weir_effect SET state = ?, attempts = ?, due = ?, result = ? WHERE id = ?")
        statement.bind(effect.state.rawValue, at: 1)
        statement.bind(Int64(effect.attempts), at: 2)
        statement.bind(effect.due?.microseconds, at: 3)
        statement.bind(effect.result, at: 4)
        statement.bind(effect.id, at: 5)
        try statement.run()
        commitPoints.reached(.effectSettled)
    }
}
