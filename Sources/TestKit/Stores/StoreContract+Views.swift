import Formula
import Model
import Program
import Storage

/// What people keep for themselves, and the search over everything.
extension StoreContract {
    static let views = [
        Promise(description: "a preference is one person's own") { try await $0.preferencesAreOnesOwn() },
        Promise(description: "a saved view is its owner's, or everybody's") { try await $0.viewsAreKept() },
        Promise(description: "the search finds what stands, and nothing that was deleted") { try await $0.searchFollows() },
    ]

    func preferencesAreOnesOwn() async throws {
        try await store { store in
            let (one, two) = (RecordID(object: SampleApp.user, number: 1), RecordID(object: SampleApp.user, number: 2))
            try await store.write { try $0.setPreference("name,amount", named: "columns deal", of: one) }
            try await store.write { try $0.setPreference("name", named: "columns deal", of: one) }
            let read = try await store.read { [try $0.preference("columns deal", of: one), try $0.preference("columns deal", of: two)] }
            try requireEqual(read, ["name", nil], "preferences")
            try await store.write { try $0.setPreference(nil, named: "columns deal", of: one) }
            try requireEqual(try await store.read { try $0.preference("columns deal", of: one) }, nil, "forgotten")
        }
    }

    func viewsAreKept() async throws {
        try await store { store in
            let (one, two) = (RecordID(object: SampleApp.user, number: 1), RecordID(object: SampleApp.user, number: 2))
            @Sendable func view(_ id: Int64, _ name: String, _ owner: RecordID?, _ isShared: Bool) -> SavedView {
                SavedView(id: id, object: SampleApp.deal, name: name, owner: owner, isShared: isShared, query: "where=amount%20%3E%205")
            }
            let mine = try await store.write { try $0.save(view(0, "我的", one, false)) }
            let shared = try await store.write { try $0.save(view(0, "大家的", two, true)) }
            let theirs = try await store.write { try $0.save(view(0, "别人的", two, false)) }
            try requireEqual(
                try await store.read { try $0.savedViews(of: SampleApp.deal, for: one) }, [view(shared, "大家的", two, true), view(mine, "我的", one, false)],
                "what one sees")
            _ = try await store.write { try $0.save(view(mine, "改名", one, true)) }
            try await store.write { try $0.deleteView(id: theirs) }
            try requireEqual(
                try await store.read { try $0.savedViews(of: SampleApp.deal, for: two) }.map(\.name), ["大家的", "改名"], "after changes")
            try requireEqual(try await store.read { try $0.savedViews(of: SampleApp.user, for: one) }.count, 0, "of another object")
        }
    }

    func searchFollows() async throws {
        try await store { store in
            let row = SampleApp.row(SampleApp.user, 7, ["name": .text("欧阳娜娜"), "login": .text("Nana")])
            @Sendable func found(_ text: String) async throws -> [Int64] {
                try await store.read { try $0.found(SearchText.words(of: text), in: SampleApp.user, limit: 5).map(\.number) }
            }
            try await store.write { try $0.insert(row) }
            for text in ["欧阳", "娜", "ouyang", "oynn", "NANA", "ouyang nana"] { try requireEqual(try await found(text), [7], text) }
            try requireEqual(try await found("阳欧"), [], "another order")
            var renamed = row
            renamed[SampleApp.field(SampleApp.user, "name")] = .text("王芳")
            let new = renamed
            try await store.write { try $0.update(new, changed: [SampleApp.field(SampleApp.user, "name")]) }
            try requireEqual(try await found("wf") + found("ouyang"), [7], "renamed")
            try await store.write { try $0.delete(row.id, at: Instant(microseconds: 9)) }
            try requireEqual(try await found("王芳"), [], "deleted")
        }
    }
}
