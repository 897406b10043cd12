import Definition
package import Formula
import SourceText

extension AppChecker {
    /// Formulas that are checked one inside another, each waiting for the type of the next: the stack is not endless.
    static let maximumChain = 50

    /// The type of a computed field, checking its formula if nobody has asked before.
    func type(of id: FieldID) -> FormulaType {
        let field = objects[id.object.index].fields[id.index]
        if case .known(let type) = field.typing { return type }
        if let place = typing.firstIndex(of: id) {
            reportCycle(Array(typing[place...]))
            return .error
        }
        guard typing.count < Self.maximumChain else {
            if let name = objects[id.object.index].fields[id.index].located { report.report(.chainTooLong(name, limit: Self.maximumChain)) }
            return .error
        }
        typing.append(id)
        defer { typing.removeLast() }
        compute(field)
        let type = objects[id.object.index].fields[id.index].kind?.formulaType(fileObject: self.id(of: .file)) ?? .error
        objects[id.object.index].fields[id.index].typing = .known(type)
        return type
    }

    func reportCycle(_ fields: [FieldID]) {
        guard let first = fields.first, let name = objects[first.object.index].fields[first.index].located else { return }
        cyclic.formUnion(fields)
        let others = fields.dropFirst().map { id in
            let object = objects[id.object.index]
            return id.object == first.object ? object.fields[id.index].name : "\(object.name).\(object.fields[id.index].name)"
        }
        report.report(.formulaCycle(through: name, then: others))
    }

    /// Checks the formulas of all computed fields; afterwards `schema` knows their types.
    func checkComputedFields() {
        for object in objects {
            for field in object.fields where field.isComputed { _ = type(of: field.id) }
        }
        makeSchema()
    }

    private func compute(_ field: FieldDraft) {
        if case .decay(let formula)? = field.derived {
            // What may be wrong in it is told where its author wrote it.
            var unheard = Diagnostics()
            if let expression = formulas.check(formula, in: FormulaScope(this: field.id.object), expecting: .number, report: &unheard) {
                set(.formula(expression), for: field.id)
            }
            return
        }
        guard let written = field.definition else { return }
        let scope = FormulaScope(this: field.id.object, allowsMe: true)
        var found = Diagnostics()
        defer { for diagnostic in found.found { report.report(diagnostic) } }
        guard let formula = written.formula else {
            let entries = written.points.compactMap { points in
                formulas.checkPoints(points.entry, in: scope, report: &found).map { CheckedPoints(name: points.name.value, entry: $0) }
            }
            if entries.count == written.points.count { set(.points(entries), for: field.id) }
            return
        }
        let wanted = field.kind?.formulaType(fileObject: id(of: .file))
        guard let expression = formulas.check(formula, in: scope, expecting: wanted, report: &found) else { return }
        set(.formula(expression), for: field.id)
        // A type that was written but could not be read stays unknown.
        guard field.kind == nil, written.type == nil else { return }
        if case .error = expression.type { return }
        guard let kind = FieldKind(holding: expression.type, decimals: written.decimals?.value) else {
            let isList = if case .list = expression.type { true } else { false }
            found.report(ModelIssue.unusableResult(written.name, isList: isList).diagnostic)
            return
        }
        if let decimals = written.decimals, kind.decimals == nil { found.report(ModelIssue.decimalsDoNotFit(decimals.span).diagnostic) }
        objects[field.id.object.index].fields[field.id.index].kind = kind
    }

    private func set(_ computation: Computation, for id: FieldID) {
        objects[id.object.index].fields[id.index].computed = computation
    }

    /// Finds formulas that lead back to themselves by ways that typing does not see: over written types, and over `shows`.
    func checkCycles(_ shows: [CheckedTemplate]) {
        var search = CycleSearch(checker: self, shows: shows)
        for object in objects {
            for field in object.fields where field.computed != nil && !cyclic.contains(field.id) { search.visit(.field(field.id)) }
        }
        for object in objects { search.visit(.shows(object.id)) }
        if !report.hasErrors { checkTitles(shows) }
    }
}

extension AppChecker {
    /// Records whose names are made of other records' names, and those of further ones: to say one must not mean to read half the app.
    static let maximumTitleWays = 50

    /// There are no circles among the templates any more.
    private func checkTitles(_ shows: [CheckedTemplate]) {
        var known: [ObjectID: Int] = [:]
        func ways(_ object: ObjectID) -> Int {
            if let known = known[object] { return known }
            let linked = shows[object.index].expressions.flatMap { Array($0.titlesMentioned) }
            let total = linked.reduce(0) { $0 >= Self.maximumTitleWays ? $0 : $0 + 1 + ways($1) }
            known[object] = min(total, Self.maximumTitleWays)
            return total
        }
        for object in objects where ways(object.id) >= Self.maximumTitleWays {
            report.report(.titleTooWide(object.name, limit: Self.maximumTitleWays, at: object.definition?.shows?.zh.span ?? object.declaredAt ?? header.span))
            return
        }
    }
}

/// A depth-first walk over formulas and templates along what they read. With a stack of its own: a chain may run through a whole app.
private struct CycleSearch {
    enum Node: Hashable {
        case field(FieldID)
        case shows(ObjectID)
    }

    let checker: AppChecker
    let shows: [CheckedTemplate]
    private var done: Set<Node> = []
    /// The nodes on the way, and what of each is still to be visited, last first.
    private var way: [Node] = []
    private var open: [[Node]] = []
    private var places: [Node: Int] = [:]

    init(checker: AppChecker, shows: [CheckedTemplate]) {
        self.checker = checker
        self.shows = shows
    }

    mutating func visit(_ start: Node) {
        guard !done.contains(start) else { return }
        enter(start)
        while !way.isEmpty {
            guard let next = open[open.count - 1].popLast() else {
                leave()
                continue
            }
            if let place = places[next] {
                tell(Array(way[place...]))
            } else if !done.contains(next) {
                enter(next)
            }
        }
    }

    private mutating func enter(_ node: Node) {
        places[node] = way.count
        way.append(node)
        open.append(reads(of: node).reversed())
    }

    private mutating func leave() {
        let node = way.removeLast()
        open.removeLast()
        places[node] = nil
        done.insert(node)
    }

    private func reads(of node: Node) -> [Node] {
        let expressions: [CheckedExpression]
        switch node {
        case .field(let id):
            guard !checker.cyclic.contains(id) else { return [] }
            expressions = checker.objects[id.object.index].fields[id.index].computed?.expressions ?? []
        case .shows(let id):
            expressions = shows[id.index].expressions
        }
        // In a fixed order, so that the same cycle is told the same way each time.
        return expressions.flatMap { expression in
            expression.fieldsMentioned.sorted { ($0.object.index, $0.index) < ($1.object.index, $1.index) }.map(Node.field)
                + expression.titlesMentioned.sorted { $0.index < $1.index }.map(Node.shows)
        }
    }

    private func tell(_ cycle: [Node]) {
        let fields = cycle.compactMap { if case .field(let id) = $0 { id } else { nil } }
        if fields.count == cycle.count {
            if checker.cyclic.isDisjoint(with: fields) { checker.reportCycle(fields) }
            return
        }
        // Told at the first template on the way, which is where people can break it most easily.
        guard let start = cycle.firstIndex(where: { if case .shows = $0 { true } else { false } }), case .shows(let id) = cycle[start] else { return }
        let object = checker.objects[id.index]
        let rest = cycle[(start + 1)...] + cycle[..<start]
        checker.report.report(
            .showsCycle(object: object.name, then: rest.map(name), at: object.definition?.shows?.zh.span ?? object.declaredAt ?? checker.header.span))
    }

    private func name(_ node: Node) -> String {
        switch node {
        case .field(let id): "\(checker.objects[id.object.index].name).\(checker.objects[id.object.index].fields[id.index].name)"
        case .shows(let id): "\(checker.objects[id.index].name).shows"
        }
    }
}

extension CheckedExpression {
    /// Every field that is read, of whatever record.
    package var fieldsMentioned: Set<FieldID> {
        var fields: Set<FieldID> = []
        root.forEach { node in
            switch node.form {
            case .field(let id, _), .follow(_, let id): fields.insert(id)
            case .aggregate(let aggregate):
                if case .children(_, let link) = aggregate.set { fields.insert(link) }
            case .literal, .record, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank, .isValid,
                .oneOf, .member, .isObject, .contains, .conditional, .coalesce, .ifError, .isError, .call, .convert:
                break
            }
        }
        return fields
    }

    /// Objects whose records are read as text, by their `shows`.
    package var titlesMentioned: Set<ObjectID> {
        var objects: Set<ObjectID> = []
        root.forEach { node in
            switch node.form {
            case .convert(.toText, let value):
                objects.formUnion(value.type.linkedObjects)
            case .aggregate(let aggregate):
                // `join` makes texts of its rows.
                guard case .join = aggregate.kind, let type = aggregate.value?.type else { return }
                objects.formUnion(type.linkedObjects)
            case .literal, .field, .record, .follow, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not,
                .isBlank, .isValid, .oneOf, .member, .isObject, .contains, .conditional, .coalesce, .ifError, .isError, .call, .convert:
                break
            }
        }
        return objects
    }
}
