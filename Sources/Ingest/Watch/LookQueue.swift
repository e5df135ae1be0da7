/// The paths that wait for a look, each once: those whose content is whole for a moment, the others until they have
/// been quiet.
///
/// Every operation takes constant time in the long run, whatever waits.
struct LookQueue {
  /// A whole file is looked at so long after it was: then the next write has another time, and the file needs no
  /// second look for what could have been written within the same tick of the clock.
  static let settleNanoseconds: UInt64 = 25_000_000
  /// A file that is written to and not closed is looked at after so long without another write …
  static let quietNanoseconds: UInt64 = 1_000_000_000
  /// … or after so long altogether.
  static let patienceNanoseconds: UInt64 = 10_000_000_000

  private struct Waiting {
    /// When it is looked at.
    var due: UInt64
    /// When it first came.
    var since: UInt64
    var isSettled: Bool
  }

  /// Paths in the order of their times. An entry whose time is not its path's is stale.
  private struct Line {
    private var entries: [(due: UInt64, path: String)] = []
    private var head = 0

    mutating func append(_ path: String, due: UInt64) { entries.append((due, path)) }

    /// The first entry that is not stale; those before it are dropped.
    mutating func first(_ waiting: [String: Waiting]) -> (due: UInt64, path: String)? {
      while head < entries.count {
        let entry = entries[head]
        if waiting[entry.path]?.due == entry.due { return entry }
        drop()
      }
      return nil
    }

    mutating func drop() {
      head += 1
      if head == entries.count || (head > 4_096 && head * 2 > entries.count) {
        entries.removeFirst(head)
        head = 0
      }
    }
  }

  private var waiting: [String: Waiting] = [:]
  /// Two lines, since in each the delay is always the same and so the order of arrival that of the times.
  private var settled = Line()
  private var touched = Line()

  var isEmpty: Bool { waiting.isEmpty }
  var count: Int { waiting.count }

  /// A look in a moment, at a file that is whole.
  mutating func settle(_ path: String, at time: UInt64) {
    if let known = waiting[path], known.isSettled { return }
    let due = time + Self.settleNanoseconds
    waiting[path] = Waiting(due: due, since: waiting[path]?.since ?? time, isSettled: true)
    settled.append(path, due: due)
  }

  /// A look when nothing has come for a while, or when it has been waited for long enough.
  mutating func touch(_ path: String, at time: UInt64) {
    let known = waiting[path]
    if let known, known.isSettled { return }
    let since = known?.since ?? time
    if time >= since + Self.patienceNanoseconds { return settle(path, at: time) }
    let due = time + Self.quietNanoseconds
    waiting[path] = Waiting(due: due, since: since, isSettled: false)
    touched.append(path, due: due)
  }

  /// The next path to look at, if one is due.
  mutating func next(at time: UInt64) -> String? {
    if let entry = settled.first(waiting), entry.due <= time {
      settled.drop()
      waiting[entry.path] = nil
      return entry.path
    }
    if let entry = touched.first(waiting), entry.due <= time {
      touched.drop()
      waiting[entry.path] = nil
      return entry.path
    }
    return nil
  }

  /// When the next look is due; nil where none waits.
  mutating func nextDue() -> UInt64? {
    let dues = [settled.first(waiting)?.due, touched.first(waiting)?.due].compactMap { $0 }
    return dues.min()
  }
}
