package import Engine
package import JSON
package import Program
package import SourceText

/// What the tests of an app reached, and what they did not.
package struct CoverageReport: Sendable {
    package struct Count: Sendable, Hashable {
        package var reached = 0
        package var total = 0
    }

    package let counts: [(kind: Coverage.Kind, count: Count)]
    /// In the order of the definition, with `file:line`.
    package let missing: [(place: Coverage.Place, line: String)]

    package init(_ coverage: Coverage, of app: CompiledApp, sources: SourceSet) {
        let places = Coverage.places(in: app)
        var counts: [Coverage.Kind: Count] = [:]
        var missing: [(place: Coverage.Place, line: String)] = []
        for place in places {
            counts[place.kind, default: Count()].total += 1
            if coverage.hasReached(place.item) {
                counts[place.kind, default: Count()].reached += 1
            } else {
                missing.append((place, sources.lineDescription(of: place.declaredAt)))
            }
        }
        self.counts = Coverage.Kind.allCases.map { ($0, counts[$0] ?? Count()) }
        self.missing = missing
    }

    package func text(in language: Language) -> String {
        let head = counts.map { "\($0.kind.words[language]) \($0.count.reached)/\($0.count.total)" }
        var lines = [Words(zh: "覆盖：\(head.joined(separator: "，"))", en: "reached: \(head.joined(separator: ", "))")[language]]
        lines += missing.map { "  \($0.line): " + Words(zh: "没有测试到 \($0.place.words.zh)", en: "no test reaches \($0.place.words.en)")[language] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// `{"rules":{"reached":3,"of":4},…,"missing":[{"kind","at","words"}]}`
    package func json(in language: Language) -> JSONValue {
        .object(
            counts.map { .init($0.kind.rawValue, .object([.init("reached", .int($0.count.reached)), .init("of", .int($0.count.total))])) } + [
                .init(
                    "missing",
                    .array(missing.map { .object([.init("kind", .string($0.place.kind.rawValue)), .init("at", .string($0.line)), .init("words", .string($0.place.words[language]))]) }))
            ])
    }
}
