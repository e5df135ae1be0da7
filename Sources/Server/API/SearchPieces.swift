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
    /// The object as far as it is made: up to the last result of this piece.
    var bytes: [UInt8]

    /// The whole answer, where it is no longer than this.
    consuming func json() -> [UInt8] {
      let tail = results.answer.jsonTail()
      bytes += tail
      return bytes
    }
  }

  /// Room for an answer of ten documents with three hits each.
  private static let usualBytes = 12 << 10

  /// Makes the first piece; on a thread of the pool.
  ///
  /// - Parameter results: complete but for the results: its answer has the receipt and the cursor that it is to have.
  static func first(_ results: consuming SearchResults) throws(SearchError) -> First {
    var results = results
    var json = JSONWriter(after: results.answer.jsonHead(), reserving: usualBytes)
    try results.writeNext(hitsMax: hitsPerPiece, to: &json)
    return First(results: results, bytes: json.bytes)
  }

  /// The rest of an answer whose first piece is made.
  init(_ first: First, service: Service, place: StreamPlace, timeoutMilliseconds: Int) {
    self.service = service
    self.place = place
    self.timeoutMilliseconds = timeoutMilliseconds
    results = first.results
    ready = first.bytes
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
          var json = JSONWriter(after: [UInt8(ascii: ",")])
          try results.writeNext(hitsMax: Self.hitsPerPiece, to: &json)
          return (json.bytes, results)
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
}
