/// What a file brings in one piece: its documents, or the next of them, and what is to stand in the ledger.
///
/// A file of many documents comes in several parts, so that neither side holds all of it. The document that are in the
/// index after the last part, and owned by the file, are exactly those of its parts.
public struct FileUpdate: Sendable {
  public enum Part: Sendable, Equatable {
    case whole, first, middle, last

    var begins: Bool { self == .whole || self == .first }
    var ends: Bool { self == .whole || self == .last }
  }

  /// Counts of documents and words are the index's; `refused` is what the reader refused so far.
  public var record: FileRecord
  public var documents: [Document]
  public var part: Part

  public init(record: FileRecord, documents: [Document] = [], part: Part = .whole) {
    self.record = record
    self.documents = documents
    self.part = part
  }
}

/// What became of a `FileUpdate`, or of a file that is gone.
public struct FileOutcome: Sendable, Equatable {
  /// A document that was not taken, by its place in the update.
  public struct Refused: Sendable, Equatable {
    public let place: Int
    public let refusal: OperationOutcome.Refusal
  }

  public var stored = 0
  public var removed = 0
  public var refused: [Refused] = []
  /// A part came whose beginning was lost with a failed commit: the file has to be sent again from its first part.
  public var isOutOfStep = false

  public init() {}
}

/// The sums of the ledger.
public struct FileCounts: Sendable, Equatable {
  /// Files by state, in the order of `FileRecord.State.allCases`.
  public internal(set) var files = [Int](repeating: 0, count: FileRecord.State.allCases.count)
  /// Documents that files own, and their words.
  public internal(set) var documents = 0
  public internal(set) var words: UInt64 = 0
  /// Documents of files that were not taken.
  public internal(set) var refused = 0

  public init() {}

  public subscript(state: FileRecord.State) -> Int { files[Int(state.rawValue)] }
  public var total: Int { files.reduce(0, +) }

  mutating func add(_ record: FileRecord, _ sign: Int) {
    files[Int(record.state.rawValue)] += sign
    documents += sign * Int(record.documents)
    words = sign > 0 ? words &+ record.words : words &- record.words
    refused += sign * Int(record.refused)
  }
}
