import Formula
import Model

/// Which fields of an object the search over everything looks at: short texts that have a column. Those of the title may also be spoken.
///
/// A formula that picks one of the texts written in it sorts records into classes; nobody finds a record by the letter of its class.
struct SearchedFields: Sendable {
    let title: [FieldID]
    let rest: [FieldID]

    init(_ object: CheckedObject, _ columns: [ColumnLayout?]) {
        var called: Set<FieldID> = []
        for part in object.shows.parts {
            if case .expression(let expression) = part { called.formUnion(expression.reads.own) }
        }
        let texts = object.fields.filter { columns[$0.id.index]?.coding == .text && $0.kind.isShortText }
        // A record that is called by none of its texts is at least known by the first of them.
        if !texts.contains(where: { called.contains($0.id) }), let first = texts.first { called.insert(first.id) }
        title = texts.map(\.id).filter(called.contains)
        rest = texts.filter { !called.contains($0.id) && !$0.picksLiteral }.map(\.id)
    }

    func isDisjoint(with changed: Set<FieldID>) -> Bool {
        !title.contains(where: changed.contains) && !rest.contains(where: changed.contains)
    }

    func fingerprint(in app: CheckedApp) -> SearchedObjects.Fields {
        func names(_ fields: [FieldID]) -> String { fields.map { app[$0].name }.joined(separator: ",") }
        return SearchedObjects.Fields(title: names(title), rest: names(rest))
    }
}

extension CheckedField {
    fileprivate var picksLiteral: Bool {
        guard let expressions = computed?.expressions, !expressions.isEmpty else { return false }
        return expressions.allSatisfy(\.root.picksLiteral)
    }
}

extension ExpressionNode {
    /// Whether its value is one of those written in the formula, whatever it reads.
    fileprivate var picksLiteral: Bool {
        switch form {
        case .literal: true
        case .conditional(let branches, let otherwise): branches.allSatisfy(\.value.picksLiteral) && otherwise.picksLiteral
        case .coalesce(let nodes): nodes.allSatisfy(\.picksLiteral)
        case .ifError(let node, let other): node.picksLiteral && other.picksLiteral
        case .bind(_, _, let body): body.picksLiteral
        case .convert(_, let node): node.picksLiteral
        case .field, .record, .follow, .variable, .arithmetic, .negate, .timeArithmetic, .concatenate, .compare, .and, .or, .not, .isBlank, .isValid, .oneOf,
            .member, .isObject, .contains, .isError, .call, .aggregate:
            false
        }
    }
}

extension FieldKind {
    /// Long texts are searched in their list only: they would be most of the index and little of what is looked for.
    fileprivate var isShortText: Bool {
        switch self {
        case .text, .email, .phone, .autonumber, .address, .uscc: true
        case .longText, .url, .cnID, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .link, .links, .file,
            .files, .location, .stage:
            false
        }
    }
}
