internal import Index
internal import Query

/// The ledger of files as `GET /v1/files` tells it, a line of JSON a file, of one snapshot.
///
/// `{"path", "state", "code", "reason", "documents", "words", "refused", "bytes", "at"}`; `code` and `reason` stand
/// where something was skipped or refused, `at` is the time of the reading.
struct FilePieces: PieceSource {
  /// Which files are told.
  enum Filter: Equatable, Sendable {
    case all
    case state(FileRecord.State)
    /// Those that failed, and those of which documents were refused.
    case troubled

    static let names = "all, indexed, skipped, failed, reading"

    init?(_ name: String?) {
      switch name {
      case nil, "all": self = .all
      case "failed": self = .troubled
      case let name?:
        guard let state = FileRecord.State.allCases.first(where: { $0.name == name }) else { return nil }
        self = .state(state)
      }
    }

    func takes(_ record: FileRecord) -> Bool {
      switch self {
      case .all: true
      case .state(let state): record.state == state
      case .troubled: record.state == .failed || record.refused > 0
      }
    }
  }

  private static let pageFiles = 1_000

  private let snapshot: Snapshot
  private let place: StreamPlace
  private let filter: Filter
  /// Where the next page begins; nil at the end.
  private var next: FileCursor? = FileCursor()

  init(_ snapshot: Snapshot, _ filter: Filter, place: StreamPlace) {
    self.snapshot = snapshot
    self.filter = filter
    self.place = place
  }

  mutating func next() async -> Piece {
    var lines: [UInt8] = []
    while let cursor = next, lines.isEmpty {
      do throws(IndexError) {
        let page = try snapshot.files(from: cursor, most: Self.pageFiles)
        next = page.next
        for record in page.records where filter.takes(record) { Self.append(record, to: &lines) }
      } catch {
        return .cut(APIError(error).json() + [0x0A])
      }
    }
    return lines.isEmpty ? .end : .bytes(lines)
  }

  private static func append(_ record: FileRecord, to lines: inout [UInt8]) {
    var json = JSONWriter(after: lines)
    // One owner, so that nothing is copied.
    lines = []
    json.object {
      $0.member("path", record.path)
      $0.member("state", record.state.name)
      if !record.code.isEmpty { $0.member("code", record.code) }
      if !record.reason.isEmpty { $0.member("reason", record.reason) }
      let numbers: KeyValuePairs<StaticString, Int> = [
        "documents": Int(record.documents), "words": Int(clamping: record.words), "refused": Int(record.refused),
      ]
      for (name, value) in numbers {
        $0.key(name)
        $0.integer(value)
      }
      if record.facts != .unknown {
        $0.key("bytes")
        $0.integer(Int(clamping: record.facts.byteCount))
      }
      $0.member("at", CalendarDate.text(epochSeconds: record.lookedAtNanoseconds / 1_000_000_000))
    }
    lines = json.bytes
    lines.append(0x0A)
  }
}

extension Service {
  /// `GET /v1/files?state=failed`.
  func files(queryString: String) async throws(APIError) -> Answer {
    var parameters = try RequestParameters(queryString: queryString)
    guard let filter = FilePieces.Filter(parameters.take("state")) else {
      throw .badParameter("state", "is no state of a file", remedy: "write one of \(FilePieces.Filter.names)")
    }
    if let name = parameters.leftOver {
      throw .badParameter(name, "is unknown here", remedy: "the parameter is state")
    }
    guard let place = streams.take() else { throw .overCapacity }
    return .stream(ResponseStream(type: .jsonLines, pieces: FilePieces(index.snapshot(), filter, place: place)))
  }
}
