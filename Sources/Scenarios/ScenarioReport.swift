package import JSON
package import SourceText

/// What became of an app's tests.
package struct ScenarioReport: Sendable {
    package struct Test: Sendable {
        package let name: String
        package let seconds: Double
        /// Nil if it passed; else what was expected, what came instead and why, beginning with `file:line`.
        package let failure: Words?

        package init(name: String, seconds: Double, failure: Words?) {
            self.name = name
            self.seconds = seconds
            self.failure = failure
        }

        package var ok: Bool { failure == nil }
    }

    package let tests: [Test]

    package init(tests: [Test]) {
        self.tests = tests
    }

    package var passed: Int { tests.count { $0.ok } }
    package var failed: Int { tests.count { !$0.ok } }

    /// `{"passed":12,"failed":0,"tests":[{"name","ok","seconds","message"}]}`, and `coverage` where it was asked for.
    package func json(in language: Language, coverage: CoverageReport? = nil) -> JSONValue {
        .object((coverage.map { [.init("coverage", $0.json(in: language))] } ?? []) + [
            .init("passed", .int(passed)), .init("failed", .int(failed)),
            .init("tests", .array(tests.map { test in
                .object([
                    .init("name", .string(test.name)), .init("ok", .bool(test.ok)), .init("seconds", .number(decimal(test.seconds))),
                    .init("message", .string(orNull: test.failure?[language])),
                ])
            })),
        ])
    }

    /// A line per test, what went wrong under it, and last `N passed, N failed`.
    package func text(in language: Language) -> String {
        var lines: [String] = []
        for test in tests {
            lines.append("\(test.ok ? "✓" : "✗") \(test.name)")
            if let failure = test.failure {
                lines += failure[language].split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
            }
        }
        lines.append("\(passed) passed, \(failed) failed")
        return lines.joined(separator: "\n") + "\n"
    }

    /// Seconds with three decimals, as JSON spells numbers.
    private func decimal(_ seconds: Double) -> String {
        let milliseconds = Int((max(0, seconds) * 1000).rounded())
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
