import Definition
import LocatedYAML
import SourceText
import Testing

/// Reads texts as the files of one app.
private func define(_ files: String...) -> (definition: AppDefinition, report: Diagnostics) {
    var sources = SourceSet()
    for (index, text) in files.enumerated() { sources.add(path: "\(index).yaml", text: text) }
    var report = Diagnostics()
    let trees = sources.files.compactMap { parseYAML($0, &report) }
    let definition = AppDefinition(trees, &report)
    return (definition, report)
}

/// The codes told of the fields of an object, in the order of the diagnostics.
private func codes(ofFields fields: String) -> [String] {
    let indented = fields.split(separator: "\n", omittingEmptySubsequences: false).map { "      " + $0 }.joined(separator: "\n")
    return define("app: { name: a }\nobjects:\n  o:\n    fields:\n\(indented)\n").report.inOrder.map(\.code)
}

@Suite struct FieldFormTests {
    @Test func everyTypeHasAShortAndALongForm() throws {
        for word in [
            "text", "long_text", "number", "money", "percent", "bool", "date", "datetime", "duration", "tags", "email", "phone", "url", "file", "files",
            "autonumber", "address", "location", "uscc", "cn_id", "link to user", "link to [user, task]", "links to task", "choice of size", "choices of size",
        ] {
            let (definition, report) = define("app: { name: a }\nobjects:\n  o:\n    fields:\n      short: \(word)\n      long: { type: \"\(word)\" }\n")
            #expect(report.isEmpty, "\(word): \(report.found.map(\.code))")
            let types = try #require(definition.objects.first).fields.map { field in "\(field.type.map { String(describing: $0.value).prefix(while: { $0 != "(" }) } ?? "")" }
            #expect(types.count == 2 && types[0] == types[1] && types[0] != "unreadable", "\(word): \(types)")
        }
    }

    @Test func aLinkToSeveralIsSaidInThreeWays() throws {
        let (definition, report) = define(
            """
            app: { name: a }
            objects:
              o:
                fields:
                  short: link to [user, task、 activity]
                  long:  { type: link, to: [user, task, activity] }
                  mixed: { type: "link to [user,task,activity]", as: things }
            """)
        #expect(report.isEmpty)
        for field in try #require(definition.objects.first).fields {
            guard case .link(let to, _, _)? = field.type?.value else { continue }
            #expect(to.map(\.value) == ["user", "task", "activity"], "\(field.name.value)")
        }
    }

    @Test func shortAndLongFormsSayTheSame() throws {
        let (definition, report) = define(
            """
            app: { name: a }
            objects:
              o:
                fields:
                  short: link to user
                  long:  { type: link, to: user }
                  mixed: { type: link to user, as: things }
                  named: { type: link, to: user, as: { name: others, label: 其他 } }
            """)
        #expect(report.isEmpty)
        let links = try #require(definition.objects.first).fields.map { field -> [String?] in
            guard case .link(let to, let name, let label)? = field.type?.value else { return [] }
            return [to.first?.value, name?.value, label?.zh]
        }
        #expect(links == [["user", nil, nil], ["user", nil, nil], ["user", "things", nil], ["user", "others", "其他"]])
    }

    @Test func optionsAreAListOrAMap() throws {
        let (definition, report) = define("app: { name: a }\nchoices:\n  plain: [华东, 华南]\n  named: { a: 甲, b: { zh: 乙, en: B }, c: }\n")
        #expect(report.isEmpty)
        #expect(definition.choices.map { $0.options.map(\.key.value) } == [["华东", "华南"], ["a", "b", "c"]])
        #expect(definition.choices[1].options.map { $0.label?.words(or: "").en } == ["甲", "B", nil])
    }

    @Test(arguments: [("yes", true), ("no", false), ("true", true), ("false", false), ("是", true), ("否", false), ("\"yes\"", true)])
    func switchesAreReadByPosition(_ word: String, _ value: Bool) {
        let (definition, report) = define("app: { name: a }\nobjects:\n  o:\n    label: no\n    fields:\n      f: { type: text, required: \(word) }\n")
        #expect(report.isEmpty)
        #expect(definition.objects[0].fields[0].isRequired?.value == value)
        #expect(definition.objects[0].label?.zh == "no")
    }

    @Test func aLeadingEqualsSignMakesAFormula() {
        let (definition, report) = define(
            """
            app: { name: a }
            objects:
              o:
                fields:
                  formula: { type: date, default: =today() }
                  literal: { type: text, default: "'=today()" }
                  nothing: { type: text, default: ~ }
                  quoted:  { type: text, default: "~" }
            """)
        #expect(report.isEmpty)
        let values = definition.objects[0].fields.map { field -> String in
            switch field.defaultValue {
            case .formula(let text)?: "formula \(text.text)"
            case .literal(let text)?: "literal \(text.text)"
            case .noValue?: "nothing"
            case .list?, nil: ""
            }
        }
        #expect(values == ["formula =today()", "literal =today()", "nothing", "literal ~"])
    }

    @Test(arguments: [
        ("string", "text"), ("int", "number"), ("decimal", "number"), ("currency", "money"), ("checkbox", "bool"), ("lookup", "link"),
        ("picklist", "choice"), ("单选", "choice"), ("文本", "text"), ("手机", "phone"),
    ])
    func wrongTypesAreAnsweredWithTheRightOne(_ wrong: String, _ right: String) throws {
        let (_, report) = define("app: { name: a }\nobjects:\n  o:\n    fields:\n      f: \(wrong)\n")
        let told = try #require(report.found.first)
        #expect(told.code == "wrong-word")
        #expect(told.hint?.en.contains("`\(right)") == true)
    }

    @Test(arguments: [
        ("mandatory", "required"), ("必填", "required"), ("name", "label"), ("名称", "label"), ("类型", "type"), ("默认值", "default"),
        ("选项", "options"), ("公式", "formula"), ("reference", "to"), ("states", "stages"), ("Required", "required"), ("唯一", "unique"),
    ])
    func wrongKeysAreAnsweredWithTheRightOne(_ wrong: String, _ right: String) throws {
        let (_, report) = define("app: { name: a }\nobjects:\n  o:\n    fields:\n      f: { type: text, \(wrong): x }\n")
        let told = try #require(report.found.first)
        #expect(told.code == "wrong-word")
        #expect(told.hint?.en == "write `\(right)`")
    }

    @Test(arguments: ["sla", "trigger", "workflows", "timeout", "permissions"])
    func wordsOfOtherSystemsLeadToOurs(_ word: String) {
        #expect(define("app: { name: a }\n\(word): {}\n").report.found.map(\.code) == ["wrong-word"])
    }

    @Test func whatIsNotRunYetIsRefused() {
        #expect(codes(ofFields: "f: links to [user, task]") == ["bad-type"])
        #expect(codes(ofFields: "f: { type: links, to: [user, task] }") == ["bad-type"])
        #expect(codes(ofFields: "f: link to [user, user]") == ["duplicate-name"])
        #expect(codes(ofFields: "f: link to [user task]") == ["bad-type"])
        #expect(codes(ofFields: "f: link to [user, ]") == ["bad-type"])
        #expect(codes(ofFields: "f: link to user, task") == ["bad-type"])
        #expect(codes(ofFields: "f: { type: link, to: [] }") == ["no-value"])
        #expect(codes(ofFields: "f: links") == ["missing-key"])
        #expect(codes(ofFields: "f: { type: files, as: x }") == ["key-does-not-fit"])
        #expect(codes(ofFields: "f: { type: links to user, formula: 1 }") == ["key-does-not-fit"])
        #expect(codes(ofFields: "f: 身份证") == ["wrong-word"])
        #expect(define("app: { name: a, uses: { x: ^1.0 } }\npolicies: {}\n").report.found.map(\.code) == ["not-yet", "not-yet"])
    }

    @Test func keysAreHeldAgainstTheType() {
        #expect(codes(ofFields: "f: { type: number, clean: [trim] }") == ["key-does-not-fit"])
        #expect(codes(ofFields: "f: { type: text, to: user }") == ["key-does-not-fit"])
        #expect(codes(ofFields: "f: { type: stage, stages: { a: }, required: yes }") == ["key-does-not-fit"])
        #expect(codes(ofFields: "f: { formula: 1 + 1, required: yes }") == ["key-does-not-fit"])
        #expect(codes(ofFields: "f: { type: file, formula: 1 + 1 }") == ["key-does-not-fit"])
        #expect(codes(ofFields: "f: { type: choice of x, options: [a] }") == ["key-does-not-fit"])
        #expect(codes(ofFields: "f: { formula: 1 + 1, decimals: 2 }") == [])
    }

    @Test func nothingThatHasNoEffectIsTaken() {
        #expect(codes(ofFields: "f: { points: {} }") == ["no-value"])
        #expect(codes(ofFields: "f: { type: stage, stages: {} }") == ["no-value"])
        #expect(codes(ofFields: "f: {}") == [])
        #expect(codes(ofFields: "f:") == ["no-value"])
    }

    @Test func aFieldThatCannotBeReadIsThere() {
        let (definition, report) = define("app: { name: a }\nobjects:\n  o:\n    fields:\n      f: strange\n      g: text\n")
        #expect(report.found.map(\.code) == ["unknown-type"])
        #expect(definition.objects[0].fields.map(\.name.value) == ["f", "g"])
    }
}

@Suite struct MergingTests {
    @Test func anObjectMayStandInSeveralFiles() {
        let (definition, report) = define(
            "objects:\n  o:\n    label: 甲\n    fields: { a: text }\n", "app: { name: a }\nobjects:\n  o:\n    fields: { b: text }\n    rules: { r: { must: b is not blank } }\n")
        #expect(report.isEmpty)
        #expect(definition.objects.count == 1)
        #expect(definition.objects[0].fields.map(\.name.value) == ["a", "b"])
        #expect(definition.objects[0].rules.map(\.name.value) == ["r"])
    }

    @Test func oneNameTwiceNamesBothPlaces() throws {
        let (_, report) = define("app: { name: a }\nobjects:\n  o:\n    fields: { a: text }\n", "objects:\n  o:\n    fields: { a: number }\n")
        let told = try #require(report.found.first)
        #expect(report.found.count == 1 && told.code == "duplicate-name")
        #expect(told.span.file.index == 1)
        #expect(told.notes.first?.span?.file.index == 0)
    }

    @Test func theAppIsWrittenOnce() {
        #expect(define("app: { name: a }\n", "app: { name: b }\n").report.found.map(\.code) == ["duplicate-name"])
        #expect(define("roles: { sales: }\n").report.found.map(\.code) == ["missing-app"])
    }

    @Test func aFileThatCannotBeReadMayHaveHeldTheApp() {
        #expect(!define("app: { name: a\n", "roles: { sales: }\n").report.found.map(\.code).contains("missing-app"))
    }
}

@Suite struct StepFormTests {
    @Test func formsOfSteps() throws {
        let (definition, report) = define(
            """
            app: { name: a }
            tests:
              t:
                steps:
                  - create: o
                  - edit:
                    with: { f: 1 }
                  - { edit: o, of: x, with: { f: [a, b] } }
                  - delete: x
                  - expect held: condition
            """)
        #expect(report.isEmpty)
        let steps = try #require(definition.scenarios.first).steps
        #expect(steps.count == 5)
        guard case .edit(nil, of: nil, with: let values) = steps[1].action else {
            Issue.record("an edit without a record is of the last one")
            return
        }
        #expect(values.count == 1)
        guard case .expectHeld(let names) = steps[4].action else {
            Issue.record("one name is a list of one")
            return
        }
        #expect(names.map(\.value) == ["condition"])
    }

    @Test(arguments: [
        ("{ create: o, of: x }", "key-does-not-fit"), ("{ expect: { f: 1 }, as: sales }", "key-does-not-fit"), ("{ edit: o }", "missing-key"),
        ("{ update: o }", "wrong-word"), ("{ approve: x, with: { a: 1 } }", "key-does-not-fit"), ("{ create: o, move: s }", "step-action"),
    ])
    func wrongFormsOfSteps(_ step: String, _ code: String) {
        #expect(define("app: { name: a }\ntests:\n  t:\n    steps:\n      - \(step)\n").report.found.map(\.code) == [code])
    }
}
