public import Index

/// The fields that a query may name.
public struct QuerySchema: Sendable, Equatable {
  /// Fields with words and positions.
  public var textFields: [String]
  /// Fields with exact values: filters.
  public var keywordFields: [String]
  /// Fields with numbers: filters by range.
  public var numberFields: [String]
  /// Fields with dates beside the document's own `date`: filters by range.
  public var dateFields: [String]

  public init(
    textFields: [String] = ["title", "body"], keywordFields: [String] = [], numberFields: [String] = [],
    dateFields: [String] = []
  ) {
    self.textFields = textFields
    self.keywordFields = keywordFields
    self.numberFields = numberFields
    self.dateFields = dateFields
  }

  /// The text fields that are given, and all other fields that the index has.
  public init(textFields: [String], index: IndexSchema) {
    self.init(
      textFields: textFields, keywordFields: index.names(.keyword), numberFields: index.names(.number),
      dateFields: index.names(.date))
  }

  enum Kind { case text, keyword, number, date }

  func kind(of name: String) -> Kind? {
    if textFields.contains(name) { return .text }
    if keywordFields.contains(name) { return .keyword }
    if numberFields.contains(name) { return .number }
    return name == "date" || dateFields.contains(name) ? .date : nil
  }

  /// Names at most two edits away and more alike than not, nearest first.
  func nearestNames(to name: String) -> [String] {
    let lowered = Array(name.lowercased().unicodeScalars)
    let names = textFields + keywordFields + numberFields + ["date"] + dateFields
    let near = names.enumerated().compactMap { index, known -> (distance: Int, index: Int, name: String)? in
      let distance = EditDistance.between(lowered, Array(known.unicodeScalars), atMost: 2)
      guard let distance, distance * 2 < max(known.unicodeScalars.count, lowered.count) else { return nil }
      return (distance, index, known)
    }
    return near.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }.map(\.name)
  }
}
