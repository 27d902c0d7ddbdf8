// swift-tools-version: 6.1
import PackageDescription

/// Every target of ours is compiled under the same rules: Swift 6 concurrency, no warnings,
/// and a file sees only what it imports itself.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .unsafeFlags(["-warnings-as-errors"]),
    // Without it the program looks up each of its generic types by name when it first meets it, and searches the
    // conformances of all modules for what that type needs: a tenth of a sync that finds nothing to do.
    .unsafeFlags(
        ["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors"],
        .when(configuration: .release)),
]

/// Where the Makefile puts a static libstdc++ alone, which the linker then takes.
///
/// The shared one has a third of all the symbols that are looked up when the program starts: more than a millisecond.
let staticCxx = LinkerSetting.unsafeFlags(
    ["-L\(Context.packageDirectory)/.build/static"], .when(configuration: .release))

let package = Package(
    name: "fatesync",
    products: [.executable(name: "fatesync", targets: ["fatesync"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .systemLibrary(name: "CGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CLinux"),
        .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .target(name: "DesiredState", dependencies: ["CYaml"], swiftSettings: strict),
        .target(name: "Planning", dependencies: ["DesiredState"], swiftSettings: strict),
        .target(
            name: "GitSource",
            dependencies: [
                "CGit2", "DesiredState",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "DockerEngine", dependencies: ["CCurl", "DesiredState", "Planning"],
            swiftSettings: strict),
        .target(
            name: "AuditJournal",
            dependencies: [.product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(
            name: "Reconciliation",
            dependencies: [
                "AuditJournal", "CLinux", "DesiredState", "DockerEngine", "GitSource", "Planning",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "fatesync",
            dependencies: [
                "AuditJournal", "DesiredState", "DockerEngine", "GitSource", "Planning", "Reconciliation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict, linkerSettings: [staticCxx]),
        .testTarget(name: "DesiredStateTests", dependencies: ["DesiredState"], swiftSettings: strict),
        // A host with an engine for tests: the planner's are run against it, and it is held against real engines.
        .target(
            name: "EngineModel", dependencies: ["DesiredState", "Planning"], path: "Tests/EngineModel",
            swiftSettings: strict),
        .testTarget(
            name: "PlanningTests", dependencies: ["DesiredState", "EngineModel", "Planning"],
            swiftSettings: strict),
        .testTarget(
            name: "GitSourceTests", dependencies: ["DesiredState", "GitSource"], swiftSettings: strict),
        .testTarget(
            name: "DockerEngineTests",
            dependencies: ["DesiredState", "DockerEngine", "EngineModel", "Planning"],
            swiftSettings: strict),
        .testTarget(name: "AuditJournalTests", dependencies: ["AuditJournal"], swiftSettings: strict),
        .testTarget(
            name: "ReconciliationTests",
            dependencies: [
                "AuditJournal", "DesiredState", "DockerEngine", "GitSource", "Planning", "Reconciliation",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "AcceptanceTests", dependencies: ["fatesync"], swiftSettings: strict),
    ]
)
