import ArgumentParser
import Engine
import Formula
import Foundation
import HTTPService
import JSON
import Model
import Program
import SourceText
import Storage

struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "人员与密码 · people and passwords", discussion: "例 · Example: weir user add apps/crm zhang --name 张伟 --role sales",
        subcommands: [Add.self, Reset.self, List.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "新增人员，打印一次性密码 · add a person and print a first password",
            discussion: "例 · Example: weir user add apps/crm zhang --name 张伟 --role sales")

        @Argument(help: "应用文件夹 · the app's folder") var app: String
        @Argument(help: "登录名 · the login") var login: String
        @Option(help: "姓名 · the person's name") var name: String
        @Option(help: "角色 · the role") var role: String
        @Option(help: "邮箱 · e-mail") var email: String?
        @OptionGroup var data: DataOptions
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let language = common.language
            let compiled = try AppFolder(app, language: language).compiled(language: language)
            let engine = try await data.openForWriting(compiled, language: language)
            let people = People(engine: engine, language: language)
            let password = try await people.add(login: login, name: name, role: role, email: email)
            Terminal.out(Words(zh: "初始密码（首次登录时须修改）：\(password)\n", en: "first password (to be changed at the first sign-in): \(password)\n")[language])
            await engine.store.close()
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "重设密码 · print a new first password and end the person's sessions", discussion: "例 · Example: weir user reset apps/crm zhang")

        @Argument(help: "应用文件夹 · the app's folder") var app: String
        @Argument(help: "登录名 · the login") var login: String
        @OptionGroup var data: DataOptions
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let language = common.language
            let compiled = try AppFolder(app, language: language).compiled(language: language)
            let engine = try await data.openForWriting(compiled, language: language)
            let password = try await People(engine: engine, language: language).reset(login: login)
            Terminal.out(Words(zh: "新密码（首次登录时须修改）：\(password)\n", en: "new password (to be changed at the first sign-in): \(password)\n")[language])
            await engine.store.close()
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出人员 · list people", discussion: "例 · Example: weir user list apps/crm")

        @Argument(help: "应用文件夹 · the app's folder") var app: String
        @OptionGroup var data: DataOptions
        @OptionGroup var format: FormatOption
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let language = common.language
            let compiled = try AppFolder(app, language: language).compiled(language: language)
            let engine = try await data.openForReading(compiled, language: language)
            let people = People(engine: engine, language: language)
            let view = try await engine.list(ListRequest(object: people.object.id, limit: 200), as: .system)
            switch format.format {
            case .json:
                Terminal.out(RecordJSON(app: compiled, language: language).list(view, fields: people.shown).text(pretty: true) + "\n")
            case .text:
                for row in view.rows {
                    let cells = people.shown.map { shown(row, compiled.model[$0], view, compiled, language) }
                    Terminal.out(cells.joined(separator: "\t") + "\n")
                }
            }
            await engine.store.close()
        }
    }
}

/// What the commands do with people.
struct People {
    let engine: Engine
    let language: Language
    let object: CheckedObject

    init(engine: Engine, language: Language) {
        guard let object = engine.app.model.objects.first(where: { $0.builtIn == .user }) else { preconditionFailure("every app has people") }
        self.engine = engine
        self.language = language
        self.object = object
    }

    var shown: [FieldID] { ["login", "name", "role", "active"].compactMap { object.field(named: $0)?.id } }

    /// The person as one who gives commands.
    static func principal(_ row: Row, in app: CompiledApp) -> Principal {
        UserFields(app).principal(row, address: nil, device: nil)
    }

    /// As whom a command reads: the person of that login, the system where none is named.
    func principal(login: String?) async throws -> Principal {
        guard let login else { return .system }
        let user = try await find(login: login)
        return try await engine.store.read { try $0.row(user) }.map { Self.principal($0, in: engine.app) } ?? .system
    }

    /// - Returns: The first password.
    func add(login: String, name: String, role: String, email: String?) async throws -> String {
        guard !login.trimmed.isEmpty, !name.trimmed.isEmpty else {
            throw Ending(Ending.wrongUsage, Words(zh: "登录名和姓名不能是空白", en: "the login and the name cannot be blank"), in: language)
        }
        guard engine.app.model.roles.contains(where: { $0.name == role }) else {
            let known = engine.app.model.roles.map(\.name)
            let guess = closestMatch(to: role, among: known) ?? known.joined(separator: ", ")
            throw Ending(
                Ending.wrongUsage, Words(zh: "没有角色 `\(role)`；可用：\(guess)", en: "there is no role `\(role)`; perhaps: \(guess)"), in: language)
        }
        let given = [("login", login), ("name", name), ("role", role), ("email", email ?? ""), ("active", "yes")]
        let inputs = try await engine.inputs(
            texts: given.compactMap { entry in
                guard !entry.1.isEmpty, let field = object.field(named: entry.0) else { return nil }
                return (field.id, entry.1)
            })
        switch try await engine.save(SaveCommand(.create(object.id, inputs), by: .system)) {
        case .saved(let row, _): return try await setPassword(of: row.id, login: login)
        case .refused(let violations):
            throw Ending(
                Ending.authorsTrouble,
                Words(zh: violations.map(\.words.zh).joined(separator: "\n"), en: violations.map(\.words.en).joined(separator: "\n")), in: language)
        case .unchanged, .repeated, .requestKeyReused, .held, .conflict, .missing, .denied:
            throw Ending(Ending.authorsTrouble, Words(zh: "没有新增人员", en: "the person was not added"), in: language)
        }
    }

    func reset(login: String) async throws -> String {
        try await setPassword(of: find(login: login), login: login)
    }

    func find(login: String) async throws -> RecordID {
        guard let field = object.field(named: "login"), let user = try await engine.store.read({ try $0.holder(of: .text(login), in: field.id) })
        else { throw Ending(Ending.authorsTrouble, Words(zh: "没有登录名 `\(login)`", en: "nobody has the login `\(login)`"), in: language) }
        return user
    }

    private func setPassword(of user: RecordID, login: String) async throws -> String {
        let password = base64URL(engine.world.entropy.bytes(12))
        try await Accounts(engine: engine).setPassword(of: user, login: login, to: password, mustChange: true)
        return password
    }
}
