internal import Base
internal import ScoringCore

/// The documents of the buffer besides their postings: what the sections before the postings are written from.
struct DocumentBuffer {
  private(set) var stored: [UInt8] = []
  private var storedEnds: [Int] = []
  /// The layouts of the finished documents; of the one under way, values are added here.
  var layouts = DocumentLayoutEncoder()
  private(set) var norms: [UInt8] = []
  private(set) var dates: [Int64] = []
  /// Which of the documents' members have columns.
  let schema: IndexSchema
  private(set) var columns = ColumnBuffer()
  private(set) var identifierHashes: [UInt32] = []
  private(set) var wordCount: UInt64 = 0
  private(set) var everyDocumentHasOneValue = true

  var count: Int { norms.count }
  var byteCount: Int { stored.count + layouts.byteCount + columns.byteCount + count * 32 }

  init(schema: IndexSchema) { self.schema = schema }

  /// Where the stored record of the document under way is appended; `finishDocument` closes it.
  mutating func appendStored(_ body: (_ stored: inout [UInt8]) -> Void) { body(&stored) }

  mutating func finishDocument(
    words: UInt32, values: Int, date: Int64, fieldValues: FieldValues, identifierHash: UInt32
  ) {
    columns.append(fieldValues, schema: schema)
    storedEnds.append(stored.count)
    layouts.endDocument()
    norms.append(Norm.encode(length: words))
    dates.append(date)
    identifierHashes.append(identifierHash)
    wordCount += UInt64(words)
    if values > 1 { everyDocumentHasOneValue = false }
  }

  func storedRecord(_ document: Int) -> [UInt8] { 
    [UInt8](stored[(document == 0 ? 0 : storedEnds[document - 1])..<storedEnds[document]])
  }

  mutating func reserve(bytes: Int) { stored.reserveCapacity(bytes) }

  /// Room for records that is kept for the next batch: what a small one takes.
  private static let keptBytesMax = 256 << 10

  mutating func removeAll() {
    stored.removeAll(keepingCapacity: stored.capacity <= Self.keptBytesMax)
    storedEnds.removeAll(keepingCapacity: true)
    layouts = DocumentLayoutEncoder()
    norms.removeAll(keepingCapacity: true)
    dates.removeAll(keepingCapacity: true)
    columns.removeAll()
    identifierHashes.removeAll(keepingCapacity: true)
    wordCount = 0
    everyDocumentHasOneValue = true
  }
}
