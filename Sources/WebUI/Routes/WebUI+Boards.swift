import Engine
import Formula
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText
import Storage

extension WebUI {
    /// Boards and moving what lies on them.
    func addBoards(to router: Router<WeirContext>) {
        router.get("records/:object/board", use: page(board))
        router.get("records/:object/:id/move", use: page(moveForm))
        router.post("records/:object/:id/move", use: page(moveFilled))
        router.post("undo", use: action(undo))
    }

    /// Cards that a column shows, and how many more each time.
    private static let cardsEach = 30
    /// Facts of a card.
    private static let factsEach = 3
    /// A field of more options makes no columns.
    private static let mostColumns = 40

    // MARK: What makes the columns

    /// The stage, else the first choice that people enter; or the named one of these.
    func boardField(of object: CheckedObject, named name: String?) -> CheckedField? {
        let fields = boardFields(of: object)
        guard let name else { return fields.first }
        return fields.first { $0.name == name }
    }

    private func boardFields(of object: CheckedObject) -> [CheckedField] {
        let choices = object.fields.filter { field in
            guard case .choice(let list) = field.kind else { return false }
            return field.isWritable && list.options.count <= Self.mostColumns && !isOfFile(field, object)
        }
        return (object.stage.map { [engine.app.model[$0]] } ?? []) + choices
    }

    private func isOfFile(_ field: CheckedField, _ object: CheckedObject) -> Bool { object.builtIn == .file || object.builtIn == .user }

    private func sumFields(of object: CheckedObject) -> [CheckedField] {
        object.fields.filter { field in
            guard !field.isSystem, !isVolatile(field, object) else { return false }
            if case .money = field.kind { return true }
            if case .number = field.kind { return true }
            return false
        }
    }

    private func usualSum(_ fields: [CheckedField]) -> CheckedField? {
        let money = fields.filter { if case .money = $0.kind { true } else { false } }
        return money.first { $0.computed == nil } ?? money.first
    }

    // MARK: The board

    @Sendable private func board(_ visit: Visit) async throws -> Response {
        let object = try object(visit)
        var address = ListAddress(object: object.name, query: visit.query)
        address.after = nil
        guard let field = boardField(of: object, named: address.by) else { return redirect(to: address.link) }
        address.isBoard = true
        var refusal: (Words, [String])?
        if let name = visit.query.filled("ff") {
            switch try await clause(name, visit, on: object) {
            case .success(let clause): address.wheres.append(clause.formula)
            case .failure(let violation): refusal = (Say.filterWrong, [violation.words[visit.language]])
            }
        }
        if refusal == nil,
            visit.query.first("ff") != nil || visit.query.all("where") != address.wheres || visit.query.all("col").count > 1
                || visit.query.first("by") == "" || visit.query.first("sum") == ""
        {
            return redirect(to: address.firstPage)
        }
        var view: BoardPageView
        do {
            view = try await boardView(visit, object, field, address, refusal: refusal)
        } catch StoreError.notLowerable(let words) {
            view = try await boardView(visit, object, field, address, refusal: (Say.sortRefused, [words[visit.language]]))
        }
        let isRefused = if case .refused = view.list.body { true } else { false }
        return html(
            visit, title: visit.say(Say.boardOf(object.label)), current: object.name, status: isRefused ? .unprocessableContent : .ok, isError: isRefused
        ) { $0.boardPage(view) }
    }

    private func boardView(
        _ visit: Visit, _ object: CheckedObject, _ field: CheckedField, _ address: ListAddress, refusal: (Words, [String])?
    ) async throws -> BoardPageView {
        let language = visit.language
        let sums = sumFields(of: object)
        let sum = address.sum == "-" ? nil : sums.first { $0.name == address.sum } ?? usualSum(sums)
        let weighted = sum.flatMap { BoardFigures.weighting(of: $0, among: object.fields) }.flatMap { isVolatile($0, object) ? nil : $0 }
        let late = BoardFigures.lateness(among: object.fields)
        let folded = Set(visit.query.all("fold"))
        var refusal = refusal
        var columns: [BoardRequest.Column] = []
        var texts: [String] = []
        let shown = limits(visit)
        for key in keys(of: field, within: address) where refusal == nil {
            let text = "\(FilterClause.spelled(field.name)) \(key.map { "= '\($0.replacing("'", with: "''"))'" } ?? "is blank")"
            switch condition(address.wheres + [text], on: object, language: language) {
            case .failure(let wrong): refusal = (Say.filterWrong, wrong.lines)
            case .success(let condition):
                guard let condition, case .success(let own?) = self.condition([text], on: object, language: language) else { continue }
                texts.append(text)
                var lateOnes: CheckedExpression?
                if let late, case .success(let both) = self.condition([text, FilterClause.spelled(late.name)], on: object, language: language) {
                    lateOnes = both
                }
                columns.append(BoardRequest.Column(
                    key: key, own: own, condition: condition, late: lateOnes, limit: folded.contains(key ?? "") ? 0 : shown[key ?? ""] ?? Self.cardsEach))
            }
        }
        var list = try await listView(visit, object, address, refusal: refusal, given: .rows([]))
        var board: BoardView?
        if case .rows = list.body, case .success(let filter) = condition(address.wheres, on: object, language: language) {
            board = try await engine.board(
                BoardRequest(
                    field: field.id, condition: filter, columns: columns, search: address.search.isEmpty ? nil : address.search,
                    sort: sorts(address.sort, of: object), sums: [sum, weighted].compactMap { $0?.id }), as: visit.principal)
        }
        list.total = board.map { $0.columns.reduce(0) { $0 + $1.totals.count } }
        // What every link of the page keeps of how much is shown.
        let kept = shown.filter { $0.value != Self.cardsEach }.sorted { $0.key < $1.key }
        let facts = self.columns(of: object, named: address.columns).filter { $0.id != field.id }.prefix(Self.factsEach)
        let display = display(language)
        /// The board with so many cards and these columns folded.
        func boardLink(_ limits: [(key: String, value: Int)], _ folded: Set<String>, column: String? = nil) -> Link {
            Link(
                segments: ["records", object.name, "board"],
                query: address.query + limits.map { ("more", "\($0.value):\($0.key)") } + folded.sorted().map { ("fold", $0) }
                    + (column.map { [("column", $0)] } ?? []))
        }
        let here = boardLink(kept, folded)
        let chosen = visit.query.first("column") ?? board?.columns.first { $0.totals.count > 0 }?.key ?? columns.first?.key ?? ""
        let shownColumns = zip(board?.columns ?? [], texts).compactMap { column, text -> BoardPageView.Column? in
            let key = column.key ?? ""
            if column.key == nil, column.totals.count == 0 { return nil }
            let left = column.totals.count - column.cards.count
            var more: (count: Int, Link)?
            let isFolded = folded.contains(key)
            if left > 0, !isFolded, column.cards.count < Engine.mostRows {
                let wanted = min(column.cards.count + Self.cardsEach, Engine.mostRows)
                let others = kept.filter { $0.key != key } + [(key: key, value: wanted)]
                more = (min(left, wanted - column.cards.count), boardLink(others, folded, column: key))
            }
            func amount(_ position: Int, of field: CheckedField?, _ words: (String, String) -> Words) -> BoardPageView.Amount? {
                guard let field, position < column.totals.sums.count, let value = column.totals.sums[position] else { return nil }
                return (compact(value, language), words(field.label[language], display.number(value, of: field.kind))[language])
            }
            return BoardPageView.Column(
                key: key, label: column.key.map { display.label(ofOption: $0, of: field) } ?? Say.noValue[language], count: column.totals.count,
                sum: amount(0, of: sum, Say.sumIs), weighted: amount(1, of: weighted, Say.sumIs),
                late: column.late > 0
                    ? late.map { field in
                        let wheres = address.wheres + [text, FilterClause.spelled(field.name)]
                        return (column.late, field.label[language], ListAddress(object: object.name, query: visit.query).with(wheres: wheres))
                    } : nil,
                folding: boardLink(kept, folded.symmetricDifference([key])), isFolded: isFolded,
                cards: column.cards.map { card($0, board?.titles ?? [:], Array(facts), field, display, back: here) }, more: more,
                rest: left > 0 && column.cards.count >= Engine.mostRows
                    ? ListAddress(object: object.name, query: visit.query).with(wheres: address.wheres + [text]) : nil,
                isChosen: key == chosen,
                choosing: boardLink(kept, folded, column: key),
                takesCards: column.key != nil)
        }
        return BoardPageView(
            list: list, columns: shownColumns,
            choices: (
                boardFields(of: object).map { ($0.name, $0.label[language]) }, sums.map { ($0.name, $0.label[language]) }
            ),
            chosen: (field.name, sum?.name ?? "-"), kept: address.query.filter { $0.0 != "by" && $0.0 != "sum" } + folded.sorted().map { ("fold", $0) })
    }

    /// `more=60:quoted`: how many cards a column shows.
    private func limits(_ visit: Visit) -> [String: Int] {
        var limits: [String: Int] = [:]
        for text in visit.query.all("more") {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let count = Int(parts[0]), count > 0 else { continue }
            limits[String(parts[1])] = min(count, Engine.mostRows)
        }
        return limits
    }

    /// The options that the filter leaves, in their order; nil for blank.
    private func keys(of field: CheckedField, within address: ListAddress) -> [String?] {
        var keys: [String?] = (field.kind.options?.options.map(\.key) ?? []) + [nil]
        for formula in address.wheres {
            guard let (of, comparison, literal) = FilterClause(formula: formula).parts(on: engine.app.model[field.id.object]), of.id == field.id else {
                continue
            }
            let named = literal.map { $0.trimmed }.map { $0.hasPrefix("'") ? String($0.dropFirst().dropLast()).replacing("''", with: "'") : $0 }
            switch comparison {
            case .equals: keys = keys.filter { $0 == named }
            case .differs: keys = keys.filter { $0 != named }
            case .isBlank: keys = [nil]
            case .isNotBlank: keys = keys.filter { $0 != nil }
            case .contains, .atLeast, .atMost, .above, .below, .isYes, .isNo, .isMe: break
            }
        }
        return keys
    }

    private func card(
        _ card: BoardView.Card, _ titles: [RecordID: String], _ facts: [CheckedField], _ field: CheckedField, _ display: Display, back: Link
    ) -> BoardPageView.Card {
        let row = card.row
        let id = row.id
        let object = engine.app.model[id.object]
        return BoardPageView.Card(
            id: "card-\(id.number)", title: title(of: id, titles), link: link(to: id),
            moving: Link(
                segments: ["records", object.name, String(id.number), "move"], query: [("by", field.name), ("_back", back.text)]),
            facts: facts.filter { !row[$0.id].isBlank }.map { ($0.label[display.language], display.value(row[$0.id], of: $0, titles: titles)) },
            isHollow: isHollow(row),
            stay: card.entered.map { entered -> (short: String, long: String, stamp: String) in
                let days = max(0, Int((display.now.microseconds - entered.microseconds) / 86_400_000_000))
                return (
                    Say.daysInStage(days)[display.language], Say.sinceInStage(display.moment(entered))[display.language], entered.description
                )
            },
            gate: card.gate.flatMap { verdict -> (met: [Bool], words: String)? in
                guard case .stage(let stages) = field.kind, let stage = stages.stage(verdict.to) else { return nil }
                let met = verdict.items.map(\.isMet)
                return (met, Say.gateProgress(met.count { $0 }, of: met.count, stage.label)[display.language])
            })
    }

    // MARK: Taking back

    /// What a notice offered: the one thing it names, if it still can be.
    @Sendable private func undo(_ visit: Visit, _ form: FormFields) async throws -> Response {
        guard let offer = form.first("what").flatMap(UndoOffer.init(text:)) else { throw Problem.notFound }
        let action: SaveCommand.Action
        let id: RecordID
        switch offer {
        case .change(let name, let number, let version):
            guard let object = engine.app.model.object(named: name) else { throw Problem.notFound }
            id = RecordID(object: object.id, number: number)
            action = .undo(id, version: version)
        case .restore(let name, let number):
            guard let object = engine.app.model.object(named: name) else { throw Problem.notFound }
            id = RecordID(object: object.id, number: number)
            action = .restore(id)
        }
        let back = form.first("_back").flatMap(Link.init(sitePath:)) ?? link(to: engine.app.model[id.object])
        switch try await engine.save(SaveCommand(action, by: visit.principal)) {
        case .saved, .unchanged, .repeated: return redirect(to: back, notice: .undone)
        case .refused(let violations):
            throw Problem(.conflict, code: "refused", violations.first?.words ?? Say.failed)
        // Somebody was quicker; what is on the page is kept.
        case .conflict, .missing: return redirect(to: back, notice: .notUndone)
        case .requestKeyReused: throw Self.sentBefore
        case .held(let verdict): throw Problem(.conflict, code: "held", verdict.moveRefusal ?? Say.cannotMove)
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        }
    }
}

/// `128.5万`, `1.28亿`; `1.29M`: for heads and charts, beside the full number.
func compact(_ number: ExactDecimal, _ language: Language) -> String {
    let value = Double(number.description) ?? 0
    let units: [(Double, String)] =
        switch language {
        case .zh: [(1e12, "万亿"), (1e8, "亿"), (1e4, "万")]
        case .en: [(1e9, "B"), (1e6, "M"), (1e3, "K")]
        }
    // Rounded to what is shown before the unit is chosen, so that 999,999 is 1M and never 1000K; below the first unit nothing is rounded up into it.
    for (size, unit) in units {
        let hundredths = (abs(value) * 100 / size).rounded()
        if hundredths >= 100, abs(value) >= size || size > (units.last?.0 ?? 0) { return trimmedHundredths(hundredths, isNegative: value < 0) + unit }
    }
    return trimmedHundredths((abs(value) * 100).rounded(), isNegative: value < 0)
}

private func trimmedHundredths(_ hundredths: Double, isNegative: Bool) -> String {
    let whole = Int(hundredths) / 100, rest = Int(hundredths) % 100
    var text = grouped(whole)
    if rest > 0 { text += rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)" }
    return (isNegative ? "-" : "") + text
}
