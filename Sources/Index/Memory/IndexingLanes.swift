internal import Analysis
internal import Base
internal import Dispatch

/// The buffers of the writer, one for each core that indexes, and the threads that fill them.
///
/// A commit cuts what it puts into runs of about equal text, one a lane. Each lane analyses its run into its own
/// `MemoryIndex`; then one `MemorySource` over all of them, in the order of the runs, is what the segment is written
/// from. So the segment is the same, byte for byte, for any number of lanes, as long as the buffers hold what is put.
///
/// Used under the writer's lock. Memory: `bufferBytes` over all lanes, and the last document of each.
final class IndexingLanes {
  /// One lane's buffer, and what came out of its run.
  private final class Lane: @unchecked Sendable {
    // SAFETY: reached by one thread at a time: by the lane's own during `run`, by the writer's otherwise.
    var memory: MemoryIndex
    /// Words of each document, in order.
    var words: [UInt32] = []
    /// Terms in the order of their bytes.
    var order: [UInt32] = []

    init(_ memory: consuming MemoryIndex) { self.memory = memory }

    /// Analyses documents until all are done or the buffer is full.
    func run(_ documents: ArraySlice<PendingDocument>, bufferBytes: Int) {
      let textBytes = min(documents.reduce(0) { $0 + $1.textBytes }, bufferBytes)
      memory.reserve(textBytes: textBytes, storedBytes: min(textBytes, bufferBytes / 2), count: documents.count)
      for document in documents {
        if memory.documentCount > 0, memory.byteCount > bufferBytes || !memory.fits(textBytes: document.textBytes) {
          break
        }
        words.append(memory.add(document))
      }
      order = memory.sortedTerms()
    }

    func removeAll() {
      memory.removeAll()
      words = []
      order = []
    }
  }

  private let analyzer: Analyzer
  private let storesText: Bool
  private var lanes: [Lane] = []
  private let schema: IndexSchema

  /// Address space of a lane's buffer; memory is taken as it fills.
  private static let arenaBytes = 2 << 30
  /// A lane has that much text, or there are fewer of them: a thread and a table of its own have to pay.
  private static let laneTextBytesMin = 1 << 20

  init(analyzer: Analyzer, schema: IndexSchema, storesText: Bool) {
    self.analyzer = analyzer
    self.schema = schema
    self.storesText = storesText
  }

  /// Whether a document of so many bytes of text can be taken at all.
  func fits(textBytes: Int) -> Bool { lane(0).memory.fitsEmpty(textBytes: textBytes) }

  private func lane(_ number: Int) -> Lane {
    while lanes.count <= number {
      lanes.append(
        Lane(MemoryIndex(analyzer: analyzer, schema: schema, storesText: storesText, arenaBytes: Self.arenaBytes)))
    }
    return lanes[number]
  }

  /// Fills the buffers, calls `write` with all that they hold and empties them. Answers the words of each document that
  /// found room, by its number, in the order of the segment.
  ///
  /// - Parameter documents: Those that found no room are left in it, by lane: with more than one lane they are not the
  ///   last ones. The others are gone before `write` is called, and with them their text where nobody else holds it.
  func round(
    _ documents: inout [(number: Int, document: PendingDocument)], threads: Int, bufferBytes: Int,
    _ write: (_ source: inout MemorySource) throws(IndexError) -> Void
  ) throws(IndexError) -> [(number: Int, words: UInt32)] {
    let runs = Self.runs(documents.map(\.document.textBytes), most: threads)
    let used = runs.indices.map { lane($0) }
    defer { for lane in used { lane.removeAll() } }
    Self.fill(used, documents.map(\.document), runs, share: bufferBytes / runs.count)
    var words: [(number: Int, words: UInt32)] = []
    var left: [(number: Int, document: PendingDocument)] = []
    for (lane, run) in zip(used, runs) {
      for (place, count) in zip(run, lane.words) { words.append((number: documents[place].number, words: count)) }
      left.append(contentsOf: documents[run.dropFirst(lane.words.count)])
    }
    documents = left
    try Self.withSource(used, analyzer, storesText, threads: threads, write)
    return words
  }

  /// Has each lane analyse its run of the documents, the first one on this thread.
  private static func fill(_ used: [Lane], _ all: [PendingDocument], _ runs: [Range<Int>], share: Int) {
    let done = DispatchSemaphore(value: 0)
    for (lane, run) in zip(used, runs).dropFirst() {
      let slice = all[run]
      let isStarted = BackgroundThread.start {
        lane.run(slice, bufferBytes: share)
        done.signal()
      }
      if !isStarted {
        lane.run(slice, bufferBytes: share)
        done.signal()
      }
    }
    used[0].run(all[runs[0]], bufferBytes: share)
    for _ in runs.dropFirst() { done.wait() }
  }

  /// Calls `write` with the documents of all lanes.
  private static func withSource(
    _ lanes: [Lane], _ analyzer: Analyzer, _ storesText: Bool, threads: Int,
    _ write: (_ source: inout MemorySource) throws(IndexError) -> Void
  ) throws(IndexError) {
    var base: DocID = 0
    var parts: [MemorySource.Part] = []
    for lane in lanes {
      parts.append(lane.memory.part(base: base, order: lane.order))
      base += DocID(lane.memory.documentCount)
    }
    // The lanes outlive the source: the caller empties them afterwards.
    var source = MemorySource(parts: parts, analyzer: analyzer, storesText: storesText, threads: threads)
    try write(&source)
    withExtendedLifetime(lanes) {}
  }

  /// Runs of documents of about equal text, at least one.
  static func runs(_ textBytes: [Int], most: Int) -> [Range<Int>] {
    let total = textBytes.reduce(0, +)
    let count = max(1, min(most, total / laneTextBytesMin, textBytes.count))
    var runs: [Range<Int>] = []
    var start = 0
    var sum = 0
    for (place, bytes) in textBytes.enumerated() {
      sum += bytes
      if runs.count < count - 1, sum >= total / count * (runs.count + 1) {
        runs.append(start..<place + 1)
        start = place + 1
      }
    }
    if start < textBytes.count || runs.isEmpty { runs.append(start..<textBytes.count) }
    return runs
  }
}
