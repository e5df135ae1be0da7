/// Which column of a table is which field of a document.
public struct CSVColumns: Equatable, Sendable {
  /// Fields that a column can be named for, with the names that tables are known to use, the likelier first. Names are
  /// compared in lower case, letters and digits only.
  private static let known: [(field: String, names: [String])] = [
    ("id", ["id", "docid", "documentid", "articleid", "recordid", "identifier", "guid", "uuid", "key", "doi"]),
    ("title", ["title", "headline", "subject", "heading", "articletitle", "documenttitle"]),
    (
      "date",
      [
        "date", "published", "publishedat", "publicationdate", "publishdate", "pubdate", "datepublished", "articledate",
        "datetime", "timestamp", "created", "createdat", "creationdate", "time",
      ]
    ),
    ("url", ["url", "link", "uri", "href", "permalink", "weburl", "articleurl", "sourceurl"]),
    ("lang", ["lang", "language", "locale"]),
  ]
  private static let bodyNames: Set<String> = [
    "body", "text", "content", "fulltext", "articlebody", "articletext", "maintext", "bodytext", "article", "story", "transcript",
  ]
  private static let lesserBodyNames: Set<String> = ["message", "abstract", "description", "summary", "comment", "tweet", "post", "review"]

  /// What the configuration says: field by name of column.
  private let configured: [String: String]

  /// - Parameter settings: `field=column` each.
  public init(_ settings: [String] = []) {
    var configured: [String: String] = [:]
    for setting in settings {
      guard let (field, column) = Self.parse(setting) else { continue }
      configured[Self.normal(column)] = field
    }
    self.configured = configured
  }

  /// The field and the column of one setting; nil where it is none.
  public static func parse(_ setting: String) -> (field: String, column: String)? {
    let parts = setting.split(separator: "=", maxSplits: 1).map { $0.split { $0.isWhitespace }.joined(separator: " ") }
    guard parts.count == 2, !parts[0].isEmpty, !normal(parts[1]).isEmpty else { return nil }
    return (parts[0], parts[1])
  }

  private static func normal(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }

  /// Whether any name of a first line is one that says what its column holds.
  func knows(_ names: [String]) -> Bool {
    let normal = names.map(Self.normal)
    return normal.contains { name in
      configured[name] != nil || Self.bodyNames.contains(name) || Self.lesserBodyNames.contains(name)
        || Self.known.contains { $0.names.contains(name) }
    }
  }

  /// The field of each column; nil for one that is kept as it is.
  ///
  /// Several columns may be text of one field; of `id`, `title`, `date`, `url` and `lang` there is one each.
  func fields(of names: [String], textFields: [String]) -> [String?] {
    let normal = names.map(Self.normal)
    var fields = normal.map { configured[$0] }
    for (place, name) in names.enumerated() where fields[place] == nil && textFields.contains(name) { fields[place] = name }
    for (field, known) in Self.known where !fields.contains(field) {
      for name in known {
        guard let place = normal.indices.first(where: { normal[$0] == name && fields[$0] == nil }) else { continue }
        fields[place] = field
        break
      }
    }
    guard !fields.contains("body") else { return fields }
    for names in [Self.bodyNames, Self.lesserBodyNames] {
      for place in normal.indices where fields[place] == nil && names.contains(normal[place]) { fields[place] = "body" }
      if fields.contains("body") { return fields }
    }
    return fields
  }
}
