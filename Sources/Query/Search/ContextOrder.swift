internal import Index
internal import ScoringCore

/// The hits of all documents that match, ordered by the words beside them: what a concordancer sorts.
///
/// Of equal contexts the one that stands first in the index comes first. Where a page is asked for, no more lines are
/// held than twice the page.
struct ContextOrder: Sendable {
  /// Words that are compared, nearest first.
  static let wordsMax = 8
  /// Lines held at most where all are asked for; some 150 bytes each.
  static let linesMax = 1_000_000

  struct Line: Sendable {
    let key: [UInt8]
    let document: RankedDocument
    /// Place among the hits of its document, and how many these are.
    let hit: Int
    let hitCount: Int

    static func precedes(_ a: Line, _ b: Line) -> Bool {
      if a.key != b.key { return a.key.lexicographicallyPrecedes(b.key) }
      return (a.document.segment, a.document.document, a.hit) < (b.document.segment, b.document.document, b.hit)
    }
  }

  /// Lines that may be shown, from the first; `Int.max` for all.
  private let wanted: Int
  private var lines: [Line] = []
  /// All lines seen.
  private(set) var count = 0

  init(wanted: Int) { self.wanted = wanted }

  mutating func insert(_ line: Line) throws(SearchError) {
    count += 1
    guard wanted > 0 else { return }
    lines.append(line)
    if wanted > Self.linesMax {
      guard lines.count <= Self.linesMax else { throw .tooManyLines(max: Self.linesMax) }
    } else if lines.count >= 2 * max(wanted, 512) {
      cut()
    }
  }

  /// The lines in order.
  mutating func sorted() -> [Line] {
    cut()
    return lines
  }

  private mutating func cut() {
    lines.sort(by: Line.precedes)
    if lines.count > wanted { lines.removeLast(lines.count - wanted) }
  }
}
