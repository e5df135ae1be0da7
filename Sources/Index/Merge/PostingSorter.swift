internal import Base

/// Postings that come in one order of documents and go in another. One sorter serves many lists, and keeps its buffers.
///
/// Memory: 16 bytes a posting, four a position, and four and a bit a document of the segment. Complexity: a sort for few
/// postings, else linear in them with a look at a bit a document.
struct PostingSorter {
  private var documents: [DocID] = []
  private(set) var frequencies: [UInt32] = []
  private var ends: [UInt32] = []
  private var positions: [UInt32] = []
  /// Places of the postings in the order of their documents.
  private(set) var order: [UInt32] = []

  private var keys: [UInt64] = []
  /// By document: whether it has a posting, and which.
  private var bits: [UInt64]
  private var places: [UInt32]

  /// Above this share of words of `bits` a posting, sorting is slower than looking at all of them.
  private static let bitWordsPerPosting = 16

  init(documentCount: Int) {
    bits = [UInt64](repeating: 0, count: (documentCount + 63) / 64)
    places = [UInt32](repeating: 0, count: documentCount)
  }

  mutating func removeAll() {
    documents.removeAll(keepingCapacity: true)
    frequencies.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    order.removeAll(keepingCapacity: true)
  }

  mutating func append(_ document: DocID, frequency: UInt32) {
    documents.append(document)
    frequencies.append(frequency)
  }

  mutating func append(_ document: DocID, positions newPositions: [UInt32]) {
    append(document, frequency: UInt32(newPositions.count))
    positions.append(contentsOf: newPositions)
    ends.append(UInt32(positions.count))
  }

  func document(_ place: UInt32) -> DocID { documents[Int(place)] }

  func positions(_ place: UInt32) -> Range<Int> {
    Int(place == 0 ? 0 : ends[Int(place) - 1])..<Int(ends[Int(place)])
  }

  var allPositions: Span<UInt32> { positions.span }

  /// Makes `order`, once all postings are there.
  mutating func sort() {
    if documents.count * Self.bitWordsPerPosting < bits.count { sortByKey() } else { sortByBits() }
  }

  private mutating func sortByKey() {
    keys.removeAll(keepingCapacity: true)
    for (place, document) in documents.enumerated() { keys.append(UInt64(document) << 32 | UInt64(place)) }
    keys.sort()
    for key in keys { order.append(UInt32(truncatingIfNeeded: key)) }
  }

  private mutating func sortByBits() {
    for (place, document) in documents.enumerated() {
      bits[Int(document) / 64] |= 1 << UInt64(document % 64)
      places[Int(document)] = UInt32(place)
    }
    for word in bits.indices where bits[word] != 0 {
      var left = bits[word]
      bits[word] = 0
      while left != 0 {
        order.append(places[word * 64 + left.trailingZeroBitCount])
        left &= left - 1
      }
    }
  }
}
