internal import Index
internal import Query

/// Why a document matches a query or does not.
extension Service {
  /// Options of `/v1/explain`. `format=text` answers `{"id", "matches", "text"}`, the tree as lines for a terminal.
  static let explainOptions = ["query", "id", "words", "exact", "format", "timeout"]

  func explain(_ parameters: consuming RequestParameters) throws(APIError) -> PooledWork {
    guard let id = parameters.take("id") else {
      throw .badParameter("id", "is missing", remedy: "send {\"query\": \"…\", \"id\": \"…\"}")
    }
    let format = parameters.take("format") ?? "json"
    guard ["json", "text"].contains(format) else {
      throw .badParameter("format", "\"\(format)\" is unknown", remedy: "write json, text")
    }
    let timeout = try SearchParameters.takeTimeout(
      &parameters, standard: timeoutMilliseconds.standard, most: timeoutMilliseconds.most)
    let request = try SearchParameters.request(parameters)
    return PooledWork(timeoutMilliseconds: timeout) { [index, engine] () throws(APIError) in
      let explanation: Explanation?
      do throws(SearchError) {
        explanation = try engine.explain(request, id: id, in: index.snapshot())
      } catch {
        throw APIError(error, timeoutMilliseconds: timeout)
      }
      guard let explanation else { throw .unknownDocument(id) }
      guard format == "text" else { return .whole(Response(json: explanation.json())) }
      var json = JSONWriter()
      json.object {
        $0.member("id", explanation.id)
        $0.key("matches")
        $0.boolean(explanation.matches)
        $0.member("text", explanation.text())
      }
      return .whole(Response(json: json.bytes))
    }
  }
}
