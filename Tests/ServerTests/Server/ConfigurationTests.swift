import Foundation
import Index
import Logging
@testable import Server
import Testing

/// Layers, and errors that say where the setting stands.
@Suite("Configuration")
struct ConfigurationTests {
  static func file(_ json: String) throws -> ConfigurationLayer {
    try ConfigurationLayer(file: "kwic.json", bytes: Array(json.utf8))
  }

  @Test("Options lie over the environment, it over the file, the file over what is built in")
  func layers() throws {
    var options = ConfigurationLayer()
    options.set(.index, ["/option"], source: "--index")
    let environment = try ConfigurationLayer(environment: [
      "KWIC_INDEX": "/environment", "KWIC_WATCH": "/a:/b", "KWIC_CONFIG": "x", "HOME": "/home",
    ])
    let file = try Self.file(
      #"{"index":"/file","watch":["/c"],"socket":"/run/k.sock","k1":0.9,"search_threads":3,"search_timeout":"1500ms","log_level":"debug","access":"group"}"#)
    let configuration = try Configuration(layers: [options, environment, file])
    #expect(configuration.index == "/option")
    #expect(configuration.watch == ["/a", "/b"])
    #expect(configuration.socket == "/run/k.sock")
    #expect(configuration.k1 == 0.9)
    #expect(configuration.b == 0.75)
    #expect(configuration.searchThreads == 3)
    #expect(configuration.searchTimeoutMilliseconds == 1_500)
    #expect(configuration.logLevel == .debug)
    #expect(configuration.isOpenToGroup)
    #expect(try Configuration(layers: []) == Configuration())
  }

  @Test("What is wrong is named with its place", arguments: [
    (#"{"indx":"/x"}"#, "indx"), (#"{"index":["/x"]}"#, "index"), (#"{"k1":"high"}"#, "k1"), (#"{"b":1.5}"#, "b"),
    (#"{"search_threads":0}"#, "search_threads"), (#"{"search_timeout":"10"}"#, "search_timeout"),
    (#"{"access":"world"}"#, "access"), (#"{"text_fields":["id"]}"#, "text_fields"), (#"{"index":""}"#, "index"),
    (#"{"search_timeout":"2m"}"#, "search_timeout"), ("{\n\"index\" \"/x\"}", "kwic.json:2"), ("[]", "no JSON object"),
    (#"{"index":"/x","index":"/y"}"#, "twice"), (#"{"keyword_fields":["body"]}"#, "body"),
    (#"{"number_fields":["n"],"date_fields":["n"]}"#, "two"), (#"{"number_fields":["date"]}"#, "number_fields"),
  ])
  func errors(json: String, named: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try Configuration(layers: [try Self.file(json)]) }
    #expect(error.description.contains(named))
  }

  @Test("The built-in keyword fields give way to other kinds")
  func fields() throws {
    let configuration = try Configuration(layers: [
      try Self.file(#"{"text_fields":["body","author"],"number_fields":["tags"],"date_fields":["seen"]}"#)
    ])
    #expect(configuration.keywordFields == ["lang", "source"])
    let schema = configuration.indexOptions.schema
    let fields = schema.fields.filter { $0.kind != .fingerprint }.map { "\($0.name) \($0.kind.name)" }
    #expect(schema.keepsFingerprints)
    #expect(fields == ["lang keyword", "source keyword", "tags number", "seen date"])
    #expect(try Configuration(layers: [try Self.file(#"{"keyword_fields":[]}"#)]).keywordFields == [])
  }

  @Test("A misspelt variable is an error, not a silence")
  func misspelt() throws {
    let error = try #require(throws: ConfigurationError.self) { try ConfigurationLayer(environment: ["KWIC_INDX": "x"]) }
    #expect(error.description.contains("KWIC_INDX"))
  }

  @Test("The shipped configuration is read, and sets every key")
  func shipped() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../config/kwic.json")
    let layer = try ConfigurationLayer(file: "kwic.json", bytes: [UInt8](Data(contentsOf: path)))
    #expect(Set(layer.settings.keys) == Set(ConfigurationKey.allCases))
    #expect(throws: Never.self) { try Configuration(layers: [layer]) }
  }

  @Test("Lengths of time", arguments: [
    ("500ms", 500), ("2s", 2_000), ("1m", 60_000), ("0s", nil), ("s", nil), ("-1s", nil), ("1h", nil), ("1.5s", nil),
    ("99999999999m", nil), ("", nil), ("10", nil), ("٣s", nil),
  ] as [(String, Int?)])
  func durations(text: String, milliseconds: Int?) {
    #expect(DurationText.milliseconds(text) == milliseconds)
  }

  @Test("Daemon and client look in the same place")
  func paths() {
    #expect(DefaultPaths.socket(environment: ["RUNTIME_DIRECTORY": "/run/kwic"], user: 7) == "/run/kwic/kwic.sock")
    #expect(DefaultPaths.socket(environment: ["XDG_RUNTIME_DIR": "/run/user/7"], user: 7) == "/run/user/7/kwic.sock")
    #expect(DefaultPaths.socket(environment: [:], user: 0) == "/run/kwic.sock")
    #expect(DefaultPaths.socket(environment: [:], user: 7) == "/tmp/kwic-7/kwic.sock")
    #expect(DefaultPaths.index(environment: ["HOME": "/home/a"], user: 7) == "/home/a/.local/share/kwic")
  }
}
