@testable import Analysis

/// UAX #29's sentence boundary rules as they are printed: for each place in the text every rule is asked in turn.
///
/// Twin of the untailored `SentenceSegmenter`; quadratic and shares only the table of classes with it.
enum NaiveSentenceBreaks {
  static func segments(_ text: [UInt8]) -> [[UInt8]] {
    var kinds: [SentenceBreak] = []
    var pieces: [[UInt8]] = []
    var offset = 0
    while offset < text.count {
      let scalar = UTF8Scalar(text.span, at: offset)
      kinds.append(UnicodeTables.shared.properties(of: scalar.value).sentenceBreak)
      pieces.append(Array(text[offset..<offset + scalar.byteCount]))
      offset += scalar.byteCount
    }
    var segments: [[UInt8]] = []
    for index in pieces.indices {
      if index == 0 || isBoundary(kinds, index) { segments.append([]) }
      segments[segments.count - 1] += pieces[index]
    }
    return segments
  }

  private static func isBoundary(_ kinds: [SentenceBreak], _ index: Int) -> Bool {
    let separators: [SentenceBreak] = [.sep, .cr, .lf]
    let ignored: [SentenceBreak] = [.extend, .format]
    let terminators: [SentenceBreak] = [.aTerm, .sTerm]
    if kinds[index - 1] == .cr && kinds[index] == .lf { return false }  // SB3
    if separators.contains(kinds[index - 1]) { return true }  // SB4
    if ignored.contains(kinds[index]) { return false }  // SB5

    var left: [SentenceBreak] = []
    for kind in kinds[..<index] {
      let attaches = ignored.contains(kind) && !left.isEmpty && !separators.contains(left[left.count - 1])
      if !attaches { left.append(kind) }
    }
    let right = kinds[index...].filter { !ignored.contains($0) }
    let next = right[0]
    if left.last == .aTerm && next == .numeric { return false }  // SB6
    let beforeLast = left.count > 1 ? left[left.count - 2] : .other
    if [.upper, .lower].contains(beforeLast) && left.last == .aTerm && next == .upper { return false }  // SB7

    let withoutSpaces = left.reversed().drop { $0 == .sp }
    guard let terminator = withoutSpaces.drop(while: { $0 == .close }).first, terminators.contains(terminator) else {
      return false  // SB998
    }
    let decisive = right.first { terminators.contains($0) || separators.contains($0) || isLetter($0) }
    if terminator == .aTerm && decisive == .lower { return false }  // SB8
    if next == .sContinue || terminators.contains(next) { return false }  // SB8a
    if left.last != .sp && next == .close { return false }  // SB9
    if next == .sp || separators.contains(next) { return false }  // SB9, SB10
    return true  // SB11
  }

  private static func isLetter(_ kind: SentenceBreak) -> Bool { kind == .oLetter || kind == .upper || kind == .lower }
}
