internal import Ingest

/// Settings from one place. Layers lie on one another: options over environment over file over what is built in.
public struct ConfigurationLayer: Sendable {
  /// A setting as it was written, and where, for error messages.
  struct Setting: Sendable {
    let texts: [String]
    let source: String
  }

  private(set) var settings: [ConfigurationKey: Setting] = [:]

  public init() {}

  /// Sets one value, as an option of the command line does.
  public mutating func set(_ key: ConfigurationKey, _ texts: [String], source: String) {
    settings[key] = Setting(texts: texts, source: source)
  }

  /// The settings among environment variables. Unknown names that begin with `KWIC_` are errors: they would be silent
  /// misspellings.
  public init(environment: [String: String], others: Set<String> = ["KWIC_CONFIG", "KWIC_SHARED"]) throws(ConfigurationError) {
    for (name, value) in environment where name.hasPrefix("KWIC_") && !others.contains(name) {
      guard let key = ConfigurationKey.allCases.first(where: { $0.environmentName == name }) else {
        let known = ConfigurationKey.allCases.map(\.environmentName).joined(separator: ", ")
        throw ConfigurationError(source: name, message: "is no setting; the settings are \(known)")
      }
      let texts = key.listSeparator.map { value.split(separator: $0).map(String.init) } ?? [value]
      set(key, texts, source: name)
    }
  }

  /// The settings in a configuration file: one JSON object whose members are strings, numbers and arrays of strings.
  public init(file path: String, bytes: [UInt8]) throws(ConfigurationError) {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw ConfigurationError(source: path, message: "is not UTF-8")
    }
    let object: JSONObject?
    do throws(JSONProblem) {
      object = try JSONObject(bytes, decoding: ConfigurationKey.allCases.map { [UInt8]($0.rawValue.utf8) })
    } catch {
      let line = bytes[..<error.offset].count { $0 == 0x0A } + 1
      throw ConfigurationError(source: "\(path):\(line)", message: error.message)
    }
    guard let object else { throw ConfigurationError(source: path, message: "is no JSON object") }
    for member in object.members {
      let name = String(decoding: member.name, as: UTF8.self)
      guard let key = ConfigurationKey(rawValue: name) else {
        let known = ConfigurationKey.allCases.map(\.rawValue).joined(separator: ", ")
        throw ConfigurationError(source: path, message: "\"\(name)\" is no setting; the settings are \(known)")
      }
      guard settings[key] == nil else { throw ConfigurationError(source: path, message: "\"\(name)\" stands twice") }
      switch member.value {
      case .null: continue
      case .string(let text): set(key, [String(decoding: text, as: UTF8.self)], source: "\(path), \(name)")
      case .strings(let texts):
        guard key.listSeparator != nil else {
          throw ConfigurationError(source: path, message: "\"\(name)\" takes one value, not a list")
        }
        set(key, texts.map { String(decoding: $0, as: UTF8.self) }, source: "\(path), \(name)")
      case .other: set(key, [String(decoding: bytes[member.range], as: UTF8.self)], source: "\(path), \(name)")
      }
    }
  }
}
