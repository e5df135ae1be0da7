internal import Base
internal import Dispatch
internal import Index

/// One file on its way through a thread of the pool: read, parsed and delivered in pieces, of which one at a time waits
/// to be taken.
final class FileReading: Sendable {
  /// Documents are handed over in pieces of about this size.
  private static let pieceBytes = 4 << 20
  /// Problems of one file that are told one by one; the sum stands in the ledger.
  static let toldMax = 20

  /// What is gathered of a file until it is handed over.
  struct Piece: Sendable {
    var update: FileUpdate
    var origins: [FolderWatcher.Origin] = []
    var byteCount = 0
    /// Problems since the last piece, and how many there were beside them.
    var problems: [LineProblem] = []
    var untoldProblems = 0
  }

  enum News: Sendable {
    /// Gone or changed between the look and the reading.
    case absent
    case unreadable(FileError)
    /// The file has ended with the last one, whose part says so.
    case piece(Piece)
  }

  let path: String
  private let format: SourceFormat
  private let parser: DocumentParser
  private let columns: CSVColumns
  private let followsLinks: Bool
  private let readerVersion: UInt32
  private let isStopped: @Sendable () -> Bool
  /// Signalled when a piece was taken and there is room for another.
  private let room = DispatchSemaphore(value: 0)

  /// - Parameter isStopped: Whether nobody waits for the file any more: another program that reads it is ended.
  init(
    path: String, format: SourceFormat, parser: DocumentParser, options: WatchOptions,
    isStopped: @escaping @Sendable () -> Bool
  ) {
    self.path = path
    self.format = format
    self.parser = parser
    columns = options.csvColumns
    followsLinks = options.rules.followsLinks
    readerVersion = options.readerVersion
    self.isStopped = isStopped
  }

  /// Lets the thread go on after a piece that was not the last.
  func goOn() { room.signal() }

  /// Reads all of it. After every piece but the last waits for `goOn`.
  /// - Parameter deliver: Takes news; false where no more are wanted. Then the file stands in the ledger as half read,
  ///   and the next start reads it again.
  func run(_ deliver: (News) -> Bool) {
    let lookedAt = FileStatus.wallClockNanoseconds()
    var source = FileSource(
      path: path, format: format, parser: parser, columns: columns, followsLinks: followsLinks, isCancelled: isStopped)
    guard let facts = source.facts else {
      if let error = source.error, !error.isAbsence { _ = deliver(.unreadable(error)) } else { _ = deliver(.absent) }
      return
    }
    let record = FileRecord(
      path: path, state: .indexed, facts: facts, lookedAtNanoseconds: lookedAt, readerVersion: readerVersion)
    var piece = Piece(update: FileUpdate(record: record, part: .first))
    var hasBegun = false
    while let item = source.next() {
      switch item {
      case .refused(let problem): Self.note(problem, &piece, of: source.error)
      case .document(let document, let line, _):
        piece.byteCount += document.memoryBytes
        piece.update.documents.append(document)
        piece.origins.append(.init(line: line, id: document.id))
      }
      if piece.byteCount >= Self.pieceBytes {
        guard deliver(.piece(piece)) else { return }
        room.wait()
        hasBegun = true
        piece = Piece(update: FileUpdate(record: piece.update.record, part: .middle))
      }
    }
    // Another program that reads it was ended: the file is read at the next start.
    if source.error != nil, isStopped() { return }
    if let hash = source.contentHash { piece.update.record.contentHash = hash }
    Self.judge(&piece.update.record, isEmpty: !hasBegun && piece.update.documents.isEmpty)
    piece.update.part = hasBegun ? .last : .whole
    _ = deliver(.piece(piece))
  }

  /// A file of which nothing was taken is no indexed one.
  private static func judge(_ record: inout FileRecord, isEmpty: Bool) {
    guard record.state == .indexed, record.refused > 0, isEmpty else { return }
    record.state = LineProblem.Code(rawValue: record.code)?.isSkip ?? false ? .skipped : .failed
  }

  /// - Parameter error: Of the file as a whole, where the problem tells that.
  private static func note(_ problem: LineProblem, _ piece: inout Piece, of error: FileError?) {
    if let error {
      piece.update.record.state = error.state
      (piece.update.record.code, piece.update.record.reason) = (problem.code.rawValue, problem.message)
    } else {
      piece.update.record.refused += 1
      // That pictures are no text is less of a reason than anything else.
      let isMinor = piece.update.record.code == LineProblem.Code.noDocument.rawValue && problem.code != .noDocument
      if piece.update.record.code.isEmpty || isMinor {
        let place = problem.line > 0 ? "line \(problem.line): " : ""
        (piece.update.record.code, piece.update.record.reason) = (problem.code.rawValue, place + problem.message)
      }
    }
    if piece.update.record.refused <= toldMax {
      piece.problems.append(problem)
    } else if problem.code != .noDocument {
      piece.untoldProblems += 1
    }
  }
}
