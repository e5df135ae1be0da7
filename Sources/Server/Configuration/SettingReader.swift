internal import Ingest

/// Reads one setting as the type it should have; says what would be right where it has not.
struct SettingReader {
  let setting: ConfigurationLayer.Setting

  func list() -> [String] { setting.texts }

  func path() throws(ConfigurationError) -> String {
    let text = try single()
    guard !text.isEmpty else { throw error("is empty; write a path") }
    return text
  }

  /// Names of text fields: at least one.
  func textFieldNames() throws(ConfigurationError) -> [String] {
    guard !setting.texts.isEmpty else { throw error("names text fields: at least one") }
    return try fieldNames()
  }

  /// Names of fields: none twice, none that a document has for itself.
  func fieldNames() throws(ConfigurationError) -> [String] {
    let names = setting.texts
    guard Set(names).count == names.count, !names.contains("id"), !names.contains("date"), !names.contains("") else {
      throw error("names fields: none twice, neither id nor date")
    }
    return names
  }

  /// Columns of tables, `field=column` each.
  func columns() throws(ConfigurationError) -> [String] {
    for text in setting.texts where CSVColumns.parse(text) == nil {
      throw error("\"\(text)\" names no column; write field=column: body=article text")
    }
    return setting.texts
  }

  /// Patterns for paths, each one that can be read.
  func globs() throws(ConfigurationError) -> [String] {
    for text in setting.texts where GlobPattern(text) == nil {
      throw error("\"\(text)\" is no pattern; write *.txt, drafts/ or **/old/*.md")
    }
    return setting.texts
  }

  func integer(in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
    guard let value = Int(try single()), range.contains(value) else {
      throw error("must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func number(in range: ClosedRange<Float>) throws(ConfigurationError) -> Float {
    guard let value = Float(try single()), range.contains(value) else {
      throw error("must be a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func milliseconds() throws(ConfigurationError) -> Int {
    guard let value = DurationText.milliseconds(try single()) else {
      throw error("is no length of time; \(DurationText.remedy)")
    }
    return value
  }

  func choice<Value>(_ values: KeyValuePairs<String, Value>) throws(ConfigurationError) -> Value {
    let text = try single()
    for (name, value) in values where name == text { return value }
    throw error("\"\(text)\" is unknown; write \(values.map(\.key).joined(separator: ", "))")
  }

  private func single() throws(ConfigurationError) -> String {
    guard setting.texts.count == 1 else { throw error("takes one value") }
    return setting.texts[0]
  }

  private func error(_ message: String) -> ConfigurationError {
    ConfigurationError(source: setting.source, message: message)
  }
}
