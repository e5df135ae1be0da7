internal import Base
internal import ScoringCore

/// Makes the forward index of the documents of a merge from the posting lists of its sources.
///
/// Words in too few documents are left out, since there are many and each says little; those in most documents say
/// nothing. What is left over the memory there is goes too, the words with the most documents first.
/// Complexity: a walk over all keys, and twice over the chosen lists, documents only.
struct ForwardIndexBuilder {
  let sources: [Segment]
  let renumbering: DocumentRenumbering
  let ordering: DocumentOrdering
  let isStopped: @Sendable () -> Bool

  /// One word in `documents` documents, and where in `lists` its lists lie.
  private struct Candidate {
    var documents: UInt32
    var lists: Range<Int>
  }

  /// Words are in one document of so many at least, and of so many at most.
  private static let documentsPerWordMax = 2_048
  private static let documentsPerWordMin = 2
  /// Where words had to be left out, so many must be left a document.
  private static let postingsPerDocumentMin = 16
  /// What the forward index and `GraphBisection` take beside the postings.
  private static let bytesPerDocument = 29
  private static let bytesPerTerm = 18

  private var candidates: [Candidate] = []
  /// Payloads of lists, each behind its source (two bytes) and its length: a tenth of what references would take.
  private var lists: [UInt8] = []

  init(sources: [Segment], renumbering: DocumentRenumbering, ordering: DocumentOrdering, isStopped: @escaping @Sendable () -> Bool) {
    self.sources = sources
    self.renumbering = renumbering
    self.ordering = ordering
    self.isStopped = isStopped
  }

  /// Nil where the memory does not do.
  mutating func build() throws(IndexError) -> ForwardIndex? {
    try gather()
    guard let chosen = choose() else { return nil }
    var wordCounts = [UInt32](repeating: 0, count: renumbering.documentCount)
    for candidate in chosen { try walk(candidate) { document in wordCounts[Int(document)] += 1 } }
    var forward = ForwardIndex(termCount: chosen.count, wordCounts: wordCounts)
    for (term, candidate) in chosen.enumerated() {
      try walk(candidate) { document in forward.append(UInt16(term), to: document) }
    }
    return forward
  }

  private mutating func gather() throws(IndexError) {
    let count = renumbering.documentCount
    let least = max(ordering.wordDocumentsMin, count / Self.documentsPerWordMax)
    let most = max(count / Self.documentsPerWordMin, least)
    var terms = try KeyMerge(sources.map { ($0, $0.body.terms, .dictionary) })
    while try terms.next() != nil {
      if isStopped() { throw .closed }
      let firstList = lists.count
      var documents = 0
      for (source, payload) in terms.payloads() {
        // Payloads that are a list's are short.
        documents += Int(try sources[source].reference(payload, withPositions: true).documentFrequency)
        lists.append(contentsOf: [UInt8(source & 0xFF), UInt8(source >> 8), UInt8(payload.count)])
        lists.append(contentsOf: payload)
      }
      if documents < least || documents > most {
        lists.removeLast(lists.count - firstList)
      } else {
        candidates.append(Candidate(documents: UInt32(documents), lists: firstList..<lists.count))
      }
    }
  }

  /// The words with the most documents that fit, those with the most first: their counts are then close together.
  private mutating func choose() -> ArraySlice<Candidate>? {
    candidates.sort { ($0.documents, $1.lists.lowerBound) > ($1.documents, $0.lists.lowerBound) }
    let documents = renumbering.documentCount
    let fixed =
      documents * Self.bytesPerDocument + min(candidates.count, ForwardIndex.termsMax) * Self.bytesPerTerm
      + lists.count + candidates.count * MemoryLayout<Candidate>.stride
    let postingsMax = min((ordering.bytesMax - fixed) / MemoryLayout<UInt16>.size, Int(UInt32.max))
    var first = 0
    var end = min(candidates.count, ForwardIndex.termsMax)
    var postings = candidates[..<end].reduce(0) { $0 + Int($1.documents) }
    while postings > postingsMax, first < end {
      postings -= Int(candidates[first].documents)
      first += 1
      if end < candidates.count {
        postings += Int(candidates[end].documents)
        end += 1
      }
    }
    if first > 0, postings < documents * Self.postingsPerDocumentMin { return nil }
    return candidates[first..<end]
  }

  /// Calls `visit` with the live documents of a word, renumbered.
  private func walk(_ candidate: Candidate, _ visit: (DocID) -> Void) throws(IndexError) {
    if isStopped() { throw .closed }
    var at = candidate.lists.lowerBound
    while at < candidate.lists.upperBound {
      let source = Int(lists[at]) | Int(lists[at + 1]) << 8
      let end = at + 3 + Int(lists[at + 2])
      let segment = sources[source]
      let list = try segment.reference(Array(lists[at + 3..<end]), withPositions: true)
      at = end
      let map = renumbering.maps[source]
      try segment.walking { () throws(PostingError) in
        var walk = try PostingWalk(list, in: segment.view)
        while true {
          let document = try walk.next()
          if document == .terminated { return }
          let new = map[Int(document)]
          if new != .terminated { visit(new) }
        }
      }
    }
  }
}
