// swift-tools-version: 6.0
import PackageDescription

/// What a hand-written target is held to. Where this package is somebody's dependency, SwiftPM lets nobody set such flags: only the test command asks.
let strict: [SwiftSetting] =
    Context.environment["KEYWAY_STRICT"] == nil ? [] : [.unsafeFlags(["-warnings-as-errors"])]

#if os(Linux)
/// The library of the workspace's own build, where `KEYWAY_LIBRARIES` says.
let libraries = Context.environment["KEYWAY_LIBRARIES"] ?? "\(Context.packageDirectory)/../target/debug/deps"
let library: Target = .systemLibrary(name: "KeywayCoreFFI")
let linking: [LinkerSetting] = [
    .linkedLibrary("keyway"),
    .unsafeFlags(["-L\(libraries)", "-Xlinker", "-rpath", "-Xlinker", libraries]),
]
#else
let library: Target = .binaryTarget(name: "KeywayCoreFFI", path: "Keyway.xcframework")
let linking: [LinkerSetting] = [
    .linkedFramework("CoreBluetooth"),
    .linkedFramework("CoreFoundation"),
    .linkedFramework("Security"),
    .linkedLibrary("objc"),
]
#endif

let package = Package(
    name: "Keyway",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "Keyway", targets: ["Keyway"])],
    targets: [
        library,
        .target(
            name: "KeywayCore",
            dependencies: ["KeywayCoreFFI"],
            // Generated code: its callbacks are not written for Swift 6.
            swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: linking
        ),
        .target(name: "Keyway", dependencies: ["KeywayCore"], swiftSettings: strict),
        .testTarget(name: "KeywayTests", dependencies: ["Keyway"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
