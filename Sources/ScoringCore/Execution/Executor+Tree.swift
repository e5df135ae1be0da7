internal import Base

/// Document at a time over the tree of nodes: any plan. With bounds off this is the exhaustive twin of all the rest.
extension Executor {
  mutating func runTree() throws(ExecutionError) {
    start(root)
    var target = view.range.lowerBound
    var bound = Float.infinity
    var boundEnd: DocID = 0
    var hasBound = false
    while true {
      if prunes {
        if !hasBound || target > boundEnd {
          (bound, boundEnd) = planBound(from: target)
          hasBound = true
        }
        if bound <= floor {
          guard boundEnd != .terminated else { break }
          target = boundEnd + 1
          continue
        }
      }
      if nodes[root].document < target { advance(root, to: target) }
      let document = nodes[root].document
      guard document < view.range.upperBound else { break }
      if document & 255 == 0 { hearFloor() }
      if prunes, document > boundEnd {
        target = document
        continue
      }
      target = document + 1
      if !view.isDeleted(document) { try evaluate(document) }
    }
  }

  /// Verifies, counts and scores a candidate.
  mutating func evaluate(_ document: DocID) throws(ExecutionError) {
    var canEnter = true
    if optimisations.contains(.frequencyBounds) {
      canEnter = documentBound(document) > floor
      if !canEnter, !isCounting { return }
    }
    guard try isMatch(root, document, wantsFrequency: canEnter) else { return }
    count(document)
    guard canEnter else { return }
    var score: Float = 0
    try addScores(root, document, &score)
    counters.documentsScored &+= 1
    collect(document, score)
  }

  // MARK: - Candidates

  /// Puts every cursor below `node` on its first document.
  mutating func start(_ node: Int) {
    let this = nodes[node]
    if this.kind == .positional {
      let unit = units[this.unit]
      for leaf in unit.firstLeaf..<unit.firstLeaf + unit.leafCount { leaves[leaf].start(lists) }
    }
    for i in 0..<this.childCount { start(children[this.firstChild + i]) }
    switch this.kind {
    case .words:
      leaves[this.leaf].start(lists)
      nodes[node].document = leaves[this.leaf].document
    default: settle(node, 0)
    }
  }

  /// Moves `node`, which stands before `target`, to its first candidate that is `target` or later.
  mutating func advance(_ node: Int, to target: DocID) {
    if nodes[node].kind == .words {
      let leaf = nodes[node].leaf
      if leaves[leaf].document < target { leaves[leaf].advance(to: target, lists) }
      nodes[node].document = leaves[leaf].document
    } else {
      settle(node, target)
    }
  }

  @inline(__always)
  private mutating func candidate(_ node: Int, _ target: DocID) -> DocID {
    if nodes[node].document < target { advance(node, to: target) }
    return nodes[node].document
  }

  /// Finds the first candidate of an operator from its children's.
  private mutating func settle(_ node: Int, _ target: DocID) {
    let this = nodes[node]
    let document: DocID
    switch this.kind {
    case .words: document = this.document
    case .nothing: document = .terminated
    case .documents: document = sets[this.leaf].first(from: target)
    case .all: document = target < view.documentCount ? target : .terminated
    case .positional, .andNot: document = candidate(children[this.firstChild], target)
    case .andMaybe:
      document = candidate(children[this.firstChild], target)
      // What is optional stands at the document or behind it: its frequencies there are asked for.
      if document != .terminated { _ = candidate(children[this.firstChild + 1], document) }
    case .and: document = settleAnd(this, target)
    case .or:
      var least = DocID.terminated
      for i in 0..<this.childCount { least = min(least, candidate(children[this.firstChild + i], target)) }
      document = least
    }
    nodes[node].document = document
  }

  private mutating func settleAnd(_ node: PlanNode, _ target: DocID) -> DocID {
    // Cheapest first; whoever overshoots sends the search back to the cheapest.
    let order = node.firstChild + node.childCount
    var document = candidate(children[order], target)
    var i = 1
    while i < node.childCount, document != .terminated {
      let other = candidate(children[order + i], document)
      if other == document {
        i += 1
      } else {
        document = candidate(children[order], other)
        i = 1
      }
    }
    return document
  }

  // MARK: - Matches

  /// Whether `document`, on which `node` stands, is a match and not only a candidate.
  mutating func isMatch(_ node: Int, _ document: DocID, wantsFrequency: Bool) throws(ExecutionError) -> Bool {
    let this = nodes[node]
    guard this.document == document else { return false }
    switch this.kind {
    case .nothing: return false
    case .all, .documents, .words: return true
    case .positional: return try verify(this.unit, document, wantsFrequency: wantsFrequency && units[this.unit].scored)
    case .and:
      for i in 0..<this.childCount {
        guard
          try isMatch(children[this.firstChild + this.childCount + i], document, wantsFrequency: wantsFrequency)
        else { return false }
      }
      return true
    case .or:
      for i in 0..<this.childCount {
        if try isMatch(children[this.firstChild + i], document, wantsFrequency: wantsFrequency) { return true }
      }
      return false
    case .andMaybe: return try isMatch(children[this.firstChild], document, wantsFrequency: wantsFrequency)
    case .andNot:
      guard try isMatch(children[this.firstChild], document, wantsFrequency: wantsFrequency) else { return false }
      let negative = children[this.firstChild + 1]
      guard candidate(negative, document) == document else { return true }
      return try !isMatch(negative, document, wantsFrequency: false)
    }
  }

  /// Adds the scores of the units below `node`, which matches `document`, in query order: of an OR, those of the
  /// operands that match.
  mutating func addScores(_ node: Int, _ document: DocID, _ score: inout Float) throws(ExecutionError) {
    let this = nodes[node]
    switch this.kind {
    case .nothing, .all, .documents: return
    case .words:
      guard this.unit >= 0, units[this.unit].scored else { return }
      let ratio = Float(leaves[this.leaf].frequency(lists)) * inverse[Int(view.norm(document))]
      score += BM25.score(scale: units[this.unit].scale, ratio: ratio)
    case .positional:
      guard units[this.unit].scored else { return }
      guard try verify(this.unit, document, wantsFrequency: true) else { return }
      let ratio = units[this.unit].frequency * inverse[Int(view.norm(document))]
      score += BM25.score(scale: units[this.unit].scale, ratio: ratio)
    case .and:
      for i in 0..<this.childCount { try addScores(children[this.firstChild + i], document, &score) }
    case .or:
      for i in 0..<this.childCount {
        let child = children[this.firstChild + i]
        if try isMatch(child, document, wantsFrequency: true) { try addScores(child, document, &score) }
      }
    case .andNot: try addScores(children[this.firstChild], document, &score)
    case .andMaybe:
      try addScores(children[this.firstChild], document, &score)
      let optional = children[this.firstChild + 1]
      if try isMatch(optional, document, wantsFrequency: true) { try addScores(optional, document, &score) }
    }
  }
}
