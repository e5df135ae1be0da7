/// One hit as a line of text: what stands before it, the hit with its words marked, what stands after.
///
/// `…nest of terrorism. But in [raqqa], too, live a … fact that [civilians] are dying not only in…`
struct ConcordanceLine: Equatable {
  /// A stretch of the line; words of the query are marked.
  struct Piece: Equatable {
    var text: String
    var isWord: Bool
  }

  /// Words kept after one marked word and before the next where much stands between them.
  private static let keptAfter = 3
  private static let keptBefore = 2

  let left: String
  let pieces: [Piece]
  let right: String

  init(_ hit: WireAnswer.Hit) {
    let start = hit.bytes.first ?? 0
    let left = Self.flat(hit.left)
    self.left = left.isEmpty || start <= hit.left.utf8.count ? left : "…" + left
    let right = Self.flat(hit.right)
    self.right = right.isEmpty ? right : right + "…"
    var pieces: [Piece] = []
    let match = Array(hit.match.utf8)
    var at = 0
    for word in hit.words.sorted(by: { $0.position < $1.position }) {
      guard word.bytes.count == 2 else { continue }
      let from = word.bytes[0] - start
      let to = word.bytes[1] - start
      // Several operands may stand on one word: it is marked once.
      guard from >= at, to > from, to <= match.count else { continue }
      let gap = Self.flat(String(decoding: match[at..<from], as: UTF8.self))
      if !gap.isEmpty { pieces.append(Piece(text: pieces.isEmpty ? gap : Self.shortened(gap), isWord: false)) }
      pieces.append(Piece(text: Self.flat(String(decoding: match[from..<to], as: UTF8.self)), isWord: true))
      at = to
    }
    let rest = Self.flat(String(decoding: match[at...], as: UTF8.self))
    if !rest.isEmpty { pieces.append(Piece(text: rest, isWord: false)) }
    self.pieces = pieces
  }

  /// Leaves out the middle of a long text between two marked words.
  private static func shortened(_ gap: String) -> String {
    let words = gap.split(separator: " ", omittingEmptySubsequences: false)
    // The text begins and ends inside words' surroundings: the first and the last piece are punctuation or empty.
    guard words.count > keptAfter + keptBefore + 3 else { return gap }
    let head = words.prefix(keptAfter + 1).joined(separator: " ")
    let tail = words.suffix(keptBefore + 1).joined(separator: " ")
    return "\(head) … \(tail)"
  }

  /// The text on one line: every run of blanks and control characters becomes one blank, so that nothing in a stored
  /// text can steer a terminal. Controls of direction (overrides, embeddings, isolates) are left out: they would
  /// exchange the sides of a line, or make a word look like another.
  static func flat(_ text: String) -> String {
    var flat = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where !isDirectionControl(scalar) {
      let isBlank =
        scalar.isASCII
        ? scalar.value <= 0x20 || scalar.value == 0x7F
        : scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
      if !isBlank {
        flat.append(scalar)
      } else if flat.last != " " {
        flat.append(" ")
      }
    }
    return String(flat)
  }

  /// A line that is laid out already: only what could steer a terminal is replaced.
  static func printable(_ line: some StringProtocol) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in line.unicodeScalars where !isDirectionControl(scalar) {
      shown.append(scalar.properties.generalCategory == .control ? " " : scalar)
    }
    return String(shown)
  }

  static func isDirectionControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
