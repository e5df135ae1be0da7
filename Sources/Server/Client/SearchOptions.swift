internal import Query

/// The options of `kwic search` that the daemon answers to, as its request object.
public struct SearchOptions: Sendable {
  public var words: String?
  public var isExact = false
  public var limit: Int?
  public var offset: Int?
  public var hits: Int?
  public var hasAllHits = false
  public var total: String?
  public var sort: String?
  public var context: Int?
  public var timeout: String?

  public init() {}

  /// `{"query": …, "limit": …}`: what is set here and no more.
  public func json(query: String) -> [UInt8] {
    var json = JSONWriter()
    json.object {
      $0.member("query", query)
      if let words { $0.member("words", words) }
      if isExact { $0.member("exact", "true") }
      if let limit { Self.number(&$0, "limit", limit) }
      if let offset { Self.number(&$0, "offset", offset) }
      if let hits { Self.number(&$0, "hits", hits) }
      if hasAllHits { $0.member("all-hits", "true") }
      if let total { $0.member("total", total) }
      if let sort { $0.member("sort", sort) }
      if let context { Self.number(&$0, "context", context) }
      if let timeout { $0.member("timeout", timeout) }
    }
    return json.bytes
  }

  private static func number(_ json: inout JSONWriter, _ name: StaticString, _ value: Int) {
    json.key(name)
    json.integer(value)
  }
}
