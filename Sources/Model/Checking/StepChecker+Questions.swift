import Definition
import Formula
import SourceText

// The step that asks people.
extension StepChecker {
    /// Its answer is known to the steps in it and behind it.
    mutating func ask(_ written: QuestionDefinition) -> CheckedQuestion? {
        let notice = notice(written.people, written.via, written.title, written.message)
        let limit = written.within.map { delay($0) }
        var fields: [CheckedField] = []
        var areRight = true
        for (index, field) in written.fields.enumerated() {
            if let checked = app.questionField(field, at: index, of: written.name?.value ?? "ask") { fields.append(checked) } else { areRight = false }
        }
        let users = app.id(of: .user)
        var members: [(name: String, type: FormulaType)] = [(CheckedQuestion.byMember, .link([users])), (CheckedQuestion.atMember, .datetime)]
        members += fields.map { ($0.name, $0.kind.formulaType(fileObject: app.id(of: .file))) }
        let slots = written.name.flatMap { declare($0, members: members) }
        if case .some(nil) = limit { return nil }
        guard let notice, areRight, written.name == nil || slots != nil else { return nil }
        return CheckedQuestion(notice: notice, fields: fields, within: limit ?? nil, slots: slots)
    }
}

extension AppChecker {
    /// A field of a question: an object's field as far as it can be filled in on the spot; nil, and reported, if it cannot.
    func questionField(_ written: FieldDefinition, at index: Int, of question: String) -> CheckedField? {
        let reserved = [CheckedQuestion.byMember, CheckedQuestion.atMember]
        if reserved.contains(written.name.value) {
            report.report(.answerName(written.name, reserved: reserved))
            return nil
        }
        let unfit: [(key: String, isThere: Bool)] = [
            ("unique", written.isUnique != nil), ("default", written.defaultValue != nil), ("clean", !written.clean.isEmpty), ("formula", written.formula != nil),
            ("points", !written.points.isEmpty), ("group", written.group != nil),
        ]
        if let key = unfit.first(where: \.isThere)?.key {
            report.report(.answerKey(written.name, key: key))
            return nil
        }
        guard let type = written.type else {
            report.report(.missingType(written.name))
            return nil
        }
        switch type.value {
        case .text, .longText, .number, .percent, .money, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone: break
        case .unreadable: return nil
        case .link, .links, .file, .files, .address, .location, .uscc, .citizenNumber, .autonumber, .stage:
            report.report(.answerType(written.name, at: type.span))
            return nil
        }
        guard let kind = kind(type.value, of: written, called: question) else { return nil }
        return CheckedField(
            id: FieldID(object: id(of: .user), index: Self.maximumFields + index), name: written.name.value,
            label: written.label?.words(or: written.name.value) ?? Words(same: written.name.value), kind: kind, isRequired: written.isRequired?.value ?? false,
            help: written.help?.words(or: ""), declaredAt: written.span)
    }
}
