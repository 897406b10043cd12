import Definition
import Formula
import SourceText

extension FieldKind {
    /// Decimals of a number or a percentage that says nothing else.
    static let defaultDecimals = 6
    /// Decimals of an amount that says nothing else.
    static let defaultMoneyDecimals = 2

    /// Of the kinds that are numbers.
    package var decimals: Int? {
        switch self {
        case .number(let decimals), .money(let decimals, _), .percent(let decimals): decimals
        case .text, .longText, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location, .link, .links, .file, .files, .autonumber, .stage:
            nil
        }
    }

    /// What holds the result of a formula of this type; nil for lists, blanks and what was wrong.
    init?(holding type: FormulaType, decimals: Int?) {
        switch type {
        case .number: self = .number(decimals: decimals ?? Self.defaultDecimals)
        case .money(let currency): self = .money(decimals: decimals ?? Self.defaultMoneyDecimals, currency: currency)
        case .percent: self = .percent(decimals: decimals ?? Self.defaultDecimals)
        case .text(.plain): self = .text
        case .text(.phone(let region)): self = .phone(region: region)
        case .text(.email): self = .email
        case .text(.url): self = .url
        case .text(.address): self = .address
        case .text(.uscc): self = .uscc
        case .text(.citizenNumber): self = .cnID
        case .location: self = .location
        case .bool: self = .bool
        case .date: self = .date
        case .datetime: self = .datetime
        case .duration: self = .duration
        case .choice(let list): self = .choice(list)
        case .choices(let list): self = .choices(list)
        case .tags: self = .tags
        case .link(let objects): self = .link(to: objects)
        case .links, .list, .blank, .error: return nil
        }
    }
}

extension AppChecker {
    /// Gives every field its identity and, if it is not computed, its kind.
    func resolveFields() {
        let users = id(of: .user)
        let roleList = OptionList(
            name: "roles", options: roles.map { OptionList.Option(key: $0.name, labelZh: $0.label.zh, labelEn: $0.label.en) })
        for index in objects.indices {
            var fields: [FieldDraft] = []
            let object = objects[index]
            func append(_ name: String, _ label: Words, _ kind: FieldKind?) {
                fields.append(FieldDraft(id: FieldID(object: object.id, index: fields.count), name: name, label: label, kind: kind))
            }
            for system in SystemField.allCases { append(system.name, system.label, system.kind(users: users)) }
            for builtIn in object.builtIn?.fields(users: users, about: subjects(of: object), roles: roleList) ?? [] {
                append(builtIn.name, builtIn.label, builtIn.kind)
                fields[fields.count - 1].isBuiltIn = true
                fields[fields.count - 1].isRequired = builtIn.isRequired
                fields[fields.count - 1].isUnique = builtIn.isUnique
            }
            let ready = fields.count
            for written in object.definition?.fields ?? [] {
                if let known = fields[..<ready].firstIndex(where: { $0.name == written.name.value }) {
                    extend(&fields[known], with: written, of: object.name)
                    continue
                }
                append(written.name.value, written.label?.words(or: written.name.value) ?? Words(same: written.name.value), nil)
                fill(&fields[fields.count - 1], from: written, of: object)
            }
            if fields.count > Self.maximumFields, let span = object.declaredAt {
                report.report(.tooMany(Words(zh: "字段", en: "fields"), limit: Self.maximumFields, at: span))
            }
            objects[index].fields = fields
        }
    }

    /// What records of a built-in object can be about: everything that is not itself a note on something; files also hang on those.
    private func subjects(of object: ObjectDraft) -> [ObjectID] {
        objects.filter { other in
            switch other.builtIn {
            case nil, .user: true
            case .activity, .task: object.builtIn == .file
            case .file: false
            }
        }.map(\.id)
    }

    private func extend(_ field: inout FieldDraft, with written: FieldDefinition, of object: String) {
        field.definition = written
        if let label = written.label { field.label = label.words(or: field.name) }
        field.help = written.help?.words(or: "")
        field.group = written.group?.words(or: "")
        let changed: [(String, Bool)] = [
            ("type", written.type != nil), ("required", written.isRequired != nil), ("unique", written.isUnique != nil),
            ("decimals", written.decimals != nil), ("clean", !written.clean.isEmpty), ("formula", written.formula != nil),
            ("points", !written.points.isEmpty), ("options", !written.addedOptions.isEmpty && field.name != "kind"),
        ]
        if let (key, _) = changed.first(where: \.1) {
            // What is built in stays as it is.
            field.definition?.formula = nil
            field.definition?.points = []
            if case .unreadable? = written.type?.value { return }
            report.report(.builtInField(written.name, of: object, key: key))
            return
        }
        guard case .choice(let list)? = field.kind, !written.addedOptions.isEmpty else { return }
        var options = list.options
        for added in written.addedOptions {
            let option = Self.option(added)
            if let known = options.firstIndex(where: { $0.key == option.key }) {
                if added.label != nil { options[known] = option }
            } else {
                options.append(option)
            }
        }
        field.kind = .choice(OptionList(name: list.name, options: options))
    }

    private func fill(_ field: inout FieldDraft, from written: FieldDefinition, of object: ObjectDraft) {
        field.definition = written
        field.isRequired = written.isRequired?.value ?? false
        field.isUnique = written.isUnique?.value ?? false
        field.help = written.help?.words(or: "")
        field.group = written.group?.words(or: "")
        if let type = written.type?.value {
            field.kind = kind(type, of: written, on: object)
            return
        }
        if !written.points.isEmpty {
            field.kind = .number(decimals: written.decimals?.value ?? FieldKind.defaultDecimals)
        } else if written.formula == nil {
            report.report(.missingType(written.name))
        }
    }

    /// As `kind(_:of:on:)`, of a field that no object has.
    ///
    /// - Parameter owner: What its options are called after.
    func kind(_ type: FieldTypeDefinition, of field: FieldDefinition, called owner: String) -> FieldKind? {
        switch type {
        case .choice(let options): self.options(options, of: field.name, on: owner).map(FieldKind.choice)
        case .choices(let options): self.options(options, of: field.name, on: owner).map(FieldKind.choices)
        case .stage: nil
        case .text, .longText, .number, .percent, .money, .bool, .date, .datetime, .duration, .tags, .email, .url, .phone, .link, .links, .file, .files, .address,
            .location, .uscc, .citizenNumber, .autonumber, .unreadable:
            self.kind(type, of: field, on: objects[id(of: .user).index])
        }
    }

    private func kind(_ type: FieldTypeDefinition, of field: FieldDefinition, on object: ObjectDraft) -> FieldKind? {
        switch type {
        case .text: return .text
        case .longText: return .longText
        case .number: return .number(decimals: field.decimals?.value ?? FieldKind.defaultDecimals)
        case .percent: return .percent(decimals: field.decimals?.value ?? FieldKind.defaultDecimals)
        case .money(let code):
            return .money(decimals: field.decimals?.value ?? FieldKind.defaultMoneyDecimals, currency: code.flatMap(checkedCurrency) ?? currency)
        case .bool: return .bool
        case .date: return .date
        case .datetime: return .datetime
        case .duration: return .duration
        case .choice(let options): return self.options(options, of: field.name, on: object.name).map(FieldKind.choice)
        case .choices(let options): return self.options(options, of: field.name, on: object.name).map(FieldKind.choices)
        case .tags: return .tags
        case .email: return .email
        case .url: return .url
        case .phone(let region): return .phone(region: region.map(checkedRegion) ?? "CN")
        case .link(let names, _, _):
            let objects = names.compactMap { self.object(named: $0) }
            return objects.count == names.count ? .link(to: objects) : nil
        case .links(let name, _, _): return self.object(named: name).map { .links(to: [$0]) }
        case .file: return .file
        case .files: return .files
        case .address: return .address
        case .location: return .location
        case .uscc: return .uscc
        case .citizenNumber: return .cnID
        case .autonumber(let format): return autonumber(format)
        case .stage(let stages): return .stage(stagesWithoutConditions(stages, on: object, field.name))
        case .unreadable: return nil
        }
    }

    private func checkedRegion(_ region: Located<String>) -> String {
        let isCode = region.value.utf8.count == 2 && region.value.utf8.allSatisfy { (0x41...0x5A).contains($0) }
        if !isCode { report.report(.badRegion(region)) }
        return isCode ? region.value : "CN"
    }

    /// `KH-{0000}`; `{0000}` if nothing is said.
    private func autonumber(_ format: Located<String>?) -> FieldKind {
        guard let format else { return .autonumber(prefix: "", digits: 4, suffix: "") }
        let parts = format.value.split(separator: "{", omittingEmptySubsequences: false)
        if parts.count == 2, let close = parts[1].firstIndex(of: "}") {
            let zeros = parts[1][..<close]
            let suffix = parts[1][close...].dropFirst()
            if (1...12).contains(zeros.count), zeros.allSatisfy({ $0 == "0" }), !suffix.contains("}"), !parts[0].contains("}"), format.value.count <= 64 {
                return .autonumber(prefix: String(parts[0]), digits: zeros.count, suffix: String(suffix))
            }
        }
        report.report(.badFormat(format))
        return .autonumber(prefix: "", digits: 4, suffix: "")
    }

    /// Defaults and cleaning of the fields that people fill in.
    func checkInputs() {
        for object in objects {
            for field in object.fields {
                if field.isBuiltIn { fillBuiltInDefault(field, of: object) }
                guard let written = field.definition else { continue }
                objects[object.id.index].fields[field.id.index].clean = checkedClean(written.clean, of: field, on: object)
                guard let value = written.defaultValue, !field.isComputed, field.kind != nil else { continue }
                objects[object.id.index].fields[field.id.index].defaultValue = checkedDefault(value, of: field, on: object)
            }
        }
    }

    /// Defaults that read each other in a circle have no order in which to be filled in.
    func checkDefaultCycles() {
        for object in objects {
            var done: Set<FieldID> = []
            var way: [FieldID] = []
            func visit(_ id: FieldID) {
                if let place = way.firstIndex(of: id) {
                    reportCycle(Array(way[place...]))
                    return
                }
                guard !done.contains(id), case .formula(let formula)? = objects[id.object.index].fields[id.index].defaultValue else { return }
                way.append(id)
                for read in formula.reads.own.sorted(by: { $0.index < $1.index }) { visit(read) }
                way.removeLast()
                done.insert(id)
            }
            for field in object.fields { visit(field.id) }
        }
    }

    private func fillBuiltInDefault(_ field: FieldDraft, of object: ObjectDraft) {
        let builtIns = object.builtIn?.fields(users: id(of: .user), about: [], roles: OptionList(name: "", options: [])) ?? []
        switch builtIns.first(where: { $0.name == field.name })?.defaultValue {
        case .value(let value)?:
            objects[object.id.index].fields[field.id.index].defaultValue = .value(value)
        case .now?:
            let text = EmbeddedText(text: "now()", span: header.span, segments: [])
            let now = check(text, in: FormulaScope(this: object.id, allowsMe: true), expecting: .datetime)
            objects[object.id.index].fields[field.id.index].defaultValue = now.map(CheckedDefault.formula)
        case nil: break
        }
    }

    private func checkedDefault(_ written: ScalarDefinition, of field: FieldDraft, on object: ObjectDraft) -> CheckedDefault? {
        let scope = FormulaScope(this: object.id, allowsMe: true)
        switch readPlain(written, for: field, in: scope) {
        case .nothing: return nil
        case .value(let value): return value.isBlank ? nil : .value(value)
        case .name(let text):
            report.report(.defaultOfLink(text.span, field: field.name))
            return nil
        case .names(let names):
            report.report(.defaultOfLink(names.first?.span ?? written.span, field: field.name))
            return nil
        case .formula(let formula):
            for read in formula.fieldsMentioned where read.object == object.id {
                let other = objects[read.object.index].fields[read.index]
                guard other.isComputed, formula.reads.own.contains(read) else { continue }
                report.report(.defaultReadsFormula(written.span, field: field.name, reads: other.name))
                return nil
            }
            return .formula(formula)
        }
    }
}

/// What a plain value turned out to be.
enum PlainValue {
    case value(Value)
    case formula(CheckedExpression)
    /// What stands for a record of a link.
    case name(EmbeddedText)
    /// What stands for the records of a link to many.
    case names([Located<String>])
    /// Something was wrong with it, and reported.
    case nothing
}

extension AppChecker {
    /// What separates the records of a link to many in one text.
    private static let listSeparators = [";", "；", ",", "，", "、"]

    /// Reads what was written where a plain value for `field` stands.
    ///
    /// - Parameter isInput: The value is an input that is cleaned first, so that whether it fits is not seen yet.
    func readPlain(_ written: ScalarDefinition, for field: FieldDraft, in scope: FormulaScope, isInput: Bool = false) -> PlainValue {
        guard let kind = field.kind else { return .nothing }
        let isText: Bool
        switch kind {
        case .text, .longText, .email, .url, .phone, .address, .uscc, .cnID, .autonumber: isText = true
        case .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .location, .link, .links, .file, .files, .stage:
            isText = false
        }
        switch written {
        case .noValue(let text):
            // In a text, `~` and `null` are words like others.
            return .value(isText && !text.text.isEmpty ? .text(text.text) : .blank)
        case .formula(let text):
            let type = kind.formulaType(fileObject: id(of: .file))
            return check(text, in: scope, expecting: type).map(PlainValue.formula) ?? .nothing
        case .literal(let text):
            if isText, text.text.contains(where: { $0 == "{" || $0 == "}" }) {
                guard let template = checkTemplate(text, in: scope) else { return .nothing }
                return template.plainText.map { .value(Value(text: $0)) } ?? .formula(template.expression)
            }
            switch kind {
            case .link, .file: return .name(text)
            case .links, .files: return .names(text.parts(between: Self.listSeparators).filter { !$0.value.isEmpty })
            case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .address,
                .uscc, .cnID, .location, .autonumber, .stage:
                break
            }
            let result = kind.parse(text.text, zone: zone)
            if case .failure = result, Self.looksLikeFormula(text.text) {
                report.report(.formulaWithoutSign(text.span, field: field.name, text: text.text))
                return .nothing
            }
            return value(of: result, at: text.span, as: kind, field, isInput)
        case .list(let items, let span):
            var words: [String] = []
            var names: [Located<String>] = []
            for item in items {
                guard case .literal(let text) = item else {
                    report.report(.badValue(item.span, field: field.name, .wrongKind(wanted: kind.words)))
                    return .nothing
                }
                words.append(text.text)
                names.append(Located(text.text, at: text.span))
            }
            if kind.isSeveralLinks { return .names(names) }
            return value(of: kind.parse(list: words), at: span, as: kind, field, isInput)
        }
    }

    /// `today()`, `edate(start, 3)`: a name with brackets behind it, to the end.
    private static func looksLikeFormula(_ text: String) -> Bool {
        guard let open = text.firstIndex(where: { $0 == "(" || $0 == "（" }), open > text.startIndex, text.last == ")" || text.last == "）" else { return false }
        return FunctionNames.standard[String(text[..<open])] != nil
    }

    private func value(
        of result: Result<Value, ValueIssue>, at span: Span, as kind: FieldKind, _ field: FieldDraft, _ isInput: Bool
    ) -> PlainValue {
        switch result {
        case .success(let value):
            guard !isInput, let issue = kind.issue(with: value) else { return .value(value) }
            report.report(.badValue(span, field: field.name, issue))
            return .nothing
        case .failure(let issue):
            report.report(.badValue(span, field: field.name, issue))
            return .nothing
        }
    }
}
