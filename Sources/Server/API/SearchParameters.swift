internal import Query

/// Reads the options of a search, by the names of `kwic search`, into the engine's request.
enum SearchParameters {
  static let names = [
    "query", "words", "exact", "limit", "offset", "after", "hits", "all-hits", "total", "sort", "context",
    "from", "to", "lang", "group", "explain", "collapse", "receipt", "timeout",
  ]
  /// Every name that some request knows, in any order: what a JSON body is read for.
  static let allNames = names + ["format", "highlight", "directory"]
  static let offsetMax = 10_000_000

  /// The request, all but its deadline. Every parameter must be known; take those that are not the engine's before.
  static func request(_ parameters: consuming RequestParameters) throws(APIError) -> SearchRequest {
    var request = try query(&parameters)
    if let text = parameters.take("total") {
      request.total = try choice("total", text, ["documents": .documents, "hits": .hits, "none": .none])
    }
    if let text = parameters.take("sort") {
      request.order = try choice(
        "sort", text, ["score": .score, "date": .date, "-date": .newest, "left": .left, "right": .right])
    }
    if let text = parameters.take("group") {
      guard let group = Grouping(text) else {
        throw .badParameter(
          "group", "\"\(text)\" is unknown", remedy: "write a keyword field, date:year, date:month or date:day")
      }
      request.group = group
    }
    request.limit = try number("limit", parameters.take("limit"), request.limit, 0...offsetMax)
    request.offset = try number("offset", parameters.take("offset"), request.offset, 0...offsetMax)
    let hits = parameters.take("hits")
    let allHits = parameters.take("all-hits")
    if request.order.isByContext, let name = hits != nil ? "hits" : allHits != nil ? "all-hits" : nil {
      throw .badParameter(
        name, "has no meaning where hits are sorted", remedy: "leave it out: limit counts the hits of all documents")
    }
    if let text = parameters.take("collapse") { request.collapses = try flag("collapse", text) }
    if request.collapses, request.order.isByContext {
      throw .badParameter(
        "collapse", "has no meaning where hits are sorted", remedy: "leave it out, or sort by score or date")
    }
    if let text = parameters.take("receipt") { request.givesReceipt = try flag("receipt", text) }
    if let text = parameters.take("explain") {
      request.explaining = try choice("explain", text, ["true": .tree, "text": .text, "false": .none])
      guard !request.order.isByContext || request.explaining == .none else {
        throw .badParameter(
          "explain", "has no meaning where hits are sorted", remedy: "leave it out, or sort by score or date")
      }
    }
    request.hitsPerDocument = try number("hits", hits, request.hitsPerDocument, 0...1_000_000)
    if let allHits { request.showsAllHits = try choice("all-hits", allHits, ["true": true, "false": false]) }
    try refuseLeftOver(parameters, of: "a search", names)
    return request
  }

  /// What all that ask a query share: the query, how it is read, which documents, how much context.
  static func query(_ parameters: inout RequestParameters) throws(APIError) -> SearchRequest {
    guard let query = parameters.take("query") else {
      throw .badParameter("query", "is missing", remedy: "write /v1/search?query=… or {\"query\": \"…\"}")
    }
    var request = SearchRequest(query: query)
    if let text = parameters.take("words") {
      request.words = try choice("words", text, ["all": .all, "any": .any])
    }
    if let text = parameters.take("exact") {
      request.exactForms = try choice("exact", text, ["true": true, "false": false])
    }
    if let text = parameters.take("context") {
      request.context = text == "sentence" ? .sentence : .words(try number("context", text, 0, 0...1_000))
    }
    request.lang = parameters.take("lang")
    let from = try date("from", parameters.take("from"))
    let to = try date("to", parameters.take("to"))
    if from != nil || to != nil { request.dates = DateRange(from: from, to: to) }
    return request
  }

  private static func date(_ name: String, _ text: String?) throws(APIError) -> QueryDate? {
    guard let text else { return nil }
    guard let date = QueryDate(text.utf8) else {
      throw .badParameter(name, "\"\(text)\" is no date", remedy: "write 2016, 2016-10 or 2016-10-28")
    }
    return date
  }

  static func refuseLeftOver(
    _ parameters: RequestParameters, of what: String, _ names: [String]
  ) throws(APIError) {
    guard let name = parameters.leftOver else { return }
    throw .badParameter(name, "is no option of \(what)", remedy: "the options are \(names.joined(separator: ", "))")
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

  static func choice<T>(_ name: String, _ text: String, _ values: KeyValuePairs<String, T>) throws(APIError) -> T {
    for (known, value) in values where known == text { return value }
    throw .badParameter(name, "\"\(text)\" is unknown", remedy: "write \(values.map(\.key).joined(separator: ", "))")
  }

  private static func flag(_ name: String, _ text: String) throws(APIError) -> Bool {
    try choice(name, text, ["true": true, "false": false])
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
