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
  /// Of a union: which of its lists hold each document, a bit a list. Empty for one list.
  var forms = Slots<UInt32>.none

  /// The same without the documents behind `last`.
  func through(_ last: DocID) -> PostingRun {
    guard self.last > last else { return self }
    var run = self
    run.last = last
    while run.count > 0, documents[run.count - 1] > last { run.count -= 1 }
    return run
  }
}

/// Where the blocks of a few lists are merged, two at a time, back and forth between two sets of buffers.
struct RunBuffers: BitwiseCopyable {
  private struct Buffers: BitwiseCopyable {
    var documents: Slots<UInt32>
    var frequencies: Slots<UInt32>
    var forms: Slots<UInt32>

    init(_ room: Int, _ arena: inout ScratchArena) {
      documents = arena.slots(room, repeating: 0)
      frequencies = arena.slots(room, repeating: 0)
      forms = arena.slots(room, repeating: 0)
    }
  }

  private var buffers: Buffers
  private var other: Buffers
  private var count = 0

  /// - Parameter room: Postings that the blocks of one leaf's lists can have together; 0 where no leaf is a union.
  init(room: Int, _ arena: inout ScratchArena) {
    buffers = Buffers(room, &arena)
    other = Buffers(room, &arena)
  }

  mutating func removeAll() { count = 0 }

  /// Merges `count` postings of another list in: frequencies in one document add up. Lists with few postings come first.
  /// - Parameter form: The number of the list, below 32.
  mutating func add(_ documents: Slots<UInt32>, _ frequencies: Slots<UInt32>, count: Int, form: Int) {
    assert(self.count + count <= buffers.documents.count && count <= documents.count && count <= frequencies.count)
    // SAFETY: both runs are there, and the target has room for all their postings.
    let merged = unsafe kwic_merge_forms(
      buffers.documents.pointer(), buffers.frequencies.pointer(), buffers.forms.pointer(), self.count,
      documents.pointer(), frequencies.pointer(), 1 &<< UInt32(form), count,
      other.documents.pointer(), other.frequencies.pointer(), other.forms.pointer())
    swap(&buffers, &other)
    self.count = Int(merged)
  }

  func run(through last: DocID) -> PostingRun {
    PostingRun(
      documents: buffers.documents, frequencies: buffers.frequencies, count: count, last: last, forms: buffers.forms)
  }
}
