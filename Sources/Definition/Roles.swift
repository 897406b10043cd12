package import SourceText
import LocatedYAML

package struct RoleDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    package var includes: [Located<String>]
    /// May do what nobody else may, such as emptying the recycle bin.
    package var administers: Bool

    package init(name: Located<String>, label: LabelDefinition?, includes: [Located<String>], administers: Bool = false) {
        self.name = name
        self.label = label
        self.includes = includes
        self.administers = administers
    }

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [RoleDefinition] {
        namedEntries(of: entry, as: .role, &report).compactMap { role in
            guard names.declare(role.key, &report) else { return nil }
            guard !role.value.isNoValue else { return RoleDefinition(name: role.key, label: nil, includes: []) }
            guard let keys = KeyReader(role, of: .role, &report) else { return nil }
            return RoleDefinition(
                name: role.key, label: keys["label"]?.label(&report), includes: keys["includes"]?.names(&report) ?? [],
                administers: keys["administers"]?.switched(&report)?.value ?? false)
        }
    }
}
