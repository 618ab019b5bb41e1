// swift-tools-version: 6.2
import PackageDescription

// One table drives the package: a module is one line, a vendor is one word.

let house: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// The hot path writes into buffers that belong to one worker; checking each access at run time cost 4 % of a conversion.
let hot: [SwiftSetting] = [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

/// Vendors with a folder under Connectors/, each a target of its own.
let vendors = [
    "Neutral",
    "Memory",
    "Zendesk",
    "Intercom",
    "Freshchat",
    "Kustomer",
    "Livechat",
    "ServiceNow",
    "HubSpot",
    "HubSpotImport",
    "ZendeskChat",
]

/// Modules under Sources/ and what each may import, ground floor first.
let modules: [(name: String, needs: [String])] = [
    ("Diagnostics", []),
    ("ConversationModel", ["Diagnostics"]),
    ("FieldMapping", ["Diagnostics", "ConversationModel", "ExportFormats", "CCrypto"]),
    ("StateStore", ["Diagnostics", "CSQLite"]),
    ("ExportFormats", ["Diagnostics", "CXML2", "CArchive"]),
    ("ConnectorKit", ["Diagnostics", "ConversationModel", "ExportFormats", "CSimdJSON", "CCrypto"]),
    ("ConnectorCatalog", ["ConnectorKit"] + vendors),
    ("SyncEngine", ["Diagnostics", "ConversationModel", "FieldMapping", "StateStore", "ConnectorKit"]),
    ("Reports", ["Diagnostics", "ConversationModel", "ExportFormats", "ConnectorKit", "SyncEngine"]),
    ("ConsoleKit", ["Diagnostics"]),
]

/// Test targets under Tests/ and what each tests.
let tests: [(name: String, needs: [String])] = [
    ("FieldMappingTests", ["Diagnostics", "ConversationModel", "FieldMapping", "ExportFormats"]),
    ("StateStoreTests", ["Diagnostics", "StateStore", "CSQLite"]),
    ("ExportFormatsTests", ["Diagnostics", "ExportFormats", "CArchive"]),
    ("ConsoleKitTests", ["Diagnostics", "ConsoleKit"]),
    (
        "MappingCommandTests",
        ["Diagnostics", "ConversationModel", "FieldMapping", "ConnectorKit", "ConnectorCatalog", "SyncEngine"]
    ),
    (
        "MappingRunTests",
        ["Diagnostics", "ConversationModel", "FieldMapping", "ConnectorKit", "ConnectorCatalog", "SyncEngine"]
    ),
    (
        "ReportsTests",
        [
            "Diagnostics", "ConversationModel", "ConnectorKit", "ConnectorCatalog", "FieldMapping", "SyncEngine",
            "Reports",
        ]
    ),
    ("EndToEndTests", ["deskferry"]),
    ("HouseTests", []),
    (
        "ConnectorTests",
        [
            "Diagnostics", "ConversationModel", "ConnectorKit", "ConnectorCatalog", "FieldMapping", "SyncEngine",
            "TestSupport",
        ]
    ),
]

func systemLibrary(_ name: String, _ package: String, _ debian: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: package, providers: [.apt([debian])])
}

let targets: [Target] =
    vendors.map { vendor in
        .target(
            name: vendor, dependencies: ["Diagnostics", "ConversationModel", "ConnectorKit"],
            path: "Connectors/\(vendor)",
            exclude: ["README.md", "Fixtures"] + (vendor == "Neutral" ? ["bundle.schema.json"] : []),
            swiftSettings: house)
    } + [
        systemLibrary("CSQLite", "sqlite3", "libsqlite3-dev"),
        systemLibrary("CXML2", "libxml-2.0", "libxml2-dev"),
        systemLibrary("CArchive", "libarchive", "libarchive-dev"),
        systemLibrary("CCrypto", "libcrypto", "libssl-dev"),
        .target(
            name: "CSimdJSON", path: "Sources/CSimdJSON",
            cxxSettings: [.unsafeFlags(["-O2"])],
            linkerSettings: [.linkedLibrary("simdjson")]),
    ]

let package = Package(
    name: "deskferry",
    targets: targets
        + modules.map { module in
            .target(
                name: module.name, dependencies: module.needs.map { .byName(name: $0) },
                path: "Sources/\(module.name)", swiftSettings: house + (module.name == "ConnectorKit" ? hot : []))
        } + [
            .executableTarget(
                name: "deskferry", dependencies: modules.map { .byName(name: $0.name) }, path: "Sources/deskferry",
                swiftSettings: house)
        ]
        + [
            .target(
                name: "TestSupport", dependencies: ["ConversationModel"], path: "Tests/TestSupport",
                swiftSettings: house)
        ]
        + tests.map { test in
            .testTarget(
                name: test.name, dependencies: test.needs.map { .byName(name: $0) }, path: "Tests/\(test.name)",
                swiftSettings: house)
        },
    cxxLanguageStandard: .cxx17
)
