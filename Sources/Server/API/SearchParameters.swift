internal import Query

/// Reads the options of a search, by the names of `kwic search`, into the engine's request.
enum SearchParameters {
  static let names = [
    "query", "words", "exact", "limit", "offset", "hits", "all-hits", "total", "sort", "context",
    "timeout",
  ]

  /// The request, all but its deadline. Every parameter must be known; take those that are not the engine's before.
  static func request(_ parameters: consuming RequestParameters) throws(APIError) -> SearchRequest {
    guard let query = parameters.take("query") else {
      throw .badParameter("query", "is missing", remedy: "write /v1/search?query=… or {\"query\": \"…\"}")
    }
    var request = SearchRequest(query: query)
    if let text = parameters.take("words") {
      request.words = try choice("words", text, ["all": .all, "any": .any])
    }
    if let text = parameters.take("total") {
      request.total = try choice("total", text, ["documents": .documents, "hits": .hits, "none": .none])
    }
    if let text = parameters.take("sort") {
      request.order = try choice("sort", text, ["score": .score, "date": .date, "-date": .newest])
    }
    if let text = parameters.take("all-hits") {
      request.showsAllHits = try choice("all-hits", text, ["true": true, "false": false])
    }
    request.limit = try number("limit", parameters.take("limit"), request.limit, 0...10_000_000)
    request.offset = try number("offset", parameters.take("offset"), request.offset, 0...10_000_000)
    request.hitsPerDocument = try number("hits", parameters.take("hits"), request.hitsPerDocument, 0...1_000_000)
    request.contextWords = try number("context", parameters.take("context"), request.contextWords, 0...1_000)
    if let text = parameters.take("exact") {
      request.exactForms = try choice("exact", text, ["true": true, "false": false])
    }
    if let name = parameters.leftOver {
      throw .badParameter(name, "is no option of a search", remedy: "the options are \(names.joined(separator: ", "))")
    }
    return request
  }

  /// Takes the time that the request may last.
  ///
  /// - Parameters:
  ///   - standard: what holds when none is named.
  ///   - most: longer ones are cut to this.
  static func takeTimeout(_ parameters: inout RequestParameters, standard: Int, most: Int) throws(APIError) -> Int {
    guard let text = parameters.take("timeout") else { return standard }
    guard let milliseconds = DurationText.milliseconds(text) else {
      throw .badParameter("timeout", "\"\(text)\" is no length of time", remedy: DurationText.remedy)
    }
    return min(milliseconds, most)
  }

  private static func choice<T>(_ name: String, _ text: String, _ values: KeyValuePairs<String, T>) throws(APIError) -> T {
    for (known, value) in values where known == text { return value }
    throw .badParameter(name, "\"\(text)\" is unknown", remedy: "write \(values.map(\.key).joined(separator: ", "))")
  }

  private static func number(
    _ name: String, _ text: String?, _ standard: Int, _ range: ClosedRange<Int>
  ) throws(APIError) -> Int {
    guard let text else { return standard }
    guard let value = Int(text), range.contains(value) else {
      throw .badParameter(
        name, "\"\(text)\" is no number that fits", remedy: "write \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }
}
