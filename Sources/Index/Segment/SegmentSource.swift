internal import Base
internal import ScoringCore

/// What a segment is written from: the buffer of new documents, or older segments that are being merged.
///
/// Documents are numbered from 0 as they will be in the segment. Terms and classes are walked once, in ascending
/// order of their bytes; `encodePostings` and `classPostings` speak of the one the walk stands on.
protocol SegmentSource: ~Copyable {
  var documentCount: Int { get }
  var wordCount: UInt64 { get }
  var storesText: Bool { get }
  var everyDocumentHasOneValue: Bool { get }
  /// Whether a merge has put documents that share words side by side (`GraphBisection`).
  var isOrdered: Bool { get }

  /// The record of `StoredDocumentFormat`.
  func storedRecord(_ document: Int) throws(IndexError) -> [UInt8]
  /// Writes the layouts of all documents; answers their address.
  func writeLayouts(into writer: inout ExtentWriter<IndexError>) throws(IndexError) -> UInt64
  func norm(_ document: Int) -> UInt8
  /// Seconds since 1970, `Int64.min` for none.
  func date(_ document: Int) -> Int64
  /// How many fields the schema has.
  var columnCount: Int { get }
  /// The values of a field of the schema; nil or empty where no document has one.
  func column(_ field: Int) throws(IndexError) -> ColumnValues?
  func identifierHash(_ document: Int) -> UInt32

  mutating func nextTerm() throws(IndexError) -> [UInt8]?
  mutating func encodePostings(into encoder: inout PostingListEncoder) throws(IndexError)
  /// Calls `visit` with the documents of a range that hold a form, ascending, and its positions in each.
  mutating func visitPositions(
    of form: [UInt8], in documents: Range<DocID>, _ visit: (DocID, Span<UInt32>) -> Void
  ) throws(IndexError)
  mutating func nextClass() throws(IndexError) -> StemClassForms?
  /// Documents of the class and its frequency in each: the sum over its forms. Ascending.
  mutating func classPostings(_ postings: inout ClassPostings) throws(IndexError)
  /// How many documents that are.
  mutating func classDocumentFrequency() throws(IndexError) -> UInt32
  /// Begins the phrase layer on another thread; nil where the writer has to make it after the terms.
  func pairsAhead(_ layer: PhraseLayer) -> PairsAhead?
}

/// The exact forms of one stem that a segment holds, ascending. Possessives are left out: they stand where their base
/// form stands.
struct StemClassForms {
  var stem: [UInt8]
  var forms: [[UInt8]]
  /// Documents of each form.
  var documentFrequencies: [UInt32]
}

/// Documents and frequencies of a stem class.
struct ClassPostings {
  var documents: [DocID] = []
  var frequencies: [UInt32] = []

  mutating func removeAll() {
    documents.removeAll(keepingCapacity: true)
    frequencies.removeAll(keepingCapacity: true)
  }

  mutating func append(_ document: DocID, _ frequency: UInt32) {
    documents.append(document)
    frequencies.append(frequency)
  }

  /// Adds the list of another form: merges by document, sums where both have it.
  mutating func merge(documents other: [DocID], frequencies otherFrequencies: [UInt32], scratch: inout ClassPostings) {
    scratch.removeAll()
    var i = 0
    var j = 0
    while i < documents.count || j < other.count {
      let a = i < documents.count ? documents[i] : .terminated
      let b = j < other.count ? other[j] : .terminated
      let next = min(a, b)
      var frequency: UInt32 = 0
      if a == next {
        frequency += frequencies[i]
        i += 1
      }
      if b == next {
        frequency += otherFrequencies[j]
        j += 1
      }
      scratch.append(next, frequency)
    }
    swap(&self, &scratch)
  }
}
