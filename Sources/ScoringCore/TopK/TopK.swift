public import Base

/// One ranked document.
public struct RankedDocument: Sendable, Equatable, BitwiseCopyable {
  public var score: Float
  /// Place of its segment in the snapshot.
  public var segment: UInt32
  public var document: DocID

  public init(score: Float, segment: UInt32, document: DocID) {
    self.score = score
    self.segment = segment
    self.document = document
  }

  /// The order of results: score descending, then segment, then document ascending.
  @inline(__always)
  static func precedes(_ a: RankedDocument, _ b: RankedDocument) -> Bool {
    if a.score != b.score { return a.score > b.score }
    return (UInt64(a.segment) << 32 | UInt64(a.document)) < (UInt64(b.segment) << 32 | UInt64(b.document))
  }
}

/// The k best documents of a query, handed from segment to segment.
///
/// A binary heap with the worst of the best on top; `floor(segment:)` is what pruning compares with. Segments may come
/// in any order. `k` may be `Int.max`: then everything is kept and nothing pruned. Complexity: O(log k) an insertion.
public struct TopK: Sendable {
  public let k: Int
  private var heap: [RankedDocument] = []

  public init(k: Int) {
    precondition(k >= 0)
    self.k = k
    heap.reserveCapacity(min(k, 1_024))
  }

  public var count: Int { heap.count }
  public var isFull: Bool { heap.count >= k }
  /// The least score among the k best once there are k of them, else minus infinity.
  public var threshold: Float { k == 0 ? .infinity : isFull ? heap[0].score : -.infinity }

  /// A document of `segment` that comes after every document of it seen so far enters if and only if its score is
  /// above this. A tie loses to an earlier segment and beats a later one.
  func floor(segment: UInt32) -> Float {
    guard isFull, k > 0 else { return threshold }
    return segment >= heap[0].segment ? heap[0].score : heap[0].score.nextDown
  }

  /// Offers a document; it enters if it belongs to the k best.
  public mutating func insert(_ candidate: RankedDocument) {
    guard isFull else {
      heap.append(candidate)
      if isFull { heapify() }
      return
    }
    guard k > 0, RankedDocument.precedes(candidate, heap[0]) else { return }
    heap[0] = candidate
    siftDown(from: 0)
  }

  /// The documents in the order of results.
  public func sorted() -> [RankedDocument] { heap.sorted(by: RankedDocument.precedes) }

  private mutating func heapify() {
    for i in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(from: i) }
  }

  private mutating func siftDown(from start: Int) {
    let moving = heap[start]
    var hole = start
    while true {
      var child = 2 * hole + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, RankedDocument.precedes(heap[child], heap[child + 1]) { child += 1 }
      guard RankedDocument.precedes(moving, heap[child]) else { break }
      heap[hole] = heap[child]
      hole = child
    }
    heap[hole] = moving
  }
}
