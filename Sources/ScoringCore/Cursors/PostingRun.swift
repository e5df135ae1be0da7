internal import Base
internal import CKernels

/// Postings of one leaf side by side, ascending: what loops score by kernel.
///
/// Of a leaf of one list they lie in its cursor's buffers, of a union in `RunBuffers`; both are good until the leaf is
/// asked for the next run.
struct PostingRun: BitwiseCopyable {
  var documents: Slots<UInt32>
  var frequencies: Slots<UInt32>
  var count: Int
  /// No document of the leaf that is up to `last` is missing.
  var last: DocID
  /// Where the run begins in the decoded block of its list; 0 for a union.
  var first = 0

  /// The same without the documents behind `last`.
  func through(_ last: DocID) -> PostingRun {
    guard self.last > last else { return self }
    var run = self
    run.last = last
    while run.count > 0, documents[run.count - 1] > last { run.count -= 1 }
    return run
  }
}

/// Where the blocks of a few lists are merged, two at a time, back and forth between two pairs of buffers.
struct RunBuffers: BitwiseCopyable {
  private var documents: Slots<UInt32>
  private var frequencies: Slots<UInt32>
  private var otherDocuments: Slots<UInt32>
  private var otherFrequencies: Slots<UInt32>
  private var count = 0

  /// Postings that the blocks of a few lists can have together.
  static let postingsMax = LeafCursor.fewMax * PostingListFormat.blockCount

  /// No memory where `isNeeded` is false: then nothing may be added.
  init(isNeeded: Bool, _ arena: inout ScratchArena) {
    func slots() -> Slots<UInt32> {
      isNeeded ? arena.slots(Self.postingsMax, repeating: 0) : arena.slots(0, of: UInt32.self)
    }
    documents = slots()
    frequencies = slots()
    otherDocuments = slots()
    otherFrequencies = slots()
  }

  mutating func removeAll() { count = 0 }

  /// Merges `count` postings of another list in: frequencies in one document add up.
  mutating func add(_ documents: Slots<UInt32>, _ frequencies: Slots<UInt32>, count: Int) {
    assert(self.count + count <= Self.postingsMax && count <= documents.count && count <= frequencies.count)
    // SAFETY: both runs are there, and the target has room for all their postings.
    let merged = unsafe kwic_merge_postings(
      self.documents.pointer(), self.frequencies.pointer(), self.count, documents.pointer(), frequencies.pointer(),
      count, otherDocuments.pointer(), otherFrequencies.pointer())
    swap(&self.documents, &otherDocuments)
    swap(&self.frequencies, &otherFrequencies)
    self.count = Int(merged)
  }

  func run(through last: DocID) -> PostingRun {
    PostingRun(documents: documents, frequencies: frequencies, count: count, last: last)
  }
}
