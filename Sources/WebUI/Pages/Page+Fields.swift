import HTML
import SourceText

extension Page {
    /// A field with label, help and errors beside it. `f.NAME` carries what is entered, `w.NAME` what stood there before.
    func field(_ field: FormField) {
        let name = "f.\(field.name)"
        let isGroup = switch field.control {
            case .choices, .records: true
            case .text, .longText, .address, .tick, .date, .moment, .choice, .record: false
            }
        let describedBy: Attribute = describedBy(field)
        let invalid: Attribute = .when(!field.errors.isEmpty, .aria("invalid", "true"))
        let rest: Attribute = .all([describedBy, invalid, .when(field.isRequired && !isGroup, .aria("required", "true"))])
        html.hidden("w.\(field.name)", field.opened)
        switch field.control {
        case .choices(let choices):
            tickList(field, name: name, choices: choices, describedBy: describedBy) {}
        case .records(let choices, let hasMore):
            tickList(field, name: name, choices: choices, describedBy: describedBy) {
                if hasMore {
                    html.div(.class("combobox-find")) {
                        html.input(.type("search"), .name("q.\(field.name)"), .value(field.lookedUp), .aria("label", say(Say.findFor(field.label))))
                        html.button(.class("button"), .name("_find"), .value(field.name), text: say(Say.find))
                    }
                }
                upload(field, many: true)
            }
        case .tick:
            html.div(.class("field")) {
                html.label(.class("tick"), .for(field.id)) {
                    html.input(.type("checkbox"), .id(field.id), .name(name), .value("yes"), .when(field.entry == "yes", .checked), rest)
                    html.span { labelText(field) }
                }
                notes(field)
            }
        case .text(let kind):
            labelled(field) { html.input(.id(field.id), .name(name), .value(field.entry), attributes(of: kind), rest) }
        case .address:
            labelled(field) { html.textarea([.id(field.id), .name(name), .rows(2), .autocomplete("off"), rest], value: field.entry) }
        case .longText:
            labelled(field) { html.textarea([.id(field.id), .name(name), .rows(4), rest], value: field.entry) }
        case .date:
            labelled(field) { html.input(.type("date"), .id(field.id), .name(name), .value(field.entry), rest) }
        case .moment:
            labelled(field) { html.input(.type("datetime-local"), .id(field.id), .name(name), .value(field.entry), rest) }
        case .choice(let choices):
            labelled(field) { choiceList(field, name: name, choices: choices, rest: rest) }
        case .record(let choices, let lookup, let hasMore):
            labelled(field) {
                defer { upload(field, many: false) }
                guard hasMore else { return choiceList(field, name: name, choices: choices, rest: rest) }
                html.div(.class("combobox"), .data("combobox", lookup), .data("label", field.label)) {
                    choiceList(field, name: name, choices: choices, rest: rest)
                    html.div(.class("combobox-find")) {
                        html.input(
                            .type("search"), .name("q.\(field.name)"), .value(field.lookedUp), .aria("label", say(Say.findFor(field.label))))
                        html.button(.class("button"), .name("_find"), .value(field.name), text: say(Say.find))
                    }
                }
            }
        }
    }

    /// Boxes to tick, and what stands below them.
    private func tickList(_ field: FormField, name: String, choices: [FormField.Choice], describedBy: Attribute, below: () -> Void) {
        html.element("fieldset", [field.isWide ? .class("field wide") : .class("field"), .id(field.id), describedBy, .tabindex(-1)]) {
            html.element("legend") { labelText(field) }
            let chosen = Set(field.entry.split(separator: ",").map(String.init))
            html.div(.class("ticks")) {
                for choice in choices {
                    html.label(.class("tick")) {
                        html.input(.type("checkbox"), .name(name), .value(choice.key), .when(chosen.contains(choice.key), .checked))
                        html.span(.when(choice.isUserContent, .userContent), text: choice.label)
                    }
                }
            }
            below()
            notes(field)
        }
    }

    /// Files that are sent along with the form.
    private func upload(_ field: FormField, many: Bool) {
        guard field.uploads else { return }
        html.div(.class("field-upload")) {
            html.label(.for("\(field.id)-upload"), text: say(many ? Say.newFiles(field.label) : Say.newFile(field.label)))
            html.input(.type("file"), .id("\(field.id)-upload"), .name("u.\(field.name)"), .when(many, .multiple))
        }
    }

    private func labelled(_ field: FormField, control: () -> Void) {
        html.div(field.isWide ? .class("field wide") : .class("field")) {
            html.label(.for(field.id)) { labelText(field) }
            control()
            notes(field)
        }
    }

    private func labelText(_ field: FormField) {
        html.text(field.label)
        if field.isRequired {
            html.span(.class("need"), .aria("hidden", "true"), text: "*")
            html.span(.class("visually-hidden"), text: language.bracketed(say(Say.required)))
        }
    }

    private func notes(_ field: FormField) {
        if let help = field.help { html.p(.class("help"), .id("\(field.id)-help"), text: help) }
        guard !field.errors.isEmpty else { return }
        html.div(.id("\(field.id)-error")) {
            for error in field.errors {
                html.p(.class("error")) {
                    icon("warning")
                    html.span(text: error)
                }
            }
        }
    }

    private func describedBy(_ field: FormField) -> Attribute {
        var ids: [String] = []
        if field.help != nil { ids.append("\(field.id)-help") }
        if !field.errors.isEmpty { ids.append("\(field.id)-error") }
        return .when(!ids.isEmpty, .aria("describedby", ids.joined(separator: " ")))
    }

    private func attributes(of kind: FormField.TextKind) -> Attribute {
        switch kind {
        case .plain: .type("text")
        case .email: .all([.type("email"), .inputmode("email"), .autocomplete("off")])
        case .web: .all([.type("text"), .inputmode("url")])
        case .telephone: .all([.type("tel"), .autocomplete("off")])
        case .decimal: .all([.type("text"), .inputmode("decimal"), .autocomplete("off")])
        }
    }

    private func choiceList(_ field: FormField, name: String, choices: [FormField.Choice], rest: Attribute) {
        html.select(.id(field.id), .name(name), rest) {
            html.option(.value(""), text: say(Say.choose))
            for choice in choices {
                html.option(
                    .value(choice.key), .when(choice.key == field.entry, .selected), .when(choice.isUserContent, .userContent), text: choice.label)
            }
        }
    }
}
