/// What the documents of an answer are counted by.
public enum Grouping: Sendable, Hashable {
  public enum DateUnit: String, Sendable, CaseIterable { case year, month, day }

  /// The values of a keyword field.
  case keyword(String)
  /// The years, months or days of a date field, `date` or one of the schema.
  case date(field: String, DateUnit)

  /// `lang`, `date:year`; nil where what follows the colon is neither year, month nor day, or a name is empty.
  public init?(_ text: String) {
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")) else {
      guard !text.isEmpty else { return nil }
      self = .keyword(text)
      return
    }
    let field = String(text[..<colon])
    guard !field.isEmpty, let unit = DateUnit(rawValue: String(text[text.utf8.index(after: colon)...])) else {
      return nil
    }
    self = .date(field: field, unit)
  }
}

/// One value and how many of the documents that match have it.
public struct GroupCount: Sendable, Equatable {
  public var value: String
  public var documents: Int

  public init(value: String, documents: Int) {
    self.value = value
    self.documents = documents
  }
}

/// The documents of an answer by a field. A document with several values counts for each of them once.
public struct GroupCounts: Sendable, Equatable {
  /// Most documents first, then by value; dates ascending.
  public var groups: [GroupCount]
  /// Documents without a value.
  public var missing: Int

  public init(groups: [GroupCount], missing: Int) {
    self.groups = groups
    self.missing = missing
  }
}
