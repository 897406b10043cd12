import Foundation

// Figures of this build beside a plain-C floor of the same run. `Benchmarks quick` takes a tenth of the time.
let tenth = CommandLine.arguments.dropFirst().contains("quick")
let scale = tenth ? 1 : 10
#if DEBUG
print("a debug build: the figures below say nothing; run `make bench`")
#endif
Line.print(Line.header)
try await Records.create(300 * scale).print()
try await Records.list(of: 10_000 * scale, times: 5 * scale).print()
try await Records.importRows(400 * scale).print()
do {
    for line in try await Serving.run(creates: 300 * scale) { line.print() }
} catch {
    print("weir serve is not measured: \(error)")
    exit(1)
}
