internal import Base

/// Turns a plan into flat arrays: nodes, units and leaves in query order, the cursors opened.
struct PlanCompiler: ~Copyable {
  let view: SegmentView
  let ranking: BM25
  let optimisations: Optimisations
  var arena = ScratchArena()
  var lists = ArenaList<ListCursor>()
  var leaves = ArenaList<LeafCursor>()
  var nodes = ArenaList<PlanNode>()
  var children = ArenaList<Int>()
  var units = ArenaList<PlanUnit>()
  var terms = ArenaList<BoundTerm>()
  var termLeaves = ArenaList<Int>()
  var tiers = ArenaList<PlanTier>()
  var words = ArenaList<FastPath.Word>()
  var sets = ArenaList<DocumentBits>()
  var verifiers: [PositionalVerifier] = []
  /// Whether the plan is one positional unit, and units have a loop of their own.
  var isLone = false
  /// The most postings that one run of a union has; 0 where no leaf is one.
  private(set) var unionRoom = 0

  init(view: SegmentView, ranking: BM25, optimisations: Optimisations) {
    self.view = view
    self.ranking = ranking
    self.optimisations = optimisations
  }

  /// Adds the nodes of `plan`; answers the number of its root. What stands under NOT does not score.
  mutating func compile(_ plan: MatchPlan, scoring: Bool = true) throws(PostingError) -> Int {
    switch plan {
    case .nothing: return add(PlanNode(kind: .nothing))
    case .all: return add(PlanNode(kind: .all, cost: UInt64(view.documentCount)))
    case .documents(let set):
      precondition(set.documentCount == view.documentCount, "a set of another segment")
      sets.append(DocumentBits(set), &arena)
      return add(PlanNode(kind: .documents, leaf: sets.count - 1, cost: UInt64(set.count)))
    case .words(let leaf): return try compileWords(leaf, scoring: scoring)
    case .positional(let unit): return try compilePositional(unit, scoring: scoring)
    case .and(let plans):
      var operands: [Int] = []
      for plan in plans { operands.append(try compile(plan, scoring: scoring)) }
      return addAnd(operands)
    case .or(let plans):
      var operands: [Int] = []
      for plan in plans { operands.append(try compile(plan, scoring: scoring)) }
      return addOr(operands)
    case .andNot(let positive, let negative):
      let first = try compile(positive, scoring: scoring)
      let second = try compile(negative, scoring: false)
      return addParent(.andNot, [first, second], cost: nodes[first].cost)
    case .andMaybe(let required, let optional):
      let first = try compile(required, scoring: scoring)
      let second = try compile(optional, scoring: scoring)
      return addParent(.andMaybe, [first, second], cost: nodes[first].cost)
    }
  }

  /// Hands over the memory that the cursors live in.
  mutating func takeArena() -> ScratchArena {
    var taken = ScratchArena()
    swap(&taken, &arena)
    return taken
  }

  private mutating func add(_ node: PlanNode) -> Int {
    nodes.append(node, &arena)
    return nodes.count - 1
  }

  private mutating func addParent(_ kind: PlanNode.Kind, _ operands: [Int], cost: UInt64) -> Int {
    let first = children.count
    children.append(contentsOf: operands, &arena)
    return add(PlanNode(kind: kind, firstChild: first, childCount: operands.count, cost: cost))
  }

  private mutating func addAnd(_ operands: [Int]) -> Int {
    guard !operands.isEmpty else { return add(PlanNode(kind: .nothing)) }
    let node = addParent(.and, operands, cost: operands.map { nodes[$0].cost }.min() ?? 0)
    // Stable, so that equal costs keep query order.
    let cheapestFirst = operands.enumerated()
      .sorted { (nodes[$0.element].cost, $0.offset) < (nodes[$1.element].cost, $1.offset) }.map(\.element)
    children.append(contentsOf: cheapestFirst, &arena)
    return node
  }

  private mutating func addOr(_ operands: [Int]) -> Int {
    addParent(.or, operands, cost: operands.reduce(0) { $0 + nodes[$1].cost })
  }

  // MARK: - Words

  /// Asks for what is read first of all lists, so that it comes from memory side by side.
  private func prefetch(_ words: [WordLeaf]) {
    for word in words {
      if let merged = merged(word) {
        merged.reference.prefetch(in: merged.extents)
        continue
      }
      for list in word.lists { list.prefetch(in: view.extents) }
      word.classList?.prefetch(in: view.extents)
    }
  }

  mutating func compileWords(_ word: WordLeaf, scoring: Bool) throws(PostingError) -> Int {
    guard !word.needsPositions else {
      // Which occurrences count is seen from their positions: a unit of one word.
      let unit = PositionalUnit(
        expression: .leaf(0), leaves: [word], overlaps: .none(leafCount: 1), weight: word.weight, scored: word.scored)
      return try compilePositional(unit, scoring: scoring)
    }
    let leaf = try addLeaf(word, withPositions: false)
    let scored = scoring && word.scored
    units.append(
      PlanUnit(firstLeaf: leaf, leafCount: 1, scale: scored ? ranking.scale(word.weight) : 0, scored: scored), &arena)
    return add(PlanNode(kind: .words, leaf: leaf, unit: units.count - 1, cost: leaves[leaf].cost))
  }

  /// Opens the lists of a word.
  mutating func addLeaf(_ word: WordLeaf, withPositions: Bool) throws(PostingError) -> Int {
    if let merged = merged(word) { return try addLeaf(merged, of: word, withPositions: withPositions) }
    // Commonest first: whoever looks for a number of occurrences finds them soonest.
    let forms = word.lists.count > 1 ? word.lists.sorted { $0.documentFrequency > $1.documentFrequency } : word.lists
    let classList = optimisations.contains(.classLists) && forms.count > 1 ? word.classList : nil
    let first = lists.count
    if let classList { lists.append(try open(classList), &arena) } else { try open(forms) }
    // A merged union reads its lists a window ahead: positions need cursors of their own, as they do beside a class list.
    let sharesForms = classList == nil && forms.count <= LeafCursor.fewMax
    let firstForm = sharesForms ? first : lists.count
    if withPositions, !sharesForms { try open(forms) }
    let count = classList == nil ? forms.count : 1
    let mode: LeafCursor.Mode = count == 0 ? .empty : count == 1 ? .single : count <= LeafCursor.fewMax ? .few : .many
    let block = UInt32(PostingListFormat.blockCount)
    let runRoom = mode == .few ? forms.reduce(0) { $0 + Int(min($1.documentFrequency, block)) } : Int(block)
    if mode == .few { unionRoom = max(unionRoom, runRoom) }
    let windowCount = mode == .many ? LeafCursor.windowCount : 0
    leaves.append(
      LeafCursor(
        mode: mode, first: first, count: count, firstForm: firstForm, formCount: withPositions ? forms.count : 0,
        cost: classList.map { UInt64($0.documentFrequency) } ?? forms.reduce(0) { $0 + UInt64($1.documentFrequency) },
        positionsMax: forms.reduce(0) { $0 &+ $1.totalFrequency },
        isFiltered: word.fieldFilter != nil, field: word.fieldFilter ?? FieldID(rawValue: 0), runRoom: runRoom,
        present: LeafCursor.allForms(max(count, withPositions ? forms.count : 0)),
        bits: arena.slots(windowCount / 64, repeating: 0),
        frequencies: arena.slots(windowCount, repeating: 0)), &arena)
    return leaves.count - 1
  }

  /// The one list in memory that is read in place of a word's lists.
  private func merged(_ word: WordLeaf) -> MergedList? {
    optimisations.contains(.mergedLists) ? word.merged : nil
  }

  /// Opens a merged list: a word of one list, which lies elsewhere. The plan keeps its bytes.
  private mutating func addLeaf(
    _ merged: MergedList, of word: WordLeaf, withPositions: Bool
  ) throws(PostingError) -> Int {
    let first = lists.count
    lists.append(
      try ListCursor(
        merged.reference, extents: merged.extents, documentCount: view.documentCount,
        usesBits: optimisations.contains(.bits), arena: &arena), &arena)
    leaves.append(
      LeafCursor(
        mode: .single, first: first, count: 1, firstForm: first, formCount: withPositions ? 1 : 0,
        cost: UInt64(merged.documentFrequency), positionsMax: merged.totalFrequency,
        isFiltered: word.fieldFilter != nil, field: word.fieldFilter ?? FieldID(rawValue: 0),
        runRoom: PostingListFormat.blockCount, present: LeafCursor.allForms(1), bits: arena.slots(0, repeating: 0),
        frequencies: arena.slots(0, repeating: 0)), &arena)
    return leaves.count - 1
  }

  private mutating func open(_ forms: [PostingListReference]) throws(PostingError) {
    for form in forms { lists.append(try open(form), &arena) }
  }

  mutating func open(_ reference: PostingListReference) throws(PostingError) -> ListCursor {
    try ListCursor(
      reference, extents: view.extents, documentCount: view.documentCount, usesBits: optimisations.contains(.bits),
      arena: &arena)
  }

  // MARK: - Positional units

  private mutating func compilePositional(_ unit: PositionalUnit, scoring: Bool) throws(PostingError) -> Int {
    if let node = try compilePairs(unit, scoring: scoring) { return node }
    let firstLeaf = leaves.count
    prefetch(unit.leaves)
    for leaf in unit.leaves { _ = try addLeaf(leaf, withPositions: true) }
    let scored = scoring && unit.scored
    var compiled = PlanUnit(
      firstLeaf: firstLeaf, leafCount: unit.leaves.count, scale: scored ? ranking.scale(unit.weight) : 0, scored: scored)
    compiled.verifier = verifiers.count
    verifiers.append(PositionalVerifier(unit, optimisations))
    compiled.needsSentences = unit.expression.needsSentences
    compiled.needsLayout =
      compiled.needsSentences
      || unit.expression.needsLayout && (!view.layouts.hasSingleValues || unit.expression.needsEnds)
      || unit.leaves.contains(where: \.needsPositions)
    if optimisations.contains(.positionalFastPaths), hasRuns(firstLeaf, unit) {
      let (path, words) = FastPath.choose(unit)
      compiled.path = path
      compiled.path.firstWord = self.words.count
      addWords(words, firstLeaf: firstLeaf)
    }
    try addTier(unit, to: &compiled)
    if isLone, scored, compiled.path.kind != .none { return addLone(compiled) }
    compiled.firstTerm = terms.count
    for term in FrequencyBound(unit.expression).terms {
      terms.append(BoundTerm(multiplier: Float(term.multiplier), first: termLeaves.count, count: term.leaves.count), &arena)
      termLeaves.append(contentsOf: term.leaves.map { firstLeaf + $0 }, &arena)
    }
    compiled.termCount = terms.count - compiled.firstTerm
    units.append(compiled, &arena)
    let number = units.count - 1
    return addUnit(number, over: [addAlignment(unit.expression, firstLeaf)])
  }

  /// Adds the words of a path by rising document frequency; of equal ones in the order of the query.
  /// - Parameter firstLeaf: What their leaf numbers count from.
  mutating func addWords(_ path: [FastPath.Word], firstLeaf: Int = 0) {
    let first = words.count
    for word in path {
      let added = FastPath.Word(leaf: firstLeaf + word.leaf, place: word.place)
      words.append(added, &arena)
      var place = words.count - 1
      while place > first, leaves[words[place - 1].leaf].cost > leaves[added.leaf].cost {
        words[place] = words[place - 1]
        place -= 1
      }
      words[place] = added
    }
  }

  /// The node of a unit that is the whole plan and has the loop for that, which needs no alignment and no terms.
  mutating func addLone(_ unit: PlanUnit) -> Int {
    units.append(unit, &arena)
    var node = PlanNode(kind: .positional)
    node.unit = units.count - 1
    return add(node)
  }

  /// The node of a positional unit whose candidates have all of `operands`.
  mutating func addUnit(_ number: Int, over operands: [Int]) -> Int {
    let alignment = operands.count == 1 ? operands[0] : addAnd(operands)
    let node = addParent(.positional, [alignment], cost: nodes[alignment].cost)
    nodes[node].unit = number
    return node
  }

  mutating func addWord(_ leaf: Int) -> Int { add(PlanNode(kind: .words, leaf: leaf, cost: leaves[leaf].cost)) }

  mutating func addNothing() -> Int { add(PlanNode(kind: .nothing)) }

  /// Whether each leaf is one list or a union of a few, in all fields, and all that they hold counts.
  private func hasRuns(_ firstLeaf: Int, _ unit: PositionalUnit) -> Bool {
    unit.leaves.indices.allSatisfy {
      guard unit.leaves[$0].occurrences == nil else { return false }
      let leaf = leaves[firstLeaf + $0]
      return (leaf.mode == .single || leaf.mode == .few) && leaf.formCount > 0 && !leaf.isFiltered
    }
  }

  /// Nodes that name one leaf share its cursor. An AND below an OR may move its leaves past documents that the rest of
  /// the plan has not seen; where such a leaf is named elsewhere too, its cheapest leaf (or first part) stands for the whole AND: a
  /// weaker condition, and positions decide anyway.
  private mutating func addAlignment(_ expression: PositionalExpression, _ firstLeaf: Int) -> Int {
    var counts = [Int](repeating: 0, count: leaves.count - firstLeaf)
    func count(_ part: PositionalExpression) {
      switch part {
      case .leaf(let leaf): counts[leaf] += 1
      case .phrase(let places): places.forEach { if let leaf = $0 { counts[leaf] += 1 } }
      case .loosePhrase(_, let places): places.forEach { counts[$0] += 1 }
      case .near(_, _, let a, let b), .precedes(_, _, let a, let b), .notNear(_, let a, let b), .within(_, let a, let b):
        count(a)
        count(b)
      case .alternatives(let parts), .window(_, let parts): parts.forEach(count)
      }
    }
    count(expression)
    return addAlignment(expression.requiredLeaves, firstLeaf, counts, belowOr: false)
  }

  private mutating func addAlignment(_ required: RequiredLeaves, _ firstLeaf: Int, _ counts: [Int], belowOr: Bool) -> Int {
    switch required {
    case .leaf(let leaf):
      return add(PlanNode(kind: .words, leaf: firstLeaf + leaf, cost: leaves[firstLeaf + leaf].cost))
    case .all(let parts):
      if belowOr, required.leaves.contains(where: { counts[$0] > 1 }) {
        let cheapest = parts.compactMap { if case .leaf(let leaf) = $0 { leaf } else { nil } }
          .min { leaves[firstLeaf + $0].cost < leaves[firstLeaf + $1].cost }
        return addAlignment(cheapest.map { .leaf($0) } ?? parts[0], firstLeaf, counts, belowOr: true)
      }
      return addAnd(parts.map { addAlignment($0, firstLeaf, counts, belowOr: belowOr) })
    case .any(let parts): return addOr(parts.map { addAlignment($0, firstLeaf, counts, belowOr: true) })
    }
  }
}

extension RequiredLeaves {
  fileprivate var leaves: [Int] {
    switch self {
    case .leaf(let leaf): [leaf]
    case .all(let parts), .any(let parts): parts.flatMap(\.leaves)
    }
  }
}
