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
    /// What stands before the results.
    let headByteCount: Int

    /// The whole answer, where it is no longer than this.
    consuming func whole() -> Whole {
      let tail = results.answer.jsonTail()
      return Whole(bytes, headByteCount: headByteCount, tail: tail)
    }
  }

  /// An answer that is whole.
  struct Whole: Sendable {
    let json: [UInt8]
    /// Where the results stand in it, joined by commas.
    let results: Range<Int>

    init(_ bytes: consuming [UInt8], headByteCount: Int, tail: [UInt8]) {
      results = headByteCount..<bytes.count
      bytes += tail
      json = bytes
    }
  }

  /// Room for an answer of ten documents with three hits each.
  private static let usualBytes = 12 << 10

  /// Makes the first piece; on a thread of the pool.
  ///
  /// - Parameter results: complete but for the results: its answer has the receipt and the cursor that it is to have.
  static func first(_ results: consuming SearchResults) throws(SearchError) -> First {
    var results = results
    let (bytes, headByteCount) = try write(&results, hitsMax: hitsPerPiece)
    return First(results: results, bytes: bytes, headByteCount: headByteCount)
  }

  /// Makes the whole answer of a search that shows few hits.
  ///
  /// - Parameter results: as for `first`; all of them are given out.
  static func whole(_ results: inout SearchResults) throws(SearchError) -> Whole {
    let (bytes, headByteCount) = try write(&results, hitsMax: .max)
    return Whole(bytes, headByteCount: headByteCount, tail: results.answer.jsonTail())
  }

  /// The head and what is next of the results; and what the head takes of it.
  private static func write(
    _ results: inout SearchResults, hitsMax: Int
  ) throws(SearchError) -> (bytes: [UInt8], headByteCount: Int) {
    let head = results.answer.jsonHead()
    let headByteCount = head.count
    var json = JSONWriter(after: head, reserving: usualBytes)
    try results.writeNext(hitsMax: hitsMax, to: &json)
    return (json.takeBytes(), headByteCount)
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
