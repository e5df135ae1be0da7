internal import ScoringCore
internal import Synchronization

/// The last answers that one snapshot gave more than once: who asks the same of it again (a page that is loaded anew, a
/// saved search that is asked every minute) has it without a search. They live and end with the snapshot
/// (`SnapshotNotes`), so a commit makes them go and nothing has to be told.
///
/// An answer is kept with the second question: most questions are asked once, and of these only a number is noted. Within
/// a bound of bytes the oldest goes first; one that takes more than an eighth of it is not kept. Thread-safe.
final class KeptAnswers: Sendable {
  static let queryBytesMax = 1_024
  /// Questions that are remembered as asked once.
  static let askedMax = 256

  private struct State {
    var answers: [SearchRequest: KeptAnswer] = [:]
    /// The keys of `answers`, oldest first.
    var order: [SearchRequest] = []
    var byteCount = 0
    /// Hash values of questions, a ring: two questions with one only make the second kept early.
    var asked: [Int] = []
    var oldestAsked = 0
    var ranking: BM25?
  }

  private let state = Mutex(State())

  subscript(request: SearchRequest) -> KeptAnswer? { state.withLock { $0.answers[request] } }

  /// Bytes of all answers that are kept, about.
  var byteCount: Int { state.withLock { $0.byteCount } }

  /// Notes a question the first time, and keeps its answer afterwards.
  func note(_ request: SearchRequest, bytesMax: Int, _ make: () -> KeptAnswer) {
    let hash = request.hashValue
    let isKnown = state.withLock { state in
      if state.asked.contains(hash) { return true }
      if state.asked.count < Self.askedMax {
        state.asked.append(hash)
      } else {
        state.asked[state.oldestAsked] = hash
        state.oldestAsked = (state.oldestAsked + 1) % Self.askedMax
      }
      return false
    }
    guard isKnown else { return }
    let made = make()
    guard made.byteCount <= bytesMax / 8, !made.answer.isPartial else { return }
    state.withLock { state in
      guard state.answers[request] == nil else { return }
      state.answers[request] = made
      state.order.append(request)
      state.byteCount += made.byteCount
      var first = 0
      while state.byteCount > bytesMax {
        state.byteCount -= state.answers.removeValue(forKey: state.order[first])?.byteCount ?? 0
        first += 1
      }
      state.order.removeFirst(first)
    }
  }

  /// The ranking of the snapshot with these parameters; made where it is not the last one.
  func ranking(k1: Float, b: Float, make: () -> BM25) -> BM25 {
    state.withLock { state in
      if let known = state.ranking, known.k1 == k1, known.b == b { return known }
      let made = make()
      state.ranking = made
      return made
    }
  }
}
