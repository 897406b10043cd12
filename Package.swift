// swift-tools-version: 6.1
// The table of rooms, once as in ARCHITECTURE.md and once as the build sees it: a room a line, in the order of the flow.
// `Tests/ArchitectureTests` reads every `import` line against this table.
import PackageDescription

/// `WEIR_ROOMS=core` leaves out every room that needs an outside package, so the everyday loop builds in seconds.
let coreOnly = Context.environment["WEIR_ROOMS"] == "core"

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func room(
    _ name: String, needs: [String] = [], packages: [Target.Dependency] = [], exclude: [String] = [], plugins: [Target.PluginUsage] = []
) -> Target {
    .target(
        name: name, dependencies: needs.map { .byName(name: $0) } + packages, exclude: exclude,
        swiftSettings: strict, plugins: plugins)
}

func tests(_ name: String, needs: [String], packages: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: needs.map { .byName(name: $0) } + packages, exclude: exclude, swiftSettings: strict)
}

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let front = ["SourceText", "Definition", "Formula", "Model", "Program"]

// The rooms that need no outside package.
var targets: [Target] = [
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite3"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    room("JSON"),
    room("SourceText", needs: ["JSON"]),
    room("LocatedYAML", needs: ["SourceText", "CLibYAML"]),
    room("Definition", needs: ["JSON", "SourceText", "LocatedYAML"]),
    room("Formula", needs: ["SourceText"]),
    room("Model", needs: ["SourceText", "Definition", "Formula"]),
    room("Program", needs: ["SourceText", "LocatedYAML", "Definition", "Formula", "Model"]),
    room("SQLText", needs: ["SourceText", "Formula"]),
    room("PostgresClient", needs: ["SQLText"]),
    room("SchemaPlan", needs: ["SourceText", "Formula", "Model", "SQLText"]),
    room("Storage", needs: ["SourceText", "Formula", "Model", "Program", "SQLText", "SchemaPlan"]),
    room("Spreadsheet", needs: ["SourceText", "CZlib"]),
    room("Engine", needs: ["JSON", "SourceText", "Formula", "Model", "Program", "Storage", "Spreadsheet"]),
    room("Scenarios", needs: ["JSON", "SourceText", "Formula", "Model", "Program", "Storage", "Engine"]),
    room("HTML"),
    room("TestKit", needs: front + ["LocatedYAML", "JSON", "Storage", "Engine"]),
    tests("ArchitectureTests", needs: []),
    tests("JSONTests", needs: ["JSON"]),
    tests("SourceTextTests", needs: ["SourceText", "JSON"]),
    tests("LocatedYAMLTests", needs: ["LocatedYAML", "SourceText", "JSON", "TestKit"], exclude: ["Hostile", "Mistakes"]),
    tests("DefinitionTests", needs: ["Definition", "JSON", "LocatedYAML", "SourceText", "TestKit"]),
    tests("FormulaTests", needs: ["Formula", "SourceText", "JSON"]),
    tests("ModelTests", needs: ["Model", "Definition", "Formula", "Program", "SourceText", "TestKit"], exclude: ["Mistakes"]),
    tests("ProgramTests", needs: front + ["JSON", "LocatedYAML", "TestKit"]),
    tests("SQLTextTests", needs: ["SQLText", "PostgresClient", "Formula", "SourceText", "CSQLite"], exclude: ["Goldens"]),
    tests("SchemaPlanTests", needs: front + ["SchemaPlan", "SQLText", "TestKit"], exclude: ["Plans", "Mistakes"]),
    tests("SpreadsheetTests", needs: ["Spreadsheet", "SourceText"], exclude: ["Workbooks"]),
    tests("HTMLTests", needs: ["HTML"]),
]

// The rooms on outside packages.
if !coreOnly {
    targets += [
        .target(name: "CShims", dependencies: ["CSQLite", "CZlib"]),
        room(
            "StorageSQLite",
            needs: ["SourceText", "JSON", "Formula", "Model", "Program", "SQLText", "SchemaPlan", "Storage", "CSQLite", "CShims", "CZlib"],
            packages: [grdb, crypto]),
        room("Connectors", needs: ["JSON", "SourceText", "Formula", "Model", "Storage", "Engine", "CShims"], packages: [crypto]),
        .executableTarget(name: "EmbedTool", path: "Plugins/EmbedTool"),
        .plugin(name: "Embed", capability: .buildTool(), dependencies: ["EmbedTool"]),
        room("WebAssets", exclude: ["web"], plugins: ["Embed"]),
        room(
            "HTTPService",
            needs: front + ["JSON", "Storage", "Engine", "Connectors", "CShims"],
            packages: [hummingbird, hummingbirdCore, httpTypes, nioCore, crypto, cryptoExtras, logging, lifecycle]),
        room(
            "WebUI",
            needs: front + ["JSON", "HTML", "WebAssets", "Storage", "Spreadsheet", "Engine", "HTTPService"],
            packages: [hummingbird, httpTypes, nioCore]),
        .executableTarget(
            name: "weir",
            dependencies: (front + [
                "LocatedYAML", "JSON", "SQLText", "PostgresClient", "SchemaPlan", "Storage", "StorageSQLite", "Spreadsheet", "Engine", "Connectors", "Scenarios",
                "HTML", "HTTPService", "WebUI",
            ]).map { .byName(name: $0) } + [hummingbird, httpTypes, arguments, logging, lifecycle, crypto],
            swiftSettings: strict),
        .executableTarget(
            name: "Benchmarks",
            dependencies: (front + ["LocatedYAML", "JSON", "SchemaPlan", "Storage", "StorageSQLite", "Engine", "Scenarios", "BenchmarkFloor"]).map { .byName(name: $0) },
            path: "Benchmarks/Sources", swiftSettings: strict),
        .target(name: "BenchmarkFloor", dependencies: ["CSQLite"], path: "Benchmarks/Floor"),
        // Writes records until it kills itself at a commit point; its parent then looks at what it left.
        .executableTarget(
            name: "CrashChild", dependencies: (front + ["JSON", "Storage", "StorageSQLite", "Engine", "TestKit"]).map { .byName(name: $0) },
            path: "Tests/CrashChild", swiftSettings: strict),
        tests(
            "StorageSQLiteTests",
            needs: front + ["JSON", "SQLText", "SchemaPlan", "Storage", "StorageSQLite", "TestKit", "CrashChild"], packages: [grdb]),
        tests("EngineTests", needs: front + ["JSON", "Storage", "StorageSQLite", "Spreadsheet", "Engine", "TestKit"]),
        tests("ScenariosTests", needs: front + ["JSON", "Storage", "StorageSQLite", "Engine", "Scenarios", "TestKit"]),
        // A disk that notes what is done to it, and fails when it is told to.
        .target(name: "FaultDisk", dependencies: ["CSQLite"], path: "Tests/FaultDisk"),
        // What goes wrong in time and in order, and that nothing comes of it.
        tests("FaultTests", needs: front + ["CSQLite", "FaultDisk", "JSON", "Storage", "StorageSQLite", "Engine", "Scenarios", "TestKit"]),
        tests(
            "ConnectorsTests", needs: front + ["JSON", "Storage", "Engine", "Connectors", "TestKit"], packages: [nioCore, nioPosix, nioHTTP, crypto]),
        tests(
            "HTTPServiceTests", needs: front + ["JSON", "Storage", "StorageSQLite", "Engine", "Connectors", "HTTPService", "TestKit"],
            packages: [hummingbird, httpTypes, nioCore]),
        tests("WebUITests", needs: front + ["JSON", "HTML", "Storage", "StorageSQLite", "Engine", "HTTPService", "WebUI", "TestKit"]),
        tests("WeirTests", needs: front + ["JSON", "LocatedYAML", "Storage", "StorageSQLite", "Engine", "TestKit"], exclude: ["spreadsheet-cases.jsonl"]),
        tests("SpecTests", needs: front + ["JSON", "LocatedYAML", "SQLText", "SchemaPlan", "Storage", "StorageSQLite", "Engine", "Scenarios", "TestKit"]),
    ]
}

let package = Package(
    name: "weir",
    platforms: [.macOS(.v15)],
    products: coreOnly ? [] : [.executable(name: "weir", targets: ["weir"])],
    dependencies: coreOnly ? [] : [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: targets
)
