import Definition
package import Formula
package import SourceText

/// Messages of other programs that become records.
package struct CheckedInbound: Sendable {
    /// How a message shows that it comes from whom it should.
    package enum Verification: Sendable, Hashable {
        case signature(CheckedSignature)
        /// The name of the secret behind `Authorization: Bearer`.
        case bearer(String)

        /// The name of the secret.
        package var secret: String {
            switch self {
            case .signature(let signature): signature.secret
            case .bearer(let name): name
            }
        }
    }

    /// What a field is given.
    package struct Mapping: Sendable {
        package let field: FieldID
        /// Over `body` alone.
        package let value: CheckedExpression
        /// Whether the value is a text that is read as people type it: `15%`, `是`, the label of an option, the title of a record.
        package let isTyped: Bool
    }

    package let name: String
    package let label: Words
    package let verify: Verification
    /// Over `body`; nil tells messages apart by all their bytes.
    package let once: CheckedExpression?
    /// Of what object its records are.
    package let object: ObjectID
    package let map: [Mapping]
    package let declaredAt: Span
}

extension CheckedApp {
    package func inbound(named name: String) -> CheckedInbound? { inbound.first { $0.name == name } }
}

extension AppChecker {
    func checkInbound() -> [CheckedInbound] {
        definition.inbound.compactMap(check)
    }

    private func check(_ written: InboundDefinition) -> CheckedInbound? {
        let scope = FormulaScope(this: nil, allowsBody: true)
        let once = written.once.flatMap { check($0, in: scope) }
        if let once, let text = written.once, once.body.isEmpty { report.report(.onceIsAlwaysTheSame(text.span)) }
        guard let object = object(named: written.creates) else { return nil }
        let draft = objects[object.index]
        guard draft.builtIn != .user else {
            report.report(.inboundMakesPeople(written.creates))
            return nil
        }
        let map = written.map.compactMap { mapping($0.field, $0.value, on: draft, scope) }
        guard map.count == written.map.count, written.once == nil || once != nil else { return nil }
        let verify: CheckedInbound.Verification =
            switch written.verify {
            case .hmac(let signature): .signature(CheckedSignature(signature))
            case .bearer(let name): .bearer(name.value)
            }
        return CheckedInbound(
            name: written.name.value, label: written.label?.words(or: written.name.value) ?? Words(same: written.name.value), verify: verify, once: once,
            object: object, map: map, declaredAt: written.name.span)
    }

    private func mapping(_ name: Located<String>, _ text: EmbeddedText, on draft: ObjectDraft, _ scope: FormulaScope) -> CheckedInbound.Mapping? {
        guard let field = draft.field(named: name.value) else {
            report.report(.unknownName(name, .field, of: draft.name, known: draft.fields.map(\.name)))
            return nil
        }
        if case .stage? = field.kind {
            report.report(.stageTarget(name))
            return nil
        }
        guard !field.isComputed, field.id.index >= SystemField.allCases.count, field.checked.isWritable else {
            report.report(.computedTarget(name, of: draft.name))
            return nil
        }
        // A field whose kind is not known was told already.
        guard let kind = field.kind, let value = check(text, in: scope) else { return nil }
        if case .text = value.type { return CheckedInbound.Mapping(field: field.id, value: value, isTyped: true) }
        return check(text, in: scope, expecting: kind.formulaType(fileObject: id(of: .file))).map {
            CheckedInbound.Mapping(field: field.id, value: $0, isTyped: false)
        }
    }
}
