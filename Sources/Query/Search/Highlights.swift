internal import Index
internal import ScoringCore

/// The stored text of one document and, in it, exactly the words that hits of a query stand on.
public struct Highlights: Sendable, Equatable {
  /// One value of a text field.
  public struct Value: Sendable, Equatable {
    public var field: String
    public var text: String
    /// UTF-8 offsets into the text, half-open, ascending; each word once.
    public var ranges: [Range<Int>]
  }

  public var id: String
  /// How the query was read, in one sentence.
  public var parsed: String
  /// Hits of the query in the document; 0 where it does not match.
  public var hitCount: Int
  /// All values of the document, in their order.
  public var values: [Value]

  /// `{"id", "parsed", "hit_count", "values": [{"field", "text", "ranges": [[from, to]]}]}`.
  public func json() -> [UInt8] {
    var json = JSONWriter()
    json.object {
      $0.member("id", id)
      $0.member("parsed", parsed)
      $0.key("hit_count")
      $0.integer(hitCount)
      $0.key("values")
      $0.array { list in
        for value in values {
          list.object {
            $0.member("field", value.field)
            $0.member("text", value.text)
            $0.key("ranges")
            $0.array { ranges in for range in value.ranges { ranges.pair(range.lowerBound, range.upperBound) } }
          }
        }
      }
    }
    return json.bytes
  }
}

extension SearchEngine {
  /// Nothing is marked in a document that does not match.
  func highlights(_ found: RankedDocument, _ run: SearchRun, parsed: String) throws(SearchError) -> Highlights {
    var counters = run.freshCounters()
    let hits = try run.hits(found, &counters)
    var text = try run.text(found)
    var values = text.stored.values.map {
      Highlights.Value(field: text.stored.name(of: $0), text: text.stored.string($0.text), ranges: [])
    }
    for (value, ranges) in text.wordRanges(hits) { values[value].ranges = ranges }
    return Highlights(id: text.stored.id, parsed: parsed, hitCount: hits.count, values: values)
  }
}
