import ArgumentParser
import Engine
import Formula
import JSON
import Model
import Program
import SourceText
import Storage

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "说明一个值怎么算的、一条记录为什么是这样 · explain a value, a stage, an assignment, a time that runs, an approval or a run",
        discussion: """
            例 · Examples:
              weir why apps/crm account/12 stars --data .weir/crm
              weir why apps/crm lead/3 --data .weir/crm
              weir why apps/crm lead/3 owner --data .weir/crm
              weir why apps/crm run/57 --data .weir/crm
            """)

    @Argument(help: "应用文件夹 · the app's folder") var app: String
    @Argument(help: "记录，如 account/12；或一次运行，如 run/57 · the record, such as account/12; or a run, such as run/57") var record: String
    @Argument(
        help: "字段，或 stage、owner、timer、sequence、approval、runs；不写则都说 · the field, or stage, owner, timer, sequence, approval, runs; all of these if left out") var field: String?
    @Option(help: "以谁的身份（登录名） · as whom, by login") var `as`: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let language = common.language
        let folder = try AppFolder(app, language: language)
        let compiled = try folder.compiled(language: language)
        if let run = runNumber(in: compiled), field == nil {
            let engine = try await data.openForReading(compiled, language: language)
            guard let view = try await engine.run(run) else {
                throw Ending(Ending.authorsTrouble, Words(zh: "没有运行 \(run)", en: "there is no run \(run)"), in: language)
            }
            let why = WhyActing(engine: engine, sources: folder.sources, language: language)
            Terminal.out(format.format == .json ? why.json.run(view, engine).text(pretty: true) + "\n" : why.text(view))
            return await engine.store.close()
        }
        let (object, number) = try target(in: compiled, language)
        let question = try question(of: object, compiled, language)
        let engine = try await data.openForReading(compiled, language: language)
        let id = RecordID(object: object.id, number: number)
        let principal = try await People(engine: engine, language: language).principal(login: `as`)
        switch question {
        case .field(let field):
            guard let explanation = try await engine.explanation(of: field, on: id, as: principal, in: language) else { throw missing(language) }
            switch format.format {
            case .json: Terminal.out(json(explanation, compiled, language).text(pretty: true) + "\n")
            case .text: Terminal.out(try await text(explanation, engine, principal, compiled, language))
            }
        case .acting(let aspects):
            let why = WhyActing(engine: engine, sources: folder.sources, language: language)
            guard let found = try await why.found(id, aspects, as: principal) else { throw missing(language) }
            Terminal.out(format.format == .json ? why.json(found).text(pretty: true) + "\n" : why.text(found))
        }
        await engine.store.close()
    }

    private enum Question {
        case field(FieldID)
        case acting([WhyActing.Aspect])
    }

    /// A field by this name comes first, unless it is filled in by what acts.
    private func question(of object: CheckedObject, _ app: CompiledApp, _ language: Language) throws -> Question {
        guard let word = field else { return .acting(WhyActing.Aspect.allCases) }
        if let field = object.field(named: word) {
            if field.computed != nil { return .field(field.id) }
            if case .stage = field.kind { return .acting([.stage]) }
            if app.model.assignments.contains(where: { $0.field == field.id }) { return .acting([.assignment]) }
            return .field(field.id)
        }
        if let aspect = WhyActing.Aspect(word: word) { return .acting([aspect]) }
        guard word != "access" else {
            throw Ending(Ending.wrongUsage, Words(zh: "这一版还没有权限策略，`access` 没有可说明的", en: "this version has no policies yet, so there is nothing to explain about `access`"), in: language)
        }
        let known = object.fields.map(\.name) + WhyActing.Aspect.allCases.map(\.word)
        let guess = closestMatch(to: word, among: known)
        throw Ending(
            Ending.authorsTrouble,
            Words(
                zh: "`\(object.name)` 没有字段 `\(word)`" + (guess.map { "，是指 `\($0)` 吗？" } ?? ""),
                en: "`\(object.name)` has no field `\(word)`" + (guess.map { "; did you mean `\($0)`?" } ?? "")), in: language)
    }

    private func missing(_ language: Language) -> Ending {
        Ending(Ending.authorsTrouble, Words(zh: "没有记录 `\(record)`", en: "there is no record `\(record)`"), in: language)
    }

    /// Of `run/57`, where no object of the app is called so.
    private func runNumber(in app: CompiledApp) -> Int64? {
        let parts = record.split(separator: "/")
        guard parts.count == 2, parts[0] == "run", app.model.object(named: "run") == nil else { return nil }
        return Int64(parts[1])
    }

    private func target(in app: CompiledApp, _ language: Language) throws -> (CheckedObject, Int64) {
        let parts = record.split(separator: "/")
        guard parts.count == 2, let number = Int64(parts[1]), let object = app.model.object(named: String(parts[0])) else {
            throw Ending(
                Ending.wrongUsage, Words(zh: "记录写作 `对象/编号`，如 account/12", en: "a record is `OBJECT/NUMBER`, such as account/12"), in: language)
        }
        return (object, number)
    }

    // MARK: Text

    /// The tree of the field, and below it those of the formula fields that it reads.
    private func text(
        _ first: FieldExplanation, _ engine: Engine, _ principal: Principal, _ app: CompiledApp, _ language: Language
    ) async throws -> String {
        var text = ""
        var seen: Set<Key> = []
        var open = [first]
        while !open.isEmpty, seen.count < 20 {
            let explanation = open.removeFirst()
            guard seen.insert(Key(field: explanation.field, record: explanation.record)).inserted else { continue }
            let field = app.model[explanation.field]
            text += "\(app.text(of: explanation.record)) · \(field.label[language])\n"
            if explanation.trees.isEmpty {
                let value = explanation.value.text(of: Self.type(of: explanation.field, app), at: explanation.moment) { explanation.titles[$0] ?? app.text(of: $0) }
                text += "  \(value.isEmpty ? Words(zh: "空", en: "blank")[language] : value)  "
                    + Words(zh: "（填写的值，不是公式）", en: "(filled in, not a formula)")[language] + "\n"
            }
            for tree in explanation.trees {
                for line in tree.lines(at: explanation.moment, indented: 1, title: { explanation.titles[$0] ?? app.text(of: $0) }) { text += line + "\n" }
                for (field, record) in tree.formulaFields(in: app.model) where !seen.contains(Key(field: field, record: record)) {
                    if let further = try await engine.explanation(of: field, on: record, as: principal, in: language) { open.append(further) }
                }
            }
        }
        return text
    }

    private static func type(of field: FieldID, _ app: CompiledApp) -> FormulaType {
        app.model.schema.objects[field.object.index].fields[field.index].type ?? .error
    }

    private struct Key: Hashable {
        let field: FieldID
        let record: RecordID
    }

    // MARK: JSON

    private func json(_ explanation: FieldExplanation, _ app: CompiledApp, _ language: Language) -> JSONValue {
        .object([
            .init("record", .string(app.text(of: explanation.record))), .init("field", .string(app.model[explanation.field].name)),
            .init("value", shown(explanation.value, Self.type(of: explanation.field, app), explanation, app)),
            .init("trees", .array(explanation.trees.map { tree($0, explanation, app, language) })),
        ])
    }

    private func tree(_ part: Explanation, _ all: FieldExplanation, _ app: CompiledApp, _ language: Language) -> JSONValue {
        var members: [JSONValue.Member] = [.init("text", .string(part.text)), .init("value", shown(part.value, part.type, all, app))]
        if let note = part.note { members.append(.init("note", .string(note[language]))) }
        if part.isFolded { members.append(.init("folded", .bool(true))) }
        if let rows = part.rows {
            members.append(.init("rows", .number(String(rows.count))))
            members.append(.init("left_out", .number(String(rows.leftOut))))
        }
        if !part.parts.isEmpty { members.append(.init("parts", .array(part.parts.map { tree($0, all, app, language) }))) }
        return .object(members)
    }

    private func shown(_ value: Value, _ type: FormulaType, _ all: FieldExplanation, _ app: CompiledApp) -> JSONValue {
        value.isBlank ? .null : .string(value.text(of: type, at: all.moment) { all.titles[$0] ?? app.text(of: $0) })
    }
}
