// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableExperimentalFeature("Lifetimes"),
]
// Modules on the hot path: generics stay specialised across module boundaries in release builds.
let hot = strict + [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")
let nio: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1"].map { .product(name: $0, package: "swift-nio") }

let package = Package(
  name: "kwic",
  products: [
    .executable(name: "kwicd", targets: ["kwicd"]),
    .executable(name: "kwic", targets: ["kwic"]),
    .executable(name: "bench", targets: ["bench"]),
    .executable(name: "bench-suite", targets: ["bench-suite"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: [
    .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
    .target(name: "CKernels"),
    .target(name: "Base", swiftSettings: hot),
    .target(name: "Store", dependencies: ["Base", "CLMDB"], swiftSettings: hot),
    .target(name: "Analysis", dependencies: ["Base"], swiftSettings: hot),
    .target(name: "ScoringCore", dependencies: ["Base", "CKernels"], swiftSettings: hot),
    .target(name: "Index", dependencies: ["Base", "Analysis", "ScoringCore", "Store"], swiftSettings: hot),
    .target(name: "Query", dependencies: ["Base", "Analysis", "ScoringCore", "Index"], swiftSettings: hot),
    .target(name: "Ingest", dependencies: ["Base", "Analysis", "Index", logging], swiftSettings: strict),
    .target(name: "Server", dependencies: ["Base", "Query", "Ingest", "Index", crypto, logging] + nio, swiftSettings: strict),
    .executableTarget(name: "kwicd", dependencies: ["Server", argumentParser, logging], swiftSettings: strict),
    .executableTarget(name: "kwic", dependencies: ["Server", argumentParser], swiftSettings: strict),
    .executableTarget(name: "bench", path: "bench/launch", swiftSettings: strict),
    .executableTarget(
      name: "bench-suite",
      dependencies: ["Base", "CKernels", "Analysis", "ScoringCore", "Index", "Query", "Ingest", argumentParser, histogram],
      path: "bench/suite", exclude: ["Gate"], swiftSettings: hot),
    .target(name: "TestSupport", dependencies: ["Base"], path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(name: "StoreTests", dependencies: ["Base", "Store", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "AnalysisTests", dependencies: ["Base", "Analysis", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "ScoringCoreTests", dependencies: ["Base", "ScoringCore", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "IndexTests", dependencies: ["Base", "Analysis", "ScoringCore", "Store", "Index", "TestSupport"],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "QueryTests", dependencies: ["Base", "Analysis", "ScoringCore", "Index", "Query", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "IngestTests", dependencies: ["Base", "Index", "Ingest", "TestSupport", logging], swiftSettings: strict),
    .testTarget(
      name: "ServerTests", dependencies: ["Base", "Index", "Query", "Ingest", "Server", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "FuzzTests", dependencies: ["Base", "Analysis", "ScoringCore", "Query", "TestSupport"],
      exclude: ["Corpus", "Drivers"], swiftSettings: strict),
    .testTarget(name: "TidyTests", dependencies: ["TestSupport"], swiftSettings: strict),
  ]
)
