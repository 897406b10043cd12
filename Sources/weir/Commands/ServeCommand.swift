import ArgumentParser
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
        let engine = try await data.openForWriting(compiled, language: language)
        let server = AppServer(engine: engine, limits: RateLimits(perSecond: rate))
        let pages = WebUI(server: server, sources: folder.sources)
        try await engine.resumeImports()
        let demoPeople = demo ? try await loadDemo(folder, engine, server, language: language) : []
        try await run(server, pages, demoPeople, language: language)
        await engine.store.close()
    }

    private func loadDemo(_ folder: AppFolder, _ engine: Engine, _ server: AppServer, language: Language) async throws -> [DemoPerson] {
        let report = try await engine.loadDemo(files: folder.demoFiles())
        for trouble in report.trouble {
            let place = trouble.line.map { "\(trouble.file):\($0)" } ?? trouble.file
            Terminal.error("\(place): \(trouble.words[language])\n")
        }
        return try await DemoPeople.make(engine: engine, accounts: server.accounts)
    }

    private func run(_ server: AppServer, _ pages: WebUI, _ people: [DemoPerson], language: Language) async throws {
        var logger = Logger(label: "weir") { _ in StreamLogHandler.standardError(label: "weir") }
        logger.logLevel = .warning
        let links = DemoLinks(people: people)
        let router = server.router(errorPage: { pages.errorPage($0, $1) }) { router in
            pages.addPages(to: router)
            links.add(to: router, accounts: server.accounts)
        }
        let host = host
        let application = Application(
            router: router, server: .onLoop, configuration: .init(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                Self.announce(host: host, port: port, links: links, language: language)
            }, logger: logger)
        do {
            try await application.runService()
        } catch {
            throw Ending(
                Ending.worldsTrouble,
                Words(zh: "不能监听 \(host):\(port)：\(error)", en: "cannot listen on \(host):\(port): \(error)"), in: language)
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
