internal import Query

/// The options of `kwic search` that the daemon answers to, as its request object.
public struct SearchOptions: Sendable {
  public var words: String?
  public var isExact = false
  public var limit: Int?
  public var offset: Int?
  public var after: String?
  public var hits: Int?
  public var hasAllHits = false
  public var total: String?
  public var sort: String?
  /// A number of words, or `sentence`.
  public var context: String?
  /// Dates, as `2016`, `2016-10` or `2016-10-28`; both inclusive.
  public var from: String?
  public var to: String?
  public var lang: String?
  public var group: String?
  /// Of near-duplicates only the best is shown.
  public var collapses = false
  /// The answer says what was searched and what was not.
  public var givesReceipt = false
  /// Each document says why it matches: as an object where answers are JSON, else as lines.
  public var explains = false
  public var timeout: String?

  /// Of an export: `ndjson` or `csv`.
  var exportFormat: String?

  public init() {}

  /// What is sorted and limited is the hit.
  var sortsHits: Bool { sort == "left" || sort == "right" }

  /// `{"query": …, "limit": …}`: what is set here and no more.
  public func json(query: String, explainsAsText: Bool = false) -> [UInt8] {
    var json = JSONWriter()
    json.object {
      $0.member("query", query)
      if let words { $0.member("words", words) }
      if isExact { $0.member("exact", "true") }
      if let limit { Self.number(&$0, "limit", limit) }
      if let offset { Self.number(&$0, "offset", offset) }
      if let after { $0.member("after", after) }
      if let hits { Self.number(&$0, "hits", hits) }
      if hasAllHits { $0.member("all-hits", "true") }
      if let total { $0.member("total", total) }
      if let sort { $0.member("sort", sort) }
      if let context { $0.member("context", context) }
      if let exportFormat { $0.member("format", exportFormat) }
      if let from { $0.member("from", from) }
      if let to { $0.member("to", to) }
      if let lang { $0.member("lang", lang) }
      if let group { $0.member("group", group) }
      if collapses { $0.member("collapse", "true") }
      if givesReceipt { $0.member("receipt", "true") }
      if explains { $0.member("explain", explainsAsText ? "text" : "true") }
      if let timeout { $0.member("timeout", timeout) }
    }
    return json.bytes
  }

  private static func number(_ json: inout JSONWriter, _ name: StaticString, _ value: Int) {
    json.key(name)
    json.integer(value)
  }
}
