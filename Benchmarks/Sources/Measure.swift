import BenchmarkFloor
import Foundation
import Formula
import Storage

/// CPU time of this process, user and system, in microseconds.
func cpuMicroseconds() -> Double {
    var usage = rusage()
    #if canImport(Glibc)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
    getrusage(RUSAGE_SELF, &usage)
    #endif
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
}

/// CPU time of `work` per operation, in microseconds.
func cpu(per count: Int, _ work: () throws -> Void) rethrows -> Double {
    let start = cpuMicroseconds()
    try work()
    return (cpuMicroseconds() - start) / Double(count)
}

func cpu(per count: Int, _ work: () async throws -> Void) async rethrows -> Double {
    let start = cpuMicroseconds()
    try await work()
    return (cpuMicroseconds() - start) / Double(count)
}

func wallSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// A line of the table.
struct Line {
    let what: String
    let measured: String
    let floor: String
    let ratio: String
    let aim: String

    init(_ what: String, weir: Double, floor: Double, aim: Double) {
        self.what = what
        measured = String(format: "%.1f µs", weir)
        self.floor = String(format: "%.1f µs", floor)
        ratio = String(format: "%.1f×", weir / floor)
        self.aim = String(format: "≤ %.0f×", aim) + (weir / floor <= aim ? "" : "  missed")
    }

    init(_ what: String, _ value: Double, _ unit: String, decimals: Int, aim: Double?) {
        self.what = what
        measured = String(format: "%.\(decimals)f \(unit)", value)
        floor = "–"
        ratio = "–"
        self.aim = aim.map { String(format: "≤ %.\(decimals)f \(unit)", $0) + (value <= $0 ? "" : "  missed") } ?? ""
    }

    /// How many a second, and the floor's; the ratio is to be at least `aim`.
    init(_ what: String, perSecond value: Double, floor: Double, atLeast aim: Double) {
        self.what = what
        measured = String(format: "%.0f /s", value)
        self.floor = String(format: "%.0f /s", floor)
        ratio = String(format: "%.2f×", value / floor)
        self.aim = String(format: "≥ %.2f×", aim) + (value / floor >= aim ? "" : "  missed")
    }

    init(_ what: String, perSecond value: Double, atLeast aim: Double) {
        self.what = what
        measured = String(format: "%.0f /s", value)
        floor = "–"
        ratio = "–"
        self.aim = String(format: "≥ %.0f /s", aim) + (value >= aim ? "" : "  missed")
    }

    /// A figure without an aim.
    init(_ what: String, _ value: Double, _ unit: String, decimals: Int) { self.init(what, value, unit, decimals: decimals, aim: nil) }

    init(skipped what: String, why: String) {
        self.what = what
        measured = "not measured: \(why)"
        floor = ""
        ratio = ""
        aim = ""
    }

    static let header = ["CPU per operation, unless a rate or a time is said", "Weir", "C floor", "ratio", "aim"]

    func print() { Self.print([what, measured, floor, ratio, aim]) }

    static func print(_ cells: [String]) {
        Swift.print(zip(cells, [58, 14, 12, 8, 16]).map { pad($0, $1) }.joined(separator: " "))
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// A clock that goes on by itself, and bytes that nobody must guess.
enum BenchWorld {
    static func make() -> World { World(clock: Clock(), entropy: Bytes()) }

    /// On a clock of the bench's own.
    static func make(_ clock: any WorldClock, commitPoints: CommitPoints = CommitPoints()) -> World {
        World(clock: clock, entropy: Bytes(), commitPoints: commitPoints)
    }

    struct Clock: WorldClock {
        func now() -> Instant {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
        }
    }

    private struct Bytes: Entropy {
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) } }
    }
}

struct Failed: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A folder of this run, removed at its end.
func withFolder<Result>(_ work: (String) async throws -> Result) async throws -> Result {
    var template = Array("/tmp/weir-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failed("no folder can be made in /tmp") }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await work(path)
}
