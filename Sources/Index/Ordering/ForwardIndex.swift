internal import Base

/// The words of each document as numbers, for `GraphBisection`: two bytes a posting.
struct ForwardIndex {
  /// Words are numbered from 0 to this, at most `termsMax`.
  let termCount: Int
  /// The words of all documents, those of document d from `starts[d]` to `ends[d]`.
  var terms: [UInt16]
  let starts: [UInt32]
  var ends: [UInt32]

  static let termsMax = 1 << 16

  var documentCount: Int { ends.count }

  /// - Parameter documentCounts: How many words each document will have.
  init(termCount: Int, wordCounts: [UInt32]) {
    precondition(termCount <= Self.termsMax, "words have two bytes")
    self.termCount = termCount
    var starts: [UInt32] = []
    starts.reserveCapacity(wordCounts.count)
    var next: UInt32 = 0
    for count in wordCounts {
      starts.append(next)
      next += count
    }
    self.starts = starts
    ends = starts
    terms = [UInt16](repeating: 0, count: Int(next))
  }

  /// Adds a word to a document that was counted to have it.
  mutating func append(_ term: UInt16, to document: DocID) {
    let place = ends[Int(document)]
    terms[Int(place)] = term
    ends[Int(document)] = place + 1
  }
}
