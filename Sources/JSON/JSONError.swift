/// Why a text is not a JSON document, and where.
package struct JSONError: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case empty
        case unexpectedEnd
        /// Something stands where `Expected` should.
        case unexpected(Expected)
        case textBehindTheDocument
        case invalidUTF8
        case controlCharacterInString
        case invalidEscape
        case loneSurrogate
        case invalidNumber
        case numberTooLong(limit: Int)
        case duplicateName(String)
        case tooDeep(limit: Int)
        case tooLarge(limitBytes: Int)
    }

    package enum Expected: Sendable, Hashable {
        case value, name, colon, commaOrBracket, commaOrBrace
    }

    package let kind: Kind
    /// Offset of the byte at fault, from 0.
    package let offset: Int
    /// From 1.
    package let line: Int
    /// From 1, in Unicode scalars.
    package let column: Int

    package init(kind: Kind, offset: Int, line: Int, column: Int) {
        self.kind = kind
        self.offset = offset
        self.line = line
        self.column = column
    }
}

extension JSONError {
    /// A sentence for an English reader: lower case, no final period, without the place.
    package var english: String {
        switch kind {
        case .empty: "the JSON document is empty"
        case .unexpectedEnd: "the JSON document ends in the middle"
        case .unexpected(.value): "a JSON value should stand here"
        case .unexpected(.name): "a name in double quotes should stand here"
        case .unexpected(.colon): "`:` should stand between a name and its value"
        case .unexpected(.commaOrBracket): "`,` or `]` should stand here"
        case .unexpected(.commaOrBrace): "`,` or `}` should stand here"
        case .textBehindTheDocument: "something stands behind the end of the JSON document"
        case .invalidUTF8: "the bytes here are not UTF-8"
        case .controlCharacterInString: "a control character stands unescaped in a string"
        case .invalidEscape: "this is no escape sequence of JSON"
        case .loneSurrogate: "this is one half of a surrogate pair without the other"
        case .invalidNumber: "this is no number of JSON"
        case .numberTooLong(let limit): "a number has more than \(limit) characters"
        case .duplicateName(let name): "the name `\(name)` stands twice in one object"
        case .tooDeep(let limit): "arrays and objects are nested more than \(limit) deep"
        case .tooLarge(let limit): "the JSON document has more than \(limit) bytes"
        }
    }

    /// The same for a Chinese reader.
    package var chinese: String {
        switch kind {
        case .empty: "JSON 内容为空"
        case .unexpectedEnd: "JSON 内容不完整，中途结束"
        case .unexpected(.value): "此处应为一个 JSON 值"
        case .unexpected(.name): "此处应为带双引号的名称"
        case .unexpected(.colon): "名称与值之间应为 `:`"
        case .unexpected(.commaOrBracket): "此处应为 `,` 或 `]`"
        case .unexpected(.commaOrBrace): "此处应为 `,` 或 `}`"
        case .textBehindTheDocument: "JSON 结束之后还有内容"
        case .invalidUTF8: "此处的字节不是 UTF-8"
        case .controlCharacterInString: "字符串中有未转义的控制字符"
        case .invalidEscape: "这不是 JSON 的转义写法"
        case .loneSurrogate: "代理对只有一半"
        case .invalidNumber: "这不是 JSON 的数字"
        case .numberTooLong(let limit): "数字超过 \(limit) 个字符"
        case .duplicateName(let name): "名称 `\(name)` 在同一对象中出现了两次"
        case .tooDeep(let limit): "数组与对象的嵌套超过 \(limit) 层"
        case .tooLarge(let limit): "JSON 内容超过 \(limit) 字节"
        }
    }
}

extension JSONError: CustomStringConvertible {
    package var description: String { "\(line):\(column): \(english)" }
}
