import Engine
import Formula
import Model
import Program
import Storage
import StorageSQLite
import TestKit
import Testing

@Suite struct SearchTests {
    private let yaml = """
        app: { name: search, version: 1.0.0, timezone: Asia/Shanghai }
        objects:
          person:
            shows: "{name}"
            fields:
              name: { type: text, required: yes }
              company: text
              phone: { type: phone }
              note: long_text
          firm: { shows: "{title}", fields: { title: text } }
          visit: { fields: { at: date } }
        """

    private func bench() async throws -> Bench {
        let bench = try Bench(yaml)
        for json in [
            #"{"name":"张三","company":"启明智学","phone":"13800138000"}"#, #"{"name":"张三丰","note":"太极"}"#,
            #"{"name":"重庆李雷","company":"张三商行"}"#, #"{"name":"吕布"}"#, #"{"name":"Anna Smith","company":"ＡＢＣ-9"}"#, #"{"name":"单晓曾"}"#,
        ] { try await bench.make("person", json) }
        try await bench.make("firm", #"{"title":"上海启明科技有限公司"}"#)
        return bench
    }

    private func titles(_ bench: Bench, _ text: String, limit: Int = 5) async throws -> [String] {
        try await bench.engine.search(text, limit: limit, as: .system).flatMap(\.hits).map(\.title)
    }

    @Test(arguments: [
        // Those that are called so come first, the newer before the older; then those that mention it.
        ("张三", ["张三丰", "张三", "重庆李雷"]), ("启明", ["张三", "上海启明科技有限公司"]), ("zhangsan", ["张三丰", "张三"]),
        ("zs", ["张三丰", "张三"]), ("zsf", ["张三丰"]), ("zhangs", ["张三丰", "张三"]), ("zsan", ["张三丰", "张三"]), ("ZhangSan", ["张三丰", "张三"]),
        ("qmkj", ["上海启明科技有限公司"]), ("shqmkj", ["上海启明科技有限公司"]), ("kejiyouxian", ["上海启明科技有限公司"]),
        ("chongqing", ["重庆李雷"]), ("lvbu", ["吕布"]), ("lb", ["吕布"]), ("shanxiaozeng", ["单晓曾"]), ("danxiao", ["单晓曾"]),
        ("smi", ["Anna Smith"]), ("abc-9", ["Anna Smith"]), ("00138", ["张三"]), ("张三 启明", ["张三"]), ("太极", []), ("hangsan", []),
        ("", []), ("   ", []), ("ssssssssssssssssssssss", []), ("'; DROP TABLE", []), ("%", []),
    ] as [(String, [String])])
    func findsByPartsPinyinAndInitials(typed: String, expected: [String]) async throws {
        let bench = try await bench()
        #expect(try await titles(bench, typed) == expected)
    }

    @Test func whatIsChangedOrDeletedIsFoundAsItStands() async throws {
        let bench = try await bench()
        let firm = try #require(bench.engine.app.recordID(from: "firm/1"))
        try await bench.edit(firm, #"{"title":"杭州云织"}"#)
        #expect(try await titles(bench, "qmkj").isEmpty)
        #expect(try await titles(bench, "yunzhi") == ["杭州云织"])
        try await bench.delete(firm)
        #expect(try await titles(bench, "yunzhi").isEmpty)
        let refused = try await bench.create("person", #"{"company":"王五"}"#)
        #expect(refused.brief(bench.model).hasPrefix("refused"))
        #expect(try await titles(bench, "王五").isEmpty)
    }

    @Test func aLimitLeavesTheRestForAnotherLook() async throws {
        let bench = try await bench()
        let groups = try await bench.engine.search("张", limit: 2, as: .system)
        #expect(groups.map(\.hits.count) == [2] && groups[0].hasMore)
        let all = try await bench.engine.search("张", limit: 3, as: .system)
        #expect(all[0].hits.count == 3 && !all[0].hasMore)
    }

    @Test func aListHearsPinyinToo() async throws {
        let bench = try await bench()
        let person = try bench.object("person").id
        let found = try await bench.engine.list(ListRequest(object: person, search: "zs", limit: 10), as: .system)
        #expect(found.total == 2)
        // What a list has always found, it finds still: long texts, and words with a space between.
        #expect(try await bench.engine.list(ListRequest(object: person, search: "太极"), as: .system).total == 1)
        #expect(try await bench.engine.list(ListRequest(object: person, search: "anna s"), as: .system).total == 1)
    }

    @Test func everybodyIsToldOfWhatIsDurableAndOfNothingElse() async throws {
        let bench = try Bench(yaml)
        let feed = bench.engine.store.changes
        var told = feed.subscribe().makeAsyncIterator()
        let refused = try await bench.create("person", #"{"phone":"1"}"#)
        #expect(refused.brief(bench.model).hasPrefix("refused"))
        let person = try await bench.make("person", #"{"name":"张三"}"#)
        let first = try #require(await told.next())
        #expect(first == [CommittedChange(sequence: 1, record: person, version: 1, kind: .created, by: nil)])
        try await bench.edit(person, #"{"name":"李四"}"#)
        try await bench.delete(person)
        var later: [CommittedChange] = []
        while later.count < 2, let batch = await told.next() { later += batch }
        #expect(later.map(\.kind) == [.edited, .deleted] && later.map(\.sequence) == [2, 3])
        let read = try await bench.engine.store.read { try $0.changes(after: 1, limit: 10) }
        #expect(read == later)
        #expect(try await bench.engine.store.read { try $0.lastChange() } == 3)
    }

    @Test func thoseWhoListenAreLetGo() async throws {
        let bench = try Bench(yaml)
        let feed = bench.engine.store.changes
        let listening = Task { for await _ in feed.subscribe() {} }
        while feed.subscriberCount == 0 { await Task.yield() }
        listening.cancel()
        await listening.value
        #expect(feed.subscriberCount == 0)
        let until = feed.subscribe()
        await bench.engine.store.close()
        var batches = 0
        for await _ in until { batches += 1 }
        #expect(batches == 0)
        var late = feed.subscribe().makeAsyncIterator()
        #expect(await late.next() == nil)
    }

    @Test(arguments: [
        ("{ sales: {}, boss: { includes: [sales] } }", "boss", "sales"), ("{ keeper: { administers: yes }, boss: { includes: [keeper] }, sales: {} }", "keeper", "sales"),
    ])
    func whoLooksAfterTheApp(roles: String, yes: String, no: String) throws {
        let bench = try Bench("app: { name: roles, version: 1.0.0 }\nroles: \(roles)\nobjects: { a: { fields: { b: text } } }")
        func principal(_ name: String) -> Principal {
            let role = bench.model.roles.first { $0.name == name }
            return Principal(user: RecordID(object: ObjectID(index: 0), number: 1), name: name, roles: role.map { $0.covers.union([$0.id]) } ?? [])
        }
        #expect(bench.engine.administers(principal(yes)) && !bench.engine.administers(principal(no)))
    }
}
