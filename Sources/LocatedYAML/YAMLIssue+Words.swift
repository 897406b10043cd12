import SourceText

extension YAMLIssue {
    var code: Code { facts.code }
    var span: Span { facts.span }

    var diagnostic: Diagnostic {
        let (code, span) = facts
        let severity: Diagnostic.Severity
        if case .commentEatsText(_, _, isCertain: false) = self { severity = .warning } else { severity = .error }
        return Diagnostic(severity, code: code.rawValue, message, at: span, hint: hint, notes: notes)
    }

    private var facts: (code: Code, span: Span) {
        switch self {
        case .fileTooLarge(let span, _): (.fileTooLarge, span)
        case .otherEncoding(let span, _), .notUTF8(let span): (.notUTF8, span)
        case .controlCharacter(let span, _): (.controlCharacter, span)
        case .bidiControl(let span, _): (.bidiControl, span)
        case .invisibleCharacter(let span, _): (.invisibleCharacter, span)
        case .tooDeep(let span, _): (.tooDeep, span)
        case .tooManyNodes(let span, _): (.tooManyNodes, span)
        case .directive(let span): (.directive, span)
        case .secondDocument(let span, _): (.secondDocument, span)
        case .anchor(let span, _): (.anchor, span)
        case .alias(let span, _, _): (.alias, span)
        case .tag(let span, _): (.tag, span)
        case .mergeKey(let span): (.mergeKey, span)
        case .questionMarkKey(let span): (.questionMarkKey, span)
        case .duplicateKey(let key, _): (.duplicateKey, key.span)
        case .emptyKey(let span): (.emptyKey, span)
        case .keyIsNotText(let span): (.keyIsNotText, span)
        case .keyTooLong(let span, _): (.keyTooLong, span)
        case .keyOverLines(let span): (.keyOverLines, span)
        case .missingColon(let span, _): (.missingColon, span)
        case .tab(let span, _): (.tab, span)
        case .wideSpace(let span, _, _): (.wideSpace, span)
        case .wrongIndentation(let span, _): (.wrongIndentation, span)
        case .listOnKeyLine(let span, _, _, _): (.listOnKeyLine, span)
        case .listInMap(let span, _): (.listInMap, span)
        case .missingSpace(let span, _): (.missingSpace, span)
        case .fullWidthColon(let span, _, _): (.fullWidthColon, span)
        case .fullWidthComma(let span, _): (.fullWidthComma, span)
        case .fullWidthQuote(let span, _): (.fullWidthQuote, span)
        case .fullWidthBracket(let span, _, _): (.fullWidthBracket, span)
        case .commentEatsText(let span, _, _): (.commentEatsText, span)
        case .commentInText(let span): (.commentInText, span)
        case .commentNeedsSpace(let span): (.commentNeedsSpace, span)
        case .needsQuotes(let span, _, _): (.needsQuotes, span)
        case .colonInText(let span, _): (.colonInText, span)
        case .commaSplitsText(let span, _): (.commaSplitsText, span)
        case .keyWithoutValue(let key, _): (.keyWithoutValue, key.span)
        case .unclosedQuote(let span, _): (.unclosedQuote, span)
        case .unclosedBracket(let span, _, _): (.unclosedBracket, span)
        case .strayBracket(let span, _, _): (.strayBracket, span)
        case .missingComma(let span, _): (.missingComma, span)
        case .strayComma(let span): (.strayComma, span)
        case .unknownEscape(let span, _): (.unknownEscape, span)
        case .blockTextHeader(let span): (.blockTextHeader, span)
        case .syntax(let span): (.syntax, span)
        }
    }

    private var message: Words {
        switch self {
        case .fileTooLarge(_, let limit):
            Words(zh: "文件超过 \(limit / 1_000) KB", en: "the file has more than \(limit / 1_000) KB")
        case .otherEncoding(_, let name):
            Words(zh: "文件以 \(name) 编码保存，而不是 UTF-8", en: "the file is saved as \(name), not as UTF-8")
        case .notUTF8:
            Words(zh: "此处的字节不是 UTF-8 文字", en: "the bytes here are not UTF-8 text")
        case .controlCharacter(_, let scalar):
            Words(zh: "文件中有控制字符 \(name(scalar))", en: "the file contains the control character \(name(scalar))")
        case .bidiControl(_, let scalar):
            Words(
                zh: "不可见字符 \(name(scalar)) 会改变文字的显示方向，使看到的与实际内容不同",
                en: "the invisible character \(name(scalar)) turns the direction of text, so that it reads other than it is")
        case .invisibleCharacter(_, let scalar):
            Words(zh: "此处有不可见字符 \(name(scalar))", en: "an invisible character, \(name(scalar)), stands here")
        case .tooDeep(_, let limit):
            Words(zh: "嵌套超过 \(limit) 层", en: "nested more than \(limit) levels deep")
        case .tooManyNodes(_, let limit):
            Words(zh: "文件中的键和值超过 \(limit) 个", en: "the file has more than \(limit) keys and values")
        case .directive:
            Words(zh: "不支持以 `%` 开头的 YAML 指令", en: "YAML directives, lines that begin with `%`, are not read here")
        case .secondDocument(_, isMarked: true):
            Words(zh: "一个文件中只能有一份文档", en: "a file holds one document only")
        case .secondDocument(_, isMarked: false):
            Words(zh: "此处的内容不属于上面的文档", en: "what stands here is no part of the document above")
        case .anchor(_, let name):
            Words(zh: "不支持锚点 `&\(name)`", en: "anchors such as `&\(name)` are not read here")
        case .alias(_, let name, _):
            Words(zh: "不支持别名 `*\(name)`", en: "aliases such as `*\(name)` are not read here")
        case .tag:
            Words(zh: "不支持以 `!` 开头的类型标签", en: "tags, words that begin with `!`, are not read here")
        case .mergeKey:
            Words(zh: "不支持合并键 `<<`", en: "the merge key `<<` is not read here")
        case .questionMarkKey:
            Words(zh: "不支持以 `?` 开头的键", en: "keys written with `?` are not read here")
        case .duplicateKey(let key, _):
            Words(zh: "键 `\(key.value.shortened())` 在此处写了两次", en: "the key `\(key.value.shortened())` stands here twice")
        case .emptyKey:
            Words(zh: "冒号前没有键", en: "there is no key before the colon")
        case .keyIsNotText:
            Words(zh: "键必须是文字，不能是列表或映射", en: "a key must be text, not a list or a map")
        case .keyTooLong(_, let limit):
            Words(zh: "键超过 \(limit) 个字符", en: "a key has more than \(limit) characters")
        case .keyOverLines:
            Words(zh: "键必须写在一行之内", en: "a key must stand on one line")
        case .missingColon(_, let text):
            Words(zh: "`\(text)` 之后缺少冒号", en: "`\(text)` has no colon behind it")
        case .tab:
            Words(zh: "此处用了制表符（Tab），应使用空格", en: "a tab stands where YAML wants spaces")
        case .wideSpace(_, let scalar, _):
            Words(zh: "此处的空格是\(spaceName(scalar).zh)，不是普通空格", en: "the space here is \(spaceName(scalar).en), not a plain one")
        case .wrongIndentation(_, let kind):
            switch kind {
            case .betweenBlocks: Words(zh: "此行的缩进与上文任何一级都不对齐", en: "this line is in line with nothing above it")
            case .belowText: Words(zh: "此行比上一行缩进更深，但上一行已经有值", en: "this line is indented below a line that has a value already")
            case .continuation: Words(zh: "引号或括号内的续行缩进不够", en: "a line that goes on in quotes or brackets is not indented far enough")
            case .itemBelowText: Words(zh: "列表项已经是文字，下面不能再有列表", en: "a list item that is text cannot hold a list too")
            case .blankLines: Words(zh: "文本块前的空行比文本缩进更深", en: "a blank line is indented deeper than the text below it")
            }
        case .listOnKeyLine(_, let key, _, _):
            Words(zh: "列表不能与键 `\(key)` 写在同一行", en: "a list cannot begin on the line of its key `\(key)`")
        case .listInMap:
            Words(zh: "同一层中混用了列表项和键", en: "list items and keys are mixed at one level")
        case .missingSpace:
            Words(zh: "冒号之后缺少空格", en: "there is no space behind the colon")
        case .fullWidthColon:
            Words(zh: "此处用了全角冒号 `：`", en: "the colon here is a full-width one, `：`")
        case .fullWidthComma:
            Words(zh: "此处用了全角逗号或顿号，YAML 不会在此分开", en: "the comma here is a full-width one, at which YAML does not separate")
        case .fullWidthQuote:
            Words(zh: "YAML 不认全角引号", en: "YAML does not take full-width quotes for quotes")
        case .fullWidthBracket(_, let sign, _):
            Words(zh: "此处用了全角括号 `\(sign)`", en: "the bracket here is a full-width one, `\(sign)`")
        case .commentEatsText(_, _, isCertain: true):
            Words(zh: "` #` 之后的文字被当作注释丢掉了", en: "everything behind ` #` is a comment and lost to the text")
        case .commentEatsText(_, _, isCertain: false):
            Words(zh: "` #` 之后的内容是注释，不属于文字", en: "what stands behind ` #` is a comment, not part of the text")
        case .commentInText:
            Words(zh: "多行文字在注释处中断", en: "a text over several lines is cut off by a comment")
        case .commentNeedsSpace:
            Words(zh: "注释的 `#` 之前缺少空格", en: "there is no space before the `#` of a comment")
        case .needsQuotes(_, .begins(with: "`"), _):
            Words(zh: "文字不能以反引号开头，除非加引号", en: "a text cannot begin with a backquote unless it is in quotes")
        case .needsQuotes(_, .begins(let sign), _):
            Words(zh: "文字不能以 `\(sign)` 开头，除非加引号", en: "a text cannot begin with `\(sign)` unless it is in quotes")
        case .needsQuotes(_, .goesOn(let sign), _):
            Words(zh: "以 `\(sign)` 开头的值在结束后还有文字", en: "the value that begins with `\(sign)` ends before the text does")
        case .needsQuotes(_, .template, _):
            Words(zh: "未加引号的 `{…}` 会被当作映射", en: "without quotes, `{…}` is a map")
        case .colonInText:
            Words(zh: "文字中的冒号加空格会被当作键", en: "a colon with a space behind it makes a key of the text before it")
        case .commaSplitsText:
            Words(zh: "括号中的逗号把文字拆成了几段", en: "inside `{ … }` and `[ … ]` the comma splits this text")
        case .keyWithoutValue(let key, _):
            Words(zh: "`\(key.value.shortened())` 没有值", en: "`\(key.value.shortened())` has no value")
        case .unclosedQuote:
            Words(zh: "引号没有结束", en: "the quote is never closed")
        case .unclosedBracket(_, let open, _):
            Words(zh: "括号 `\(open)` 没有结束", en: "the bracket `\(open)` is never closed")
        case .strayBracket(_, let sign, .some):
            Words(zh: "`\(sign)` 与前面的括号不配对", en: "`\(sign)` does not close the bracket that is open")
        case .strayBracket(_, let sign, nil):
            Words(zh: "多余的 `\(sign)`", en: "`\(sign)` closes nothing")
        case .missingComma:
            Words(zh: "两项之间缺少逗号", en: "a comma is missing between two entries")
        case .strayComma:
            Words(zh: "多余的逗号", en: "there is nothing between this comma and what stands before it")
        case .unknownEscape(_, let text):
            Words(zh: "双引号中没有 `\(text)` 这种写法", en: "`\(text)` means nothing inside double quotes")
        case .blockTextHeader:
            Words(zh: "`|` 或 `>` 之后的写法有误", en: "this cannot stand behind `|` or `>`")
        case .syntax:
            Words(zh: "从此处起无法读懂文件的结构", en: "the structure of the file cannot be read from here on")
        }
    }

    private var hint: Words? {
        switch self {
        case .fileTooLarge:
            Words(zh: "把内容分到几个文件中，它们会按顶层键合并", en: "split it into several files; they are joined by their top-level keys")
        case .otherEncoding:
            Words(zh: "在编辑器中选择“以 UTF-8 编码保存”", en: "save it with the encoding UTF-8")
        case .notUTF8:
            Words(zh: "以 UTF-8 编码重新保存，并检查此处的文字", en: "save the file as UTF-8 again and look at the text here")
        case .controlCharacter:
            Words(zh: "删除它；文字中需要换行时在双引号里写 `\\n`", en: "delete it; for a line break in a text write `\\n` in double quotes")
        case .bidiControl(_, let scalar), .invisibleCharacter(_, let scalar):
            Words(
                zh: "删除它；确实需要时在双引号中写 `\(escape(scalar))`", en: "delete it; where it is really needed write `\(escape(scalar))` in double quotes")
        case .tooDeep:
            Words(zh: "减少嵌套", en: "write it with fewer levels")
        case .tooManyNodes:
            Words(zh: "把内容分到几个文件中", en: "split it into several files")
        case .directive:
            Words(zh: "删除这一行；若是文字，请加引号", en: "delete the line; if it is meant as text, put it in quotes")
        case .secondDocument(_, isMarked: true):
            Words(zh: "把 `---` 之后的内容移到另一个文件", en: "move what follows into a file of its own")
        case .secondDocument(_, isMarked: false):
            Words(zh: "写成 `键: 值` 并与上文对齐，或移到另一个文件", en: "write it as `key: value` in line with what stands above, or move it into a file of its own")
        case .anchor:
            Words(zh: "删除它；需要复用时写 `like: 另一个名称`；若是文字，请加引号", en: "delete it; to reuse something write `like: its_name`; if it is meant as text, put it in quotes")
        case .alias(_, _, let quoted):
            Words(
                zh: "需要复用时写 `like: 另一个名称`；若是文字，写 `\(quoted)`", en: "to reuse something write `like: its_name`; if it is meant as text, write `\(quoted)`")
        case .tag(_, let quoted):
            Words(
                zh: "删除它，值的类型由所在位置决定；若是文字，写 `\(quoted)`",
                en: "delete it, the type of a value follows from its place; if it is meant as text, write `\(quoted)`")
        case .mergeKey:
            Words(zh: "写 `like: 另一个名称`", en: "write `like: its_name`")
        case .questionMarkKey:
            Words(zh: "写成 `键: 值`；若 `?` 属于文字，请加引号", en: "write `key: value`; if the `?` belongs to the text, put it in quotes")
        case .duplicateKey:
            Words(zh: "删除其中一个，或合并两处内容", en: "delete one of them, or join what they hold")
        case .emptyKey:
            Words(zh: "在冒号前写上键", en: "write the key before the colon")
        case .keyIsNotText:
            Words(zh: "写成 `键: 值`；若这是文字，请加引号", en: "write `key: value`; if it is meant as text, put it in quotes")
        case .keyTooLong:
            Words(zh: "使用较短的名称", en: "use a shorter name")
        case .keyOverLines:
            Words(zh: "把键写在一行；若引号漏了结尾，请补上", en: "write the key on one line; if a closing quote was forgotten, put it in")
        case .missingColon(_, let text):
            Words(
                zh: "写 `\(text): …`；若属于上一行的文字，请比上一行的键缩进更深",
                en: "write `\(text): …`; if it belongs to the text above, indent it deeper than the key of that text")
        case .tab:
            Words(zh: "改用空格，每级缩进两个", en: "use spaces, two for each level")
        case .wideSpace(_, _, let fixed?):
            Words(zh: "写 `\(fixed)`", en: "write `\(fixed)`")
        case .wideSpace(_, _, nil):
            Words(zh: "换成普通空格或删除；若属于文字，请加引号", en: "write a plain space or delete it; if it belongs to the text, put the text in quotes")
        case .wrongIndentation(_, let kind):
            switch kind {
            case .betweenBlocks(let columns):
                Words(
                    zh: "让它从第 \(columns.map(String.init).joined(separator: " 或 ")) 列开始，与同级对齐",
                    en: "begin it in column \(columns.map(String.init).joined(separator: " or ")), in line with its neighbours")
            case .belowText(let column):
                Words(
                    zh: "若是同级，从第 \(column) 列开始；若是下一级，删除上一行冒号后的值；若是文字，请整体加引号",
                    en: "begin it in column \(column) if it stands beside that line; delete that line's value if it stands below; put all in quotes if it is one text")
            case .continuation(let column):
                Words(zh: "从第 \(column) 列或更右开始", en: "begin it in column \(column) or further right")
            case .itemBelowText:
                Words(zh: "若是同级，与上一个 `-` 对齐；若是一段文字，请加引号", en: "put it in line with the `-` above, or put it all in quotes if it is one text")
            case .blankLines:
                Words(zh: "删除空行中的空格", en: "delete the spaces of the blank line")
            }
        case .listOnKeyLine(_, let key, let item, let quoted):
            Words(zh: "列表另起一行，写 `\(key):` 再写 `  - \(item)`；若是文字，写 `\(quoted)`", en: "write `\(key):` and `  - \(item)` on a line below; if it is meant as text, write `\(quoted)`")
        case .listInMap(_, let key?):
            Words(zh: "列表项应缩进在 `\(key):` 之下，或写成 `键: 值`", en: "indent the items below their key, such as `\(key):`, or write `key: value`")
        case .listInMap(_, nil):
            Words(zh: "一层中只写列表项，或只写 `键: 值`", en: "write only items, or only `key: value`, at one level")
        case .missingSpace(_, let fixed):
            Words(zh: "写 `\(fixed)`", en: "write `\(fixed)`")
        case .fullWidthColon(_, let fixed, isContinuation: false):
            Words(zh: "写 `\(fixed)`，半角冒号后加一个空格", en: "write `\(fixed)`, with a plain colon and a space")
        case .fullWidthColon(_, let fixed, isContinuation: true):
            Words(
                zh: "若是键，写 `\(fixed)` 并与上一行对齐；若属于上一行的文字，请整体加引号",
                en: "if it is a key, write `\(fixed)` in line with the key above; if it belongs to the text above, put all of that in quotes")
        case .fullWidthComma(_, let fixed):
            Words(zh: "写 `\(fixed)`；若整体是文字，请加引号", en: "write `\(fixed)`; if it is one text, put it in quotes")
        case .fullWidthQuote(_, let fixed), .fullWidthBracket(_, _, let fixed):
            Words(zh: "写 `\(fixed)`", en: "write `\(fixed)`")
        case .commentEatsText(_, let fixed, isCertain: true):
            Words(zh: "写 `\(fixed)`", en: "write `\(fixed)`")
        case .commentEatsText(_, let fixed, isCertain: false):
            Words(zh: "若是注释，请在 `#` 后加空格；若是文字，写 `\(fixed)`", en: "put a space behind `#` if it is a comment; if it is text, write `\(fixed)`")
        case .commentInText:
            Words(zh: "把注释移到这段文字之前", en: "move the comment before the text")
        case .commentNeedsSpace:
            Words(zh: "在 `#` 前加一个空格；若 `#` 属于文字，请整体加引号", en: "put a space before `#`; if it belongs to the text, put all of that in quotes")
        case .needsQuotes(_, _, let fixed), .colonInText(_, let fixed), .commaSplitsText(_, let fixed):
            Words(zh: "写 `\(fixed)`", en: "write `\(fixed)`")
        case .keyWithoutValue(let key, let list):
            if let list {
                Words(zh: "若是列表，写 `\(list)`；否则写 `\(key.value.shortened()): 值`", en: "for a list write `\(list)`, else `\(key.value.shortened()): value`")
            } else {
                Words(
                    zh: "写 `\(key.value.shortened()): 值`；若它属于前面的文字，请把整段文字加引号",
                    en: "write `\(key.value.shortened()): value`; if it belongs to the text before it, put all of that in quotes")
            }
        case .unclosedQuote:
            Words(zh: "在文字末尾补上同样的引号", en: "put the same quote at the end of the text")
        case .unclosedBracket(_, _, let close):
            Words(zh: "在末尾补上 `\(close)`", en: "put `\(close)` at the end")
        case .strayBracket:
            Words(zh: "删除它，或补上与它配对的括号；若属于文字，请加引号", en: "delete it, or write the bracket that belongs to it; if it belongs to a text, put that in quotes")
        case .missingComma(_, let quoted?):
            Words(zh: "在此之前加逗号；若是一段文字，写 `\(quoted)`", en: "put a comma before it; if it is one text, write `\(quoted)`")
        case .missingComma(_, nil):
            Words(zh: "在此之前加逗号", en: "put a comma before it")
        case .strayComma:
            Words(zh: "删除它", en: "delete it")
        case .unknownEscape:
            Words(zh: "反斜杠请写两个 `\\\\`，或改用单引号", en: "write the backslash twice, `\\\\`, or use single quotes")
        case .blockTextHeader:
            Words(zh: "`|` 或 `>` 之后直接换行，文字从下一行开始；若属于文字，请加引号", en: "end the line behind `|` or `>` and begin the text below; if the sign belongs to the text, put it in quotes")
        case .syntax:
            Words(zh: "检查此处及上一行的缩进、冒号和引号", en: "look at the indentation, colons and quotes of this line and the one above")
        }
    }

    private var notes: [Diagnostic.Note] {
        switch self {
        case .duplicateKey(_, let first): [.init(Words(zh: "第一次写在此处", en: "it stands here first"), at: first)]
        case .unclosedQuote(_, let end?):
            [.init(Words(zh: "引号到此处才遇到下一个引号", en: "the next quote, which ends it, stands here"), at: end)]
        case .strayBracket(_, _, let opened?): [.init(Words(zh: "此处的括号尚未结束", en: "this bracket is still open"), at: opened)]
        case .tab(_, let moreLines) where moreLines > 0:
            [.init(Words(zh: "另有 \(moreLines) 行也有制表符", en: "\(moreLines) more line\(moreLines == 1 ? "" : "s") with tabs"))]
        default: []
        }
    }
}

private func name(_ scalar: UInt32) -> String {
    let hex = String(scalar, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - hex.utf8.count)) + hex
}

/// As it is written inside double quotes.
private func escape(_ scalar: UInt32) -> String {
    let hex = String(scalar, radix: 16, uppercase: true)
    let digits = scalar > 0xFFFF ? 8 : 4
    return (digits == 8 ? "\\U" : "\\u") + String(repeating: "0", count: max(0, digits - hex.utf8.count)) + hex
}

private func spaceName(_ scalar: UInt32) -> Words {
    switch scalar {
    case 0x3000: Words(zh: "全角空格（U+3000）", en: "a full-width one (U+3000)")
    case 0xA0: Words(zh: "不换行空格（U+00A0）", en: "a no-break space (U+00A0)")
    default: Words(zh: "特殊空格（\(name(scalar))）", en: "a special one (\(name(scalar)))")
    }
}
