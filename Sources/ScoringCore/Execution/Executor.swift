internal import Base

/// One plan over one segment: the compiled plan, its cursors, and what the loops share.
///
/// All state that loops touch is trivial and lies in one arena; the loops are in extensions, a file for each shape of
/// plan. Single thread, lives for one call.
struct Executor: ~Copyable {
  let view: SegmentView
  let optimisations: Optimisations
  /// Whether the loop that ranks has to visit every match.
  var isCounting: Bool
  let segmentOrdinal: UInt32
  var arena: ScratchArena
  var lists: Slots<ListCursor>
  var leaves: Slots<LeafCursor>
  let nodes: Slots<PlanNode>
  let children: Slots<Int>
  let units: Slots<PlanUnit>
  let terms: Slots<BoundTerm>
  let termLeaves: Slots<Int>
  let tiers: Slots<PlanTier>
  let words: Slots<FastPath.Word>
  let sets: Slots<DocumentBits>
  let inverse: Slots<Float>
  let root: Int
  var verifiers: [PositionalVerifier]
  var buffer: PositionBuffer
  /// For fast paths: a unit's words by frequency, and their positions still to be visited.
  let orderedWords: Slots<OrderedWord>
  let heads: Slots<PositionRange>
  /// For pairs: the positions of one word as bits; without room until they are first needed.
  var positionBits = PositionBits()
  /// The documents that counting has found, where they are wanted and few; and how many, -1 for too many.
  var foundDocuments = Slots<UInt32>.none
  var foundCount = 0
  /// For `nextRun`: the postings of a union's blocks.
  var runBuffers: RunBuffers
  /// Layout of one document; whether with sentences.
  var layout = DocumentLayout()
  var layoutDocument = DocID.terminated
  var layoutHasSentences = false

  var topK: TopK
  var counters: ExecutionCounters
  /// A document enters the k best if and only if its score is above this.
  var floor: Float
  /// What others know to be needed, as far as it was heard of: documents below it do not enter.
  private let sharedFloor: SharedFloor?
  private var heardFloor = -Float.infinity
  var matchCount = 0
  /// Whether some documents were tried before their turn.
  var isSeeded: Bool
  /// What the score of the unit under verification must pass for its frequency to matter; minus infinity where other units
  /// score beside it. Whether it matters that the unit matches, however low its frequency.
  var unitFloor = -Float.infinity
  var matchMatters = true
  /// What f / K must pass for a floor, a little less than exactly; negative for none.
  private var neededRatio: (ratio: Float, floor: Float) = (-1, -.infinity)
  /// A bit for each document that matches; empty where they are not collected.
  let matched: Slots<UInt64>

  /// The floor that pruning compares with: nothing is pruned where bounds are turned off.
  var prunes: Bool { optimisations.contains(.blockBounds) && !isCounting }

  init(
    _ plan: MatchPlan, _ view: SegmentView, segmentOrdinal: UInt32, _ ranking: BM25, _ request: ExecutionRequest,
    topK: consuming TopK, counters: ExecutionCounters
  ) throws(PostingError) {
    var compiler = PlanCompiler(view: view, ranking: ranking, optimisations: request.optimisations)
    if case .positional = plan { compiler.isLone = request.optimisations.contains(.unitLoop) }
    root = try compiler.compile(plan)
    self.view = view
    self.segmentOrdinal = segmentOrdinal
    optimisations = request.optimisations
    isCounting = request.counting != .none
    verifiers = compiler.verifiers
    lists = compiler.lists.slots
    leaves = compiler.leaves.slots
    nodes = compiler.nodes.slots
    children = compiler.children.slots
    units = compiler.units.slots
    terms = compiler.terms.slots
    termLeaves = compiler.termLeaves.slots
    tiers = compiler.tiers.slots
    words = compiler.words.slots
    sets = compiler.sets.slots
    inverse = compiler.arena.slots(copying: ranking.inverse)
    var wordsMax = 0
    for i in 0..<units.count { wordsMax = max(wordsMax, units[i].path.wordCount) }
    heads = compiler.arena.slots(wordsMax, repeating: PositionRange(next: 0, end: 0))
    orderedWords = compiler.arena.slots(wordsMax, repeating: OrderedWord(leaf: 0, place: 0, count: 0))
    buffer = PositionBuffer(first: compiler.arena.unwritten(PositionBuffer.firstCount, of: UInt32.self))
    runBuffers = RunBuffers(room: compiler.unionRoom, &compiler.arena)
    let isCollecting = request.counting == .collected
    matched =
      isCollecting
      ? compiler.arena.slots(Int(view.documentCount) / 64 + 1, repeating: UInt64(0))
      : compiler.arena.slots(0, of: UInt64.self)
    arena = compiler.takeArena()
    isSeeded = request.comesLater
    floor = isSeeded ? topK.threshold.nextDown : topK.floor(segment: segmentOrdinal)
    sharedFloor = request.sharedFloor
    self.topK = topK
    self.counters = counters
  }

  /// Takes a document that matches with this score.
  @inline(__always)
  mutating func collect(_ document: DocID, _ score: Float) {
    guard score > floor else { return }
    topK.insert(RankedDocument(score: score, segment: segmentOrdinal, document: document))
    // Ties among documents that do not come in order are the heap's to decide.
    floor = max(heardFloor, isSeeded ? topK.threshold.nextDown : topK.floor(segment: segmentOrdinal))
    if let sharedFloor, topK.isFull { sharedFloor.raise(to: topK.threshold) }
  }

  /// The most that a unit's frequency may be in `document` for its score to stay at `floor` or below, with
  /// `LeafCursor.slack` to spare; nil where each is above. One unit asks.
  @inline(__always)
  mutating func neededFrequency(_ floor: Float, scale: Float, _ document: DocID) -> Float? {
    guard floor > 0 else { return nil }
    if neededRatio.floor != floor { neededRatio = (Self.ratio(reaching: floor, scale: scale), floor) }
    return neededRatio.ratio > 0 ? neededRatio.ratio / inverse[Int(view.norm(document))] : nil
  }

  /// A ratio for which, and for all a little above, the score does not pass `floor`; -1 where none is found.
  private static func ratio(reaching floor: Float, scale: Float) -> Float {
    let ratio = floor / (scale - floor) / (LeafCursor.slack * LeafCursor.slack)
    return ratio.isFinite && ratio > 0 && BM25.score(scale: scale, ratio: ratio * LeafCursor.slack) <= floor ? ratio : -1
  }

  /// Takes over what others know; called once a block or window.
  @inline(__always)
  mutating func hearFloor() {
    guard let sharedFloor else { return }
    heardFloor = sharedFloor.value.nextDown
    floor = max(floor, heardFloor)
  }

  /// Counts a document that matches and is not deleted.
  @inline(__always)
  mutating func count(_ document: DocID) {
    matchCount &+= 1
    if matched.count > 0 { matched[Int(document &>> 6)] |= 1 &<< UInt64(document & 63) }
  }

  /// Adds up what the cursors did and throws what was wrong with one of them.
  mutating func finish() throws(ExecutionError) {
    for i in 0..<lists.count {
      counters.blocksDecoded += lists[i].blocksDecoded
      counters.postingsDecoded += lists[i].blocksDecoded * PostingListFormat.blockCount
      counters.positionsDecoded += lists[i].positionsDecoded
      counters.bytesTouched += lists[i].bytesTouched
      if let failure = lists[i].failure { throw .corruptPostings(failure) }
    }
  }
}
