import ArgumentParser
import Engine
import Formula
import Foundation
import JSON
import Model
import Program
import SourceText
import Storage

struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "计算一个公式 · evaluate one formula, or a batch of JSON lines",
        discussion: "例 · Example: weir eval \"amount * rate\" --with '{\"amount\":1200,\"rate\":0.3}'")

    @Argument(help: "公式 · the formula") var expression: String?
    @Option(help: "输入，JSON · inputs as JSON") var with: String?
    @Option(help: "输入的类型，JSON · their types as JSON, such as {\"when\":\"date\"}") var types: String?
    @Option(help: "当前时间 · the present, RFC 3339") var now: String?
    @Option(help: "时区，默认 Asia/Shanghai 或应用的时区 · the zone; Asia/Shanghai or the app's if left out") var zone: String?
    @Option(help: "native | sqlite | postgres | all") var engine: String = "native"
    @Option(help: "PostgreSQL 服务器 · a PostgreSQL server: postgresql://user@host/database") var database: String?
    @Option(help: "JSON 行文件，- 为标准输入 · a file of JSON lines, - for standard input") var batch: String?
    @Option(help: "工作日历：plain、china 或应用的日历 · the calendar of working days: plain, china, or one of the app's") var calendar: String?
    @Option(help: "用这个应用的时区和日历 · the zone and the calendars of the app in this folder") var app: String?
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run() throws {
        let language = common.language
        if batch != nil, expression != nil {
            throw usage(Words(zh: "--batch 与单个公式不能同时使用", en: "--batch takes no formula beside it"))
        }
        let setting = try Setting(app: app.map { try AppFolder($0, language: language).compiled(language: language).model })
        let engines = try FormulaEngines(engine, database: database, language: language)
        if let batch { return try runBatch(batch, on: engines, setting) }
        guard let expression else { throw usage(Words(zh: "请给出公式或 --batch", en: "give a formula or --batch")) }
        let trial = FormulaTrial(
            expression: expression, inputs: try members(of: with, "--with"), types: try members(of: types, "--types"),
            now: try instant(now, setting), zone: try place(setting), calendar: try workingDays(setting), calendars: setting.calendars)
        switch try engines.answer(to: trial) {
        case .value(let value, let type, _): show(value, type, of: trial)
        case .wrong(let sources, let diagnostics):
            switch format.format {
            case .json: Terminal.out(DiagnosticJSON(sources: sources, language: language).value(of: diagnostics).text(pretty: true) + "\n")
            case .text: Terminal.error(DiagnosticText(sources: sources, language: language, colour: Terminal.errorTakesColour).render(diagnostics))
            }
            throw Ending(Ending.authorsTrouble, in: language)
        case .badInput(let words): throw usage(words)
        case .notLowerable(let reason): throw Ending(Ending.authorsTrouble, reason, in: language)
        case .disagreement(let answers): throw Ending(Ending.ourBug, Self.disagreement(answers, trial, language), in: language)
        }
    }

    private static func disagreement(_ answers: [(FormulaEngines.Name, Value)], _ trial: FormulaTrial, _ language: Language) -> Words {
        let said = answers.map { "\($0.0.rawValue): \(trial.json($0.1, language: language).text())" }.joined(separator: ", ")
        return Words(zh: "各引擎的结果不同：\(said)", en: "the engines disagree: \(said)")
    }

    private func show(_ value: Value, _ type: FormulaType, of trial: FormulaTrial) {
        let language = common.language
        switch format.format {
        case .json:
            let document = JSONValue.object([.init("value", trial.json(value, language: language)), .init("type", .string(FormulaTrial.name(of: type)))])
            Terminal.out(document.text() + "\n")
        case .text:
            switch value {
            case .failure(let failure): Terminal.out("\(failure.code.rawValue): \(failure.words[language])\n")
            default:
                let json = trial.json(value, language: language)
                Terminal.out((json.asString ?? json.text()) + "\n")
            }
        }
    }

    // MARK: Batches

    private func runBatch(_ path: String, on engines: FormulaEngines, _ setting: Setting) throws {
        let language = common.language
        let text: Data = path == "-" ? FileHandle.standardInput.readDataToEndOfFile() : try read(path)
        let standard = FormulaTrial(
            expression: "", now: try instant(now, setting), zone: try place(setting), calendar: try workingDays(setting), calendars: setting.calendars)
        for line in text.split(separator: UInt8(ascii: "\n")) where !line.allSatisfy({ $0 == 32 || $0 == 13 || $0 == 9 }) {
            Terminal.out(try answer(to: Array(line), on: engines, as: standard, setting, language).text() + "\n")
        }
    }

    /// - Parameter standard: What holds where a line does not say otherwise.
    private func answer(
        to line: [UInt8], on engines: FormulaEngines, as standard: FormulaTrial, _ setting: Setting, _ language: Language
    ) throws -> JSONValue {
        let request: JSONValue
        do {
            request = try JSONValue.parse(line)
        } catch {
            return Self.failed(.null, code: "bad_json", language == .zh ? error.chinese : error.english)
        }
        let id = request["id"] ?? .null
        guard let expression = request["expr"]?.asString else { return Self.failed(id, code: "bad_json", "expr") }
        var trial = standard
        trial.expression = expression
        trial.inputs = request["inputs"]?.asObject ?? []
        trial.types = request["types"]?.asObject ?? []
        if let name = request["zone"]?.asString {
            guard let zone = Zone(name: name) else { return Self.failed(id, code: "bad_zone", name) }
            trial.zone = zone
        }
        if let name = request["calendar"]?.asString {
            guard let calendar = setting.calendar(named: name) else { return Self.failed(id, code: "bad_calendar", name) }
            trial.calendar = calendar
        }
        if let text = request["now"]?.asString {
            guard let now = Instant(text) ?? Instant(local: text, in: trial.zone) else { return Self.failed(id, code: "bad_now", text) }
            trial.now = now
        }
        switch try engines.answer(to: trial) {
        case .value(.failure(let failure), _, _): return Self.failed(id, code: failure.code.rawValue, failure.words[language])
        case .value(let value, let type, let by):
            var members: [JSONValue.Member] = [
                .init("id", id), .init("value", trial.json(value, language: language)), .init("type", .string(FormulaTrial.name(of: type))),
            ]
            if engine == "all" { members.append(.init("engines", .array(by.map { .string($0.rawValue) }))) }
            return .object(members)
        case .wrong(_, let diagnostics):
            let first = diagnostics.inOrder.first
            return Self.failed(id, code: first?.code ?? "formula", first?.message[language] ?? "")
        case .badInput(let words): return Self.failed(id, code: "bad_input", words[language])
        case .notLowerable(let reason): return Self.failed(id, code: "not_lowerable", reason[language])
        case .disagreement(let answers): return Self.failed(id, code: "engines_disagree", Self.disagreement(answers, trial, language)[language])
        }
    }

    private static func failed(_ id: JSONValue, code: String, _ message: String) -> JSONValue {
        .object([.init("id", id), .init("error", .object([.init("code", .string(code)), .init("message", .string(message))]))])
    }

    // MARK: Options

    private func usage(_ words: Words) -> Ending { Ending(Ending.wrongUsage, words, in: common.language) }

    private func read(_ path: String) throws -> Data {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Ending(Ending.worldsTrouble, Words(zh: "不能读取 \(path)", en: "cannot read \(path)"), in: common.language)
        }
        return data
    }

    private func members(of text: String?, _ option: String) throws -> [JSONValue.Member] {
        guard let text else { return [] }
        guard let members = try? JSONValue.parse(text).asObject else {
            throw usage(Words(zh: "\(option) 应为 JSON 对象", en: "\(option) is a JSON object"))
        }
        return members
    }

    private func place(_ setting: Setting) throws -> Zone {
        guard let name = zone else { return setting.zone }
        guard let zone = Zone(name: name) else { throw usage(Words(zh: "没有时区 `\(name)`", en: "there is no zone `\(name)`")) }
        return zone
    }

    private func workingDays(_ setting: Setting) throws -> BusinessCalendar {
        guard let name = calendar else { return setting.calendar }
        guard let calendar = setting.calendar(named: name) else {
            let names = (BusinessCalendar.standard + setting.calendars).map(\.name)
            throw usage(
                Words(
                    zh: "没有日历 `\(name)`，可选 \(names.joined(separator: "、"))", en: "there is no calendar `\(name)`, only \(names.joined(separator: ", "))"))
        }
        return calendar
    }

    private func instant(_ text: String?, _ setting: Setting) throws -> Instant {
        guard let text else { return SystemClock().now() }
        let place = try place(setting)
        guard let instant = Instant(text) ?? Instant(local: text, in: place) else {
            throw usage(Words(zh: "--now 应如 2026-02-12T09:00:00Z", en: "--now is like 2026-02-12T09:00:00Z"))
        }
        return instant
    }
}

/// Where and by which calendars formulas are tried: as an app has it, else in Shanghai from Monday to Friday.
private struct Setting {
    let zone: Zone
    let calendar: BusinessCalendar
    let calendars: [BusinessCalendar]

    init(app: CheckedApp?) {
        zone = app?.zone ?? Zone(name: "Asia/Shanghai") ?? .utc
        calendar = app?.calendar ?? .plain
        calendars = app?.calendars ?? []
    }

    func calendar(named name: String) -> BusinessCalendar? {
        calendars.first { $0.name == name } ?? BusinessCalendar.named(name)
    }
}
