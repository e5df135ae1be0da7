internal import Base
internal import Dispatch
internal import Index
internal import ScoringCore
internal import Synchronization

/// An expensive search on several cores: its segments are cut into parts, each core takes one after the other, and all
/// share the score that is needed. The answer is the one of a single core.
extension SearchRun {
  /// A part of a segment, by the segment's place.
  private struct Part {
    let ordinal: Int
    let range: Range<DocID>
  }

  /// What one core found.
  private struct Found {
    var best: TopK
    var count = 0
    var counters: ExecutionCounters
    var error: (any Error)?
  }

  /// How many more cores this search is worth, at most.
  var coresWanted: Int {
    let postings = plans.reduce(0) { $0 + $1.estimatedPostings }
    return max(0, postings / engine.postingsPerCoreMin - 1)
  }

  /// Runs the plans on the calling thread and `others` more; nil where the search ran into an error: the single core then
  /// tells which, as it tells it always.
  func executeSideBySide(
    _ others: Int, _ ranking: BM25, k: Int, _ counting: ExecutionRequest.Counting, _ counters: ExecutionCounters
  ) -> (best: TopK, count: Int, counters: ExecutionCounters)? {
    let parts = parts(cores: others + 1)
    let next = Atomic<Int>(0)
    let floor = SharedFloor()
    let results = Mutex<[Found]>([])
    DispatchQueue.concurrentPerform(iterations: others + 1) { _ in
      var found = Found(best: TopK(k: k), counters: counters)
      while found.error == nil {
        let number = next.add(1, ordering: .relaxed).oldValue
        guard number < parts.count else { break }
        execute(parts[number], ranking, counting, floor, into: &found)
      }
      results.withLock { $0.append(found) }
    }
    return merged(results.withLock { $0 }, k: k, counters)
  }

  private func execute(
    _ part: Part, _ ranking: BM25, _ counting: ExecutionRequest.Counting, _ floor: SharedFloor, into found: inout Found
  ) {
    do {
      try checkDeadline()
      found.count += try Execution.execute(
        plans[part.ordinal], in: snapshot.segments[part.ordinal].view.part(part.range),
        segmentOrdinal: UInt32(part.ordinal), ranking: ranking,
        request: ExecutionRequest(counting: counting, optimisations: engine.optimisations, sharedFloor: floor),
        into: &found.best, counters: &found.counters)
    } catch {
      found.error = error
    }
  }

  private func merged(
    _ results: [Found], k: Int, _ counters: ExecutionCounters
  ) -> (best: TopK, count: Int, counters: ExecutionCounters)? {
    var best = TopK(k: k)
    var count = 0
    var counters = counters
    for found in results {
      guard found.error == nil, counters.budget.spend(found.counters.budget.visited) else { return nil }
      for document in found.best.sorted() { best.insert(document) }
      count += found.count
    }
    return (best, count, counters)
  }

  /// Four parts a core, so that none waits long for the last one.
  private func parts(cores: Int) -> [Part] {
    let multiple = SegmentView.partMultiple
    let total = snapshot.segments.reduce(0) { $0 + $1.documentCount }
    let wanted = DocID(clamping: total / (4 * cores))
    let count = max(multiple, (wanted + multiple - 1) / multiple * multiple)
    var parts: [Part] = []
    for (ordinal, segment) in snapshot.segments.enumerated() {
      var start: DocID = 0
      while start < DocID(segment.documentCount) {
        let end = min(start + count, DocID(segment.documentCount))
        parts.append(Part(ordinal: ordinal, range: start..<end))
        start = end
      }
    }
    return parts
  }
}
