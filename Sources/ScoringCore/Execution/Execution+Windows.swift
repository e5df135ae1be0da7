public import Base

extension Execution {
  /// Calls `visit` with every document of `window` that matches and is not deleted, ascending, and with its hits (see
  /// `hits`), until it answers false. Nothing is ranked and nothing kept: what streams, streams from here.
  ///
  /// The plan is compiled once a call; the next window begins at what this one returned.
  ///
  /// - Returns: The first document of the window that was not looked at; its end where all were.
  /// - Throws: `ExecutionError`. The budget in `counters` is that of the window.
  public static func forEachMatch(
    _ plan: MatchPlan, in segment: SegmentView, window: Range<DocID>, counters: inout ExecutionCounters,
    _ visit: (DocID, [Hit]) -> Bool
  ) throws(ExecutionError) -> DocID {
    var executor = try openForHits(plan, segment, counters)
    // The executor borrows what the plan holds.
    return try withExtendedLifetime(plan) { () throws(ExecutionError) in
      let next = try executor.forEachMatch(window, visit)
      try executor.finish()
      counters = executor.counters
      return next
    }
  }
}

extension Executor {
  /// Document at a time over the tree, as `runTree` without bounds, counts and scores.
  fileprivate mutating func forEachMatch(
    _ window: Range<DocID>, _ visit: (DocID, [Hit]) -> Bool
  ) throws(ExecutionError) -> DocID {
    let end = min(window.upperBound, DocID(view.documentCount))
    var target = window.lowerBound
    start(root)
    while target < end {
      if nodes[root].document < target { advance(root, to: target) }
      let document = nodes[root].document
      guard document < end else { break }
      target = document + 1
      guard !view.isDeleted(document), try isMatch(root, document, wantsFrequency: false) else { continue }
      guard visit(document, try matchedHits(document)) else { return target }
    }
    return window.upperBound
  }
}
