internal import Base
public import Index

/// An answer to a search in the form in which it is kept: its results as they were written, the rest to be written anew,
/// since each time it says how long it took.
public struct KeptAnswer: Sendable {
  /// All but the results.
  public var answer: SearchAnswer
  /// What stands between `SearchAnswer.jsonHead` and `jsonTail`.
  let results: [UInt8]
  /// What it takes to keep it, about: with the head, which may have many groups.
  let byteCount: Int

  /// - Parameter results: all of the answer's, as JSON joined by commas.
  public init(_ answer: SearchAnswer, results: some Collection<UInt8>) {
    self.answer = answer
    self.results = Array(results)
    byteCount = self.results.count + 2 * answer.jsonHead().count + 1_024
  }

  /// The answer as one JSON object.
  public func json() -> [UInt8] {
    var bytes = answer.jsonHead()
    let tail = answer.jsonTail()
    bytes.reserveCapacity(bytes.count + results.count + tail.count + 1)
    bytes += results
    bytes += tail
    return bytes
  }
}

extension SearchEngine {
  /// What was answered to an equal request of the same snapshot, where that is kept; nil for one whose deadline has passed.
  public func keptAnswer(to request: SearchRequest, in snapshot: Snapshot) -> KeptAnswer? {
    guard keptAnswersBytesMax > 0, request.mayBeKept else { return nil }
    if let deadline = request.deadlineNanoseconds, deadline <= clock.monotonicNanoseconds() { return nil }
    return keptAnswers(in: snapshot)[request.kept]
  }

  /// Notes that a request was answered, and keeps the answer where it was answered before: it lives and ends with its
  /// snapshot, within `keptAnswersBytesMax`. Nothing of an answer that was cut short, or that says when it was given.
  ///
  /// - Parameter make: makes the answer, if it is to be kept.
  public func note(_ request: SearchRequest, in snapshot: Snapshot, _ make: () -> KeptAnswer) {
    guard keptAnswersBytesMax > 0, request.mayBeKept else { return }
    keptAnswers(in: snapshot).note(request.kept, bytesMax: keptAnswersBytesMax, make)
  }
}

extension SearchRequest {
  /// A receipt is of its time.
  fileprivate var mayBeKept: Bool { !givesReceipt && query.utf8.count <= KeptAnswers.queryBytesMax }

  /// What equal answers have in common.
  fileprivate var kept: SearchRequest {
    var request = self
    request.deadlineNanoseconds = nil
    return request
  }
}
