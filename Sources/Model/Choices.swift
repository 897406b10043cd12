import Definition
import Formula
import SourceText

extension AppChecker {
    func checkChoices() {
        for list in definition.choices {
            if list.options.isEmpty { report.report(.emptyChoices(list.name)) }
            lists[list.name.value] = optionList(list.name.value, list.options)
        }
    }

    func warnOfUnusedChoices() {
        // The field that uses it may have been left out.
        guard !hasErrorsBefore, !missesAList else { return }
        for list in definition.choices where !usedLists.contains(list.name.value) { report.report(.unusedChoices(list.name)) }
    }

    func optionList(_ name: String, _ options: [OptionDefinition]) -> OptionList {
        OptionList(name: name, options: options.map(Self.option))
    }

    static func option(_ definition: OptionDefinition) -> OptionList.Option {
        let words = definition.label?.words(or: definition.key.value) ?? Words(same: definition.key.value)
        return OptionList.Option(key: definition.key.value, labelZh: words.zh, labelEn: words.en)
    }

    /// The list of a field: a shared one, or its own. Nil if there is none of that name.
    func options(_ written: OptionsDefinition, of field: Located<String>, on object: String) -> OptionList? {
        switch written {
        case .shared(let name):
            usedLists.insert(name.value)
            if let list = lists[name.value] { return list }
            missesAList = true
            report.report(.unknownName(name, .list, of: nil, known: definition.choices.map(\.name.value)))
            return nil
        case .own(let options):
            if options.isEmpty { report.report(.emptyChoices(field)) }
            return optionList("\(object).\(field.value)", options)
        }
    }
}
