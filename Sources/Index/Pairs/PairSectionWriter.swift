internal import Base
internal import ScoringCore

/// Makes the phrase layer of a segment that is being written: reads its common words' positions from the source, a
/// window of documents at a time, and has `PairBuilder` make the lists.
///
/// Memory: four bytes for each of some two million occurrences, and what the builder holds.
struct PairSectionWriter {
  let words: [CommonWords.Word]

  /// Occurrences of common words in one window, about.
  private static let windowOccurrences: UInt64 = 2 << 20

  /// One word's postings in the window.
  private struct Postings {
    var documents: [DocID] = []
    var ends: [Int] = []
    var positions: [UInt32] = []
    var next = 0

    init(positionsReserved: Int) { positions.reserveCapacity(positionsReserved) }

    mutating func removeAll() {
      documents.removeAll(keepingCapacity: true)
      ends.removeAll(keepingCapacity: true)
      positions.removeAll(keepingCapacity: true)
      next = 0
    }
  }

  /// Of each occurrence of a word the list that begins with it takes so much, about: a third is followed by a common word.
  private static let bytesPerOccurrence: UInt64 = 2

  /// The words with which the pairs of each pass begin: as many as fit into `layer.listBytesMax`, at least one.
  static func passes(_ words: [CommonWords.Word], _ layer: PhraseLayer) -> [Range<Int>] {
    var passes: [Range<Int>] = []
    var start = 0
    var bytes: UInt64 = 0
    for (number, word) in words.enumerated() {
      let more = word.frequency * bytesPerOccurrence
      if number > start, bytes + more > UInt64(layer.listBytesMax) {
        passes.append(start..<number)
        (start, bytes) = (number, 0)
      }
      bytes += more
    }
    return passes + [start..<words.count]
  }

  /// Reads the source; what comes out writes the lists of the pass.
  func build<Source: SegmentSource & ~Copyable>(
    _ source: inout Source, firstWords: Range<Int>
  ) throws(IndexError) -> PairBuilder {
    let documentCount = source.documentCount
    var builder = PairBuilder(
      wordCount: words.count, averageLength: Float(source.wordCount) / Float(max(documentCount, 1)),
      firstWords: firstWords, hasTiers: firstWords.upperBound == words.count)
    let occurrences = words.reduce(0) { $0 + $1.frequency }
    let windows = Int(occurrences / Self.windowOccurrences) + 1
    let windowCount = (documentCount + windows - 1) / windows
    // Room for what a window has on average, and some more: they are not moved as they fill.
    var postings = words.map { Postings(positionsReserved: Int($0.frequency) / windows * 9 / 8) }
    var start = 0
    while start < documentCount {
      let end = min(start + windowCount, documentCount)
      for (number, word) in words.enumerated() {
        postings[number].removeAll()
        try source.visitPositions(of: word.form, in: DocID(start)..<DocID(end)) { document, positions in
          postings[number].documents.append(document)
          postings[number].positions.append(addingCapacity: positions.count) { output in
            for i in positions.indices { output.append(positions[i]) }
          }
          postings[number].ends.append(postings[number].positions.count)
        }
      }
      for document in start..<end { Self.add(DocID(document), source.norm(document), &postings, to: &builder) }
      start = end
    }
    return builder
  }

  private static func add(
    _ document: DocID, _ norm: UInt8, _ postings: inout [Postings], to builder: inout PairBuilder
  ) {
    for number in postings.indices {
      let next = postings[number].next
      guard next < postings[number].documents.count, postings[number].documents[next] == document else { continue }
      let first = next == 0 ? 0 : postings[number].ends[next - 1]
      let positions = postings[number].positions
      builder.add(word: number, positions: positions.span.extracting(first..<postings[number].ends[next]))
      postings[number].next += 1
    }
    builder.endDocument(document, norm: norm)
  }
}
