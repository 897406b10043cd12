import Engine
import Formula
import PostgresClient
import SQLText
import SourceText
import Storage
import StorageSQLite

/// The engines on which `weir eval` evaluates: in process, on SQLite in memory, on a PostgreSQL server.
final class FormulaEngines {
    enum Name: String, CaseIterable { case native, sqlite, postgres }

    /// In the order in which they are asked; the first one's answer is given.
    let names: [Name]
    private let sqlite: SQLiteMemory?
    private let postgres: PostgresConnection?

    /// - Parameter wish: As `--engine` has it. `all` means those that can be had: PostgreSQL only with an address.
    /// - Throws: `Ending` 2 for a wrong word or a missing address, 3 without a connection.
    init(_ wish: String, database: String?, language: Language) throws {
        let names: [Name]
        if wish == "all" {
            names = database == nil ? [.native, .sqlite] : Name.allCases
        } else if let name = Name(rawValue: wish) {
            names = [name]
        } else {
            throw Ending(
                Ending.wrongUsage,
                Words(zh: "--engine 应为 native、sqlite、postgres 或 all", en: "--engine is native, sqlite, postgres or all"), in: language)
        }
        if names.contains(.postgres), database == nil {
            throw Ending(
                Ending.wrongUsage,
                Words(
                    zh: "--engine postgres 需要服务器：--database postgresql://用户@主机/库",
                    en: "--engine postgres needs a server: --database postgresql://user@host/database"), in: language)
        }
        self.names = names
        sqlite = names.contains(.sqlite) ? try SQLiteMemory() : nil
        do {
            postgres = names.contains(.postgres) ? try database.map { address in try PostgresConnection(address) } : nil
            try postgres?.beginTrial()
        } catch {
            throw Ending(
                Ending.worldsTrouble, Words(zh: "不能连接 PostgreSQL：\(error)", en: "no connection to PostgreSQL: \(error)"), in: language)
        }
    }

    enum Answer {
        case value(Value, FormulaType, by: [Name])
        case wrong(SourceSet, Diagnostics)
        case badInput(Words)
        /// The engine asked for has no form for this formula.
        case notLowerable(Words)
        /// Our own mistake.
        case disagreement([(Name, Value)])
    }

    func answer(to trial: FormulaTrial) throws -> Answer {
        let prepared: FormulaTrial.Prepared
        switch trial.prepare() {
        case .ready(let ready): prepared = ready
        case .unready(.wrong(let sources, let diagnostics)): return .wrong(sources, diagnostics)
        case .unready(.badInput(_, let words)): return .badInput(words)
        case .unready(.value): preconditionFailure("what has a value is ready")
        }
        guard case .value(let native, let type) = trial.run() else { preconditionFailure("what is ready has a value") }
        var answers: [(Name, Value)] = []
        var reason: Words?
        for name in names {
            switch name {
            case .native: answers.append((name, native))
            case .sqlite, .postgres:
                do throws(NotLowerable) {
                    let dialect: Dialect = name == .sqlite ? .sqlite : .postgres
                    let statement = try FormulaLowering.statement(
                        prepared.expression, inputs: prepared.inputs, dialect: dialect, moment: prepared.moment)
                    let value: Value?
                    do {
                        value = try run(statement.sql, statement.form, on: name)
                    } catch {
                        // A statement that the database does not take, such as one with too many parts.
                        reason = Words(same: "\(name.rawValue): \(error)")
                        continue
                    }
                    // A statement says that a formula fails; why is known in process.
                    answers.append((name, value ?? (native.isFailure ? native : .failure(FormulaFailure(.domain)))))
                } catch {
                    reason = error.reason
                }
            }
        }
        guard let first = answers.first else { return .notLowerable(reason ?? Words(zh: "不能计算", en: "cannot be evaluated")) }
        guard answers.allSatisfy({ ValueOrder.areEqual($0.1, first.1) || ($0.1.isFailure && first.1.isFailure) }) else {
            return .disagreement(answers)
        }
        return .value(first.1, type, by: answers.map(\.0))
    }

    /// Nil where it fails.
    private func run(_ statement: RenderedSQL, _ form: FormulaLowering.ValueColumns.Form, on name: Name) throws -> Value? {
        var rows: [[SQLArgument]] = []
        switch name {
        case .native: return nil
        case .sqlite: rows = try sqlite?.rows(statement) ?? []
        case .postgres:
            try postgres?.execute("SAVEPOINT formula")
            do {
                rows = try postgres?.rows(statement) ?? []
            } catch {
                try postgres?.execute("ROLLBACK TO SAVEPOINT formula")
                throw error
            }
        }
        guard let row = rows.first, row.count == 2 else { return nil }
        return row[1] == .integer(0) ? form.value(of: row[0]) : nil
    }
}

extension Value {
    fileprivate var isFailure: Bool { if case .failure = self { true } else { false } }
}
