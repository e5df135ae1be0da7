internal import Base

/// The fields of documents that are neither text nor identity: what filters and counts by group read.
///
/// Names come with the index options and are recorded in the manifest. Fields are added, never taken away: what a
/// later opening does not name stays. A field added later has values in documents put since.
public struct IndexSchema: Sendable, Equatable {
  public enum Kind: UInt8, Sendable {
    /// Strings that are compared byte by byte.
    case keyword = 1
    /// Numbers (64-bit floating point).
    case number = 2
    /// ISO 8601 dates, beside the document's own `date`.
    case date = 3
    /// Near-duplicates: `Fingerprint` of each document's text, which no document names.
    case fingerprint = 4

    public var name: String {
      switch self {
      case .keyword: "keyword"
      case .number: "number"
      case .date: "date"
      case .fingerprint: "fingerprint"
      }
    }
  }

  public struct Field: Sendable, Equatable {
    public var name: String
    public var kind: Kind
  }

  /// In the order of their numbers, which columns carry.
  public private(set) var fields: [Field] = []

  /// A name that stands twice keeps its first kind; `date` is every document's own and is left out.
  ///
  /// - Parameter keepsFingerprints: Near-duplicates are to be recognised; 8 bytes a document.
  public init(
    keywordFields: [String] = [], numberFields: [String] = [], dateFields: [String] = [],
    keepsFingerprints: Bool = false
  ) {
    let named = [(keywordFields, Kind.keyword), (numberFields, .number), (dateFields, .date)]
    for (names, kind) in named {
      for name in names where number(of: name) == nil && name != "date" {
        fields.append(Field(name: name, kind: kind))
      }
    }
    if keepsFingerprints { fields.append(Field(name: Self.fingerprintName, kind: .fingerprint)) }
  }

  init(fields: [Field]) { self.fields = fields }

  public func names(_ kind: Kind) -> [String] { fields.filter { $0.kind == kind }.map(\.name) }

  /// Stands in the manifest; a control character, so that no document and no configuration names it.
  private static let fingerprintName = "\u{1}fingerprint"

  /// The number of the column of fingerprints.
  var fingerprintNumber: Int? { fields.firstIndex { $0.kind == .fingerprint } }

  /// Documents put from now on have a fingerprint.
  public var keepsFingerprints: Bool { fingerprintNumber != nil }

  func number(of name: String) -> Int? { fields.firstIndex { $0.name == name } }

  /// Adds the fields of `asked` that are not there yet.
  mutating func extend(by asked: IndexSchema, textFields: FieldTable) throws(IndexError) {
    for field in asked.fields {
      if let known = number(of: field.name) {
        guard fields[known].kind == field.kind else {
          throw .fieldKind(field: field.name, found: fields[known].kind.name, asked: field.kind.name)
        }
        continue
      }
      if textFields.id(of: field.name) != nil {
        throw .fieldKind(field: field.name, found: "text", asked: field.kind.name)
      }
      guard fields.count < Limits.fieldsMax else { throw .tooManyFields }
      fields.append(field)
    }
  }
}
