import ArgumentParser
import Engine
import Foundation
import HTTPService
import JSON
import Program
import SourceText
import Storage

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "接口密钥 · API keys", discussion: "例 · Example: weir key create apps/crm --user zhang --name ERP",
        subcommands: [Create.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "新建密钥，只显示一次 · make a key; it is shown once", discussion: "例 · Example: weir key create apps/crm --user zhang --name ERP")

        @Argument(help: "应用文件夹 · the app's folder") var app: String
        @Option(help: "以谁的身份 · the login of the person it acts as") var user: String
        @Option(help: "用途 · what it is for") var name: String = "key"
        @OptionGroup var data: DataOptions
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let language = common.language
            let compiled = try AppFolder(app, language: language).compiled(language: language)
            let engine = try await data.openForWriting(compiled, language: language)
            let person = try await People(engine: engine, language: language).find(login: user)
            let key = try await Accounts(engine: engine).createKey(named: name, for: person)
            Terminal.out(JSONValue.object([.init("key", .string(key))]).text() + "\n")
            await engine.store.close()
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "停用密钥 · revoke every key of this name", discussion: "例 · Example: weir key revoke apps/crm --name ERP")

        @Argument(help: "应用文件夹 · the app's folder") var app: String
        @Option(help: "用途 · the name it was made with") var name: String
        @OptionGroup var data: DataOptions
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let language = common.language
            let compiled = try AppFolder(app, language: language).compiled(language: language)
            let engine = try await data.openForWriting(compiled, language: language)
            let name = name
            let now = engine.world.clock.now()
            let revoked = try await engine.store.write { transaction in
                let keys = try transaction.apiKeys().filter { $0.name == name && $0.revoked == nil }
                for key in keys { try transaction.revokeKey(id: key.id, at: now) }
                return keys.count
            }
            await engine.store.close()
            guard revoked > 0 else {
                throw Ending(Ending.authorsTrouble, Words(zh: "没有名为 `\(name)` 的密钥", en: "no key is called `\(name)`"), in: language)
            }
            Terminal.out(Words(zh: "已停用 \(revoked) 个密钥\n", en: "revoked \(revoked) key(s)\n")[language])
        }
    }
}
