import SourceText

/// Every name that may stand before a bracket: the forms of the language and the functions of the catalogue, by all their spellings.
package struct FunctionNames: Sendable {
    package enum Entry: Sendable, Hashable {
        case form(SpecialForm)
        case function(FunctionID)
    }

    private let entries: [String: Entry]
    let functions: [FunctionDefinition]

    /// Those of `FunctionCatalogue.all`.
    package static let standard = FunctionNames(FunctionCatalogue.all)

    init(_ functions: [FunctionDefinition]) {
        var entries: [String: Entry] = [:]
        for form in SpecialForm.allCases {
            for name in form.names { entries[name] = .form(form) }
        }
        for (index, function) in functions.enumerated() {
            for name in [function.name] + function.aliases where entries[name] == nil {
                entries[name] = .function(FunctionID(index: index))
            }
        }
        self.entries = entries
        self.functions = functions
    }

    /// The entry of this name; case does not count.
    package subscript(name: String) -> Entry? { entries[name.lowercased()] }

    /// The name under which it is re-printed; as written if nobody knows it.
    package func canonical(_ name: String) -> String {
        switch self[name] {
        case .form(let form): form.name
        case .function(let id): functions[id.index].name
        case nil: name
        }
    }

    /// The name that `name` may have been meant for.
    func suggestion(for name: String) -> String? {
        closestMatch(to: name.lowercased(), among: entries.keys.sorted())
    }
}
