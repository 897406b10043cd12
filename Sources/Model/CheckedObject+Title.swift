package import Formula

extension CheckedObject {
    /// The stored field of text that is the whole title of a record, so that titles are found by its value; nil where a title is put together.
    package var wholeTitle: FieldID? {
        guard shows.parts.count == 1, case .expression(let expression) = shows.parts[0], case .field(let id, of: .this) = expression.root.form,
            id.object == self.id
        else { return nil }
        let field = fields[id.index]
        guard field.computed == nil, !field.isSystem else { return nil }
        if case .text = field.kind { return id }
        if case .email = field.kind { return id }
        if case .phone = field.kind { return id }
        return nil
    }
}
