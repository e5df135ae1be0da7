internal import Query

/// The hits of `POST /v1/export`, a line each, as the client takes them.
///
/// A line of JSON is `{"id", "title", "date", "field", "lo", "hi", "bytes", "words", "left", "match", "right"}`, a row
/// of CSV has the same cells. Where the export cannot be finished, its last line is the error object and the connection
/// is cut.
struct ExportPieces: PieceSource {
  enum Format: Sendable {
    case jsonLines
    case csv
  }

  /// Hits of the first piece, which should come soon, and of the largest.
  private static let hitsFirst = 16
  private static let hitsMost = 1_024

  private let service: Service
  private let place: StreamPlace
  private let format: Format
  private let timeoutMilliseconds: Int
  /// Nil while a piece is being made, and at the end.
  private var hits: HitStream?
  private var ready: [UInt8]?
  private var hitCount = Self.hitsFirst * 4

  /// What came of the search for the first hits.
  struct First: Sendable {
    var hits: HitStream
    var shown: [DocumentHit]
  }

  /// Plans the search and finds the first hits; on a thread of the pool.
  static func first(_ begin: () throws(SearchError) -> HitStream) throws(SearchError) -> First {
    var hits = try begin()
    let shown = try hits.next(hitsMax: hitsFirst)
    return First(hits: hits, shown: shown)
  }

  init(_ first: First, format: Format, service: Service, place: StreamPlace, timeoutMilliseconds: Int) {
    self.service = service
    self.place = place
    self.format = format
    self.timeoutMilliseconds = timeoutMilliseconds
    hits = first.shown.count < Self.hitsFirst ? nil : first.hits
    ready = (format == .csv ? Array(CSVRow.exportHeader.utf8) : []) + Self.lines(first.shown, format)
  }

  mutating func next() async -> Piece {
    if let bytes = ready, !bytes.isEmpty {
      ready = nil
      return .bytes(bytes)
    }
    guard let hits else { return .end }
    self.hits = nil
    do throws(APIError) {
      let (bytes, rest) = try await service.searches.run(timeoutMilliseconds: timeoutMilliseconds, isContinuation: true) {
        [timeoutMilliseconds, hitCount, format] () throws(APIError) in
        var hits = hits
        do throws(SearchError) {
          let shown = try hits.next(hitsMax: hitCount)
          return (Self.lines(shown, format), shown.isEmpty ? nil : hits)
        } catch {
          throw APIError(error, timeoutMilliseconds: timeoutMilliseconds)
        }
      }
      guard let rest else { return .end }
      self.hits = rest
      hitCount = min(hitCount * 4, Self.hitsMost)
      return .bytes(bytes)
    } catch {
      return .cut(error.json() + [0x0A])
    }
  }

  private static func lines(_ hits: [DocumentHit], _ format: Format) -> [UInt8] {
    var lines: [UInt8] = []
    for hit in hits {
      switch format {
      case .csv: lines.append(contentsOf: CSVRow.text(of: hit).utf8)
      case .jsonLines:
        var json = JSONWriter(after: lines)
        // One owner, so that nothing is copied.
        lines = []
        hit.write(to: &json)
        lines = json.bytes
        lines.append(0x0A)
      }
    }
    return lines
  }
}
