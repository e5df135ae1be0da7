internal import Base
internal import Dispatch
internal import ScoringCore

/// The phrase layer of a segment in the making on a thread of its own, while another writes the terms.
final class PairsAhead: @unchecked Sendable {
  // SAFETY: `builder` is written by the thread before it signals and read by the writer after it has waited.
  let words: [CommonWords.Word]
  private var builder: PairBuilder?
  private let done = DispatchSemaphore(value: 0)

  /// Nil where there are no pairs, more than are made at once, or no thread.
  init?(_ source: MemorySource, words: [CommonWords.Word], _ layer: PhraseLayer) {
    guard words.count > 1, PairSectionWriter.passes(words, layer).count == 1 else { return nil }
    self.words = words
    let isStarted = BackgroundThread.start { [self] in
      var source = source
      // A source in memory does not fail; if it did, the writer would meet the same error.
      do { builder = try PairSectionWriter(words: words).build(&source, firstWords: 0..<words.count) } catch {}
      done.signal()
    }
    if !isStarted { return nil }
  }

  /// Waits for the lists and hands them over, once.
  func take() -> PairBuilder? {
    done.wait()
    return builder.take()
  }
}
