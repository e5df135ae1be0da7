internal import Query

/// A search's answer on its way: whole where it is short, else piece by piece as the client takes it.
struct SearchPieces: PieceSource {
  /// Hits of one piece: some hundred kilobytes of JSON.
  private static let hitsPerPiece = 1_000

  private let service: Service
  private let place: StreamPlace
  private let timeoutMilliseconds: Int
  /// Nil while a piece is being made.
  private var results: SearchResults?
  /// Made and not yet given out.
  private var ready: [UInt8]?
  private var hasEnded = false

  /// What came of the search and of its first piece.
  struct First: Sendable {
    var results: SearchResults
    var shown: [DocumentResult]

    /// The whole answer, where it is no longer than this.
    func json() -> [UInt8] {
      var answer = results.answer
      answer.results = shown
      return answer.json()
    }
  }

  /// Searches and makes the first piece; on a thread of the pool.
  static func first(
    _ engine: SearchEngine, _ search: (SearchEngine) throws(SearchError) -> SearchResults
  ) throws(SearchError) -> First {
    var results = try search(engine)
    let shown = try results.next(hitsMax: hitsPerPiece)
    return First(results: results, shown: shown)
  }

  /// The rest of an answer whose first piece is made.
  init(_ first: First, service: Service, place: StreamPlace, timeoutMilliseconds: Int) {
    self.service = service
    self.place = place
    self.timeoutMilliseconds = timeoutMilliseconds
    results = first.results
    ready = first.results.answer.jsonHead() + Self.json(first.shown)
  }

  mutating func next() async -> Piece {
    if let bytes = ready {
      ready = nil
      return .bytes(bytes)
    }
    guard !hasEnded, let results else { return .end }
    self.results = nil
    if results.isAtEnd {
      hasEnded = true
      return .bytes(results.answer.jsonTail() + [0x0A])
    }
    do throws(APIError) {
      let (bytes, rest) = try await service.searches.run(timeoutMilliseconds: timeoutMilliseconds, isContinuation: true) {
        [timeoutMilliseconds] () throws(APIError) in
        var results = results
        do throws(SearchError) {
          let shown = try results.next(hitsMax: Self.hitsPerPiece)
          return ([UInt8(ascii: ",")] + Self.json(shown), results)
        } catch {
          throw APIError(error, timeoutMilliseconds: timeoutMilliseconds)
        }
      }
      self.results = rest
      return .bytes(bytes)
    } catch {
      hasEnded = true
      // The object is closed, with the reason as its last member.
      return .cut(Array("],".utf8) + error.json().dropFirst() + [0x0A])
    }
  }

  private static func json(_ results: [DocumentResult]) -> [UInt8] {
    var json = JSONWriter()
    for result in results { result.write(to: &json) }
    return json.bytes
  }
}
