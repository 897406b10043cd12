import Foundation

// Figures of this build beside a plain-C floor of the same run. `Benchmarks quick` takes a tenth of the time; `create`, `list`, `import`,
// `serve`, `lists`, `author`, `formulas`, `rollups`, `acting`, `timers` and `simulate` run only those.
let words = Set(CommandLine.arguments.dropFirst())
let parts = words.subtracting(["quick"])
guard parts.isSubset(of: ["create", "list", "import", "serve", "lists", "author", "formulas", "rollups", "acting", "timers", "simulate"]) else {
    print("Benchmarks [quick] [create] [list] [import] [serve] [lists] [author] [formulas] [rollups] [acting] [timers] [simulate]")
    exit(2)
}
let scale = words.contains("quick") ? 1 : 10
func runs(_ part: String) -> Bool { parts.isEmpty || parts.contains(part) }
#if DEBUG
print("a debug build: the figures below say nothing; run `make bench`")
#endif
do {
    if runs("formulas") {
        FormulaLine.print(FormulaLine.header)
        for line in try Formulas.run(500, times: 160 * scale) { line.print() }
        print("")
    }
    Line.print(Line.header)
    if runs("formulas") { try Formulas.compile(100 * scale).print() }
    if runs("create") { try await Records.create(300 * scale).print() }
    if runs("list") { try await Records.list(of: 10_000 * scale, times: 5 * scale).print() }
    if runs("import") { try await Records.importRows(10_000 * scale).print() }
    if runs("rollups") { for line in try await Rollups.run(children: 100_000 * scale, edits: 50 * scale) { line.print() } }
    if runs("acting") { for line in try await Acting.run(200 * scale) { line.print() } }
    if runs("timers") { for line in try await Timers.run(10_000 * scale) { line.print() } }
    if runs("simulate") { for line in try await Simulating.run(records: 5_000 * scale) { line.print() } }
    if runs("serve") { for line in try await Serving.run(creates: 300 * scale) { line.print() } }
    if runs("lists") { for line in try await Serving.lists(of: 10_000 * scale, times: 100 * scale) { line.print() } }
    if runs("author") {
        try Authoring.check(lines: 10_000).print()
        try await Authoring.reload().print()
        try await Authoring.addFields(to: 10_000 * scale).print()
    }
} catch {
    print("not measured: \(error)")
    exit(1)
}
