import ArgumentParser
import Connectors
import Engine
import Formula
import Foundation
import HTTPService
import HTTPTypes
import Hummingbird
import Logging
import Program
import ServiceLifecycle
import SourceText
import Storage
import StorageSQLite
import WebUI

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "运行应用：网页与接口 · run an app: web pages and API", discussion: "例 · Example: weir serve apps/crm --demo")

    @Argument(help: "应用文件夹 · the app's folder") var app: String
    @OptionGroup var data: DataOptions
    @Option(help: "端口 · the port; 0 takes a free one") var port = 8080
    @Option(help: "监听地址 · the address to listen on") var host = "127.0.0.1"
    @Flag(help: "载入演示数据，每个角色一个用户 · load data/*.csv and make a user per role") var demo = false
    @Option(help: "每个密钥或会话每秒的请求数，0 不限 · requests a second of a key or a session; 0 for no limit") var rate = RateLimits.usual
    @Option(help: "外部访问本应用的地址，用于消息里的链接 · the address under which people reach the app, for links in messages") var address: String?
    @Flag(help: "发送恢复备份时扣住的消息 · send what was held since the data were restored") var releaseEffects = false
    @Option(help: .hidden) var database: String?
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let language = common.language
        if database != nil { throw LaterCommand.option("--database", in: language) }
        guard (0...65535).contains(port) else {
            throw Ending(Ending.wrongUsage, Words(zh: "端口应为 0 到 65535", en: "a port is a number from 0 to 65535"), in: language)
        }
        let folder = try AppFolder(app, language: language)
        let compiled = try folder.compiled(language: language)
        // Before a data folder is made: a server that cannot come to be leaves nothing behind.
        if let refusal = PortCheck.refusal(host: host, port: port) { throw Ending(Ending.worldsTrouble, refusal, in: language) }
        let store = try data.openStore(compiled, language: language)
        let engine = Engine(app: compiled, store: store, world: .real())
        try await sweep(store, engine.world)
        let secrets = try secrets(for: compiled, language: language)
        try await keepAddress(store, language: language)
        if releaseEffects {
            try await engine.releaseEffects()
        } else if try await engine.holdsEffects() {
            Terminal.error(
                Words(
                    zh: "这份数据恢复时扣住了对外发送；用 --release-effects 启动才会发送\n",
                    en: "nothing is sent: these data were restored with --hold-effects; serve them with --release-effects to send\n")[language])
        }
        let server = AppServer(engine: engine, limits: RateLimits(perSecond: rate), secrets: secrets)
        try await engine.resumeImports()
        let demoPeople = demo ? try await loadDemo(folder, engine, server, language: language) : []
        let running = RunningApp(
            store: store, engine: engine, server: server, links: DemoLinks(people: demoPeople), sources: folder.sources, authoring: Authoring(), secrets: secrets)
        let watch = SourceWatch(folder: folder.url.path)
        let reloading = Task { [app] in await Reloading(path: app, running: running, language: language).follow(watch) }
        let acting = Task { await running.driver.follow(running, language: language) }
        Task.detached(priority: .utility) { Pinyin.prepare() }
        let sending = Task { await running.courier.follow(running, language: language) }
        defer {
            acting.cancel()
            sending.cancel()
            watch.end()
            reloading.cancel()
        }
        try await run(running, language: language)
        await store.close()
    }

    /// What connectors need and must not stand in the app. One that is missing is told; what needs it fails until it is given.
    private func secrets(for app: CompiledApp, language: Language) throws -> Secrets {
        let secrets: Secrets
        do {
            secrets = try Secrets.load(environment: ProcessInfo.processInfo.environment, folder: data.path(for: app))
        } catch {
            throw Ending(Ending.worldsTrouble, error.words, in: language)
        }
        for missing in secrets.missing(in: app.model) {
            Terminal.error(
                Words(
                    zh: "`\(missing.user)` 需要机密 $\(missing.name)，没有给出\n",
                    en: "`\(missing.user)` needs the secret $\(missing.name), which is not given\n")[language])
        }
        return secrets
    }

    private func keepAddress(_ store: SQLiteStore, language: Language) async throws {
        guard var address else { return }
        while address.hasSuffix("/") { address.removeLast() }
        guard address.hasPrefix("https://") || address.hasPrefix("http://") else {
            throw Ending(Ending.wrongUsage, Words(zh: "--address 应以 https:// 开头", en: "--address begins with https://"), in: language)
        }
        try await store.write { [address] transaction in try transaction.set(address, forSetting: Engine.addressSetting) }
    }

    /// What is left over from before: nobody else is here yet.
    private func sweep(_ store: SQLiteStore, _ world: World) async throws {
        _ = try await store.sweepSessions(unusedSince: Accounts.sessionsOverBefore(world.clock.now()))
        _ = try await store.sweepFiles()
    }

    private func loadDemo(_ folder: AppFolder, _ engine: Engine, _ server: AppServer, language: Language) async throws -> [DemoPerson] {
        let report = try await engine.loadDemo(files: folder.demoFiles(), contents: folder.demoContents())
        for trouble in report.trouble {
            let place = trouble.line.map { "\(trouble.file):\($0)" } ?? trouble.file
            Terminal.error("\(place): \(trouble.words[language])\n")
        }
        let loaded =
            report.alreadyLoaded
            ? Words(zh: "演示数据早已载入，没有重复载入\n", en: "the demo data was loaded before and was left alone\n")
            : Words(zh: "已载入 \(report.created) 条演示记录\n", en: "loaded \(report.created) demo records\n")
        Terminal.error(loaded[language])
        return try await DemoPeople.make(engine: engine, accounts: server.accounts)
    }

    private func run(_ running: RunningApp, language: Language) async throws {
        var logger = Logger(label: "weir") { _ in StreamLogHandler.standardError(label: "weir") }
        logger.logLevel = .warning
        let links = running.version.links
        let host = host
        let application = Application(
            responder: SwitchingResponder(running: running), server: .onLoop, configuration: .init(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                Self.announce(host: host, port: port, links: links, language: language)
            }, logger: logger)
        do {
            try await application.runService()
        } catch {
            // Somebody else took the port since it was looked at, or the system has another reason.
            let words = PortCheck.refusal(host: host, port: port)
                ?? Words(zh: "不能监听 \(host):\(port)：\(error)", en: "cannot listen on \(host):\(port): \(error)")
            throw Ending(Ending.worldsTrouble, words, in: language)
        }
    }

    private static func announce(host: String, port: Int, links: DemoLinks, language: Language) {
        let address = "http://\(host == "0.0.0.0" ? "localhost" : host):\(port)"
        var text = Words(zh: "已启动 \(address)\n", en: "serving \(address)\n")[language]
        if !links.people.isEmpty {
            text += Words(zh: "演示登录（链接在本次运行中有效）：\n", en: "demo sign-in (links are good for this run):\n")[language]
            for person in links.people { text += "  \(person.role[language])  \(person.name)  \(address)\(links.path(of: person))\n" }
        }
        text += Words(zh: "按 Ctrl+C 停止\n", en: "Ctrl+C stops it\n")[language]
        Terminal.out(text)
    }
}
