@testable import Analysis

/// UAX #29's word boundary rules as they are printed: for each place in the text every rule is asked in turn.
///
/// Twin of `WordSegmenter`; quadratic in places and shares only the table of classes with it.
enum NaiveWordBreaks {
  private struct Scalar {
    var bytes: [UInt8]
    var kind: WordBreak
    var isPictographic: Bool
  }

  static func segments(_ text: [UInt8]) -> [[UInt8]] {
    var scalars: [Scalar] = []
    var offset = 0
    while offset < text.count {
      let decoded = UTF8Scalar(text.span, at: offset)
      let properties = UnicodeTables.shared.properties(of: decoded.value)
      let bytes = Array(text[offset..<offset + decoded.byteCount])
      scalars.append(Scalar(bytes: bytes, kind: properties.wordBreak, isPictographic: properties.isPictographic))
      offset += decoded.byteCount
    }
    var segments: [[UInt8]] = []
    for index in scalars.indices {
      if index == 0 || isBoundary(scalars, index) { segments.append([]) }
      segments[segments.count - 1] += scalars[index].bytes
    }
    return segments
  }

  private static func isBoundary(_ scalars: [Scalar], _ index: Int) -> Bool {
    let ignored: [WordBreak] = [.extend, .format, .zwj]
    let breaks: [WordBreak] = [.cr, .lf, .newline]
    let before = scalars[index - 1].kind
    let after = scalars[index].kind
    if before == .cr && after == .lf { return false }  // WB3
    if breaks.contains(before) || breaks.contains(after) { return true }  // WB3a, WB3b
    if before == .zwj && scalars[index].isPictographic { return false }  // WB3c
    if before == .wSegSpace && after == .wSegSpace { return false }  // WB3d
    if ignored.contains(after) { return false }  // WB4

    // From here on as if the ignored ones were not there, except where nothing stands before them.
    var left: [WordBreak] = []
    for scalar in scalars[..<index] {
      let attaches = ignored.contains(scalar.kind) && !left.isEmpty && !breaks.contains(left[left.count - 1])
      if !attaches { left.append(scalar.kind) }
    }
    let right = scalars[index...].map(\.kind).filter { !ignored.contains($0) }
    let last = left[left.count - 1]
    let beforeLast = left.count > 1 ? left[left.count - 2] : .other
    let next = right[0]
    let afterNext = right.count > 1 ? right[1] : .other
    let letters: [WordBreak] = [.aLetter, .hebrewLetter]
    let midLetters: [WordBreak] = [.midLetter, .midNumLet, .singleQuote]
    let midNumbers: [WordBreak] = [.midNum, .midNumLet, .singleQuote]

    if letters.contains(last) && letters.contains(next) { return false }  // WB5
    if letters.contains(last) && midLetters.contains(next) && letters.contains(afterNext) { return false }  // WB6
    if letters.contains(beforeLast) && midLetters.contains(last) && letters.contains(next) { return false }  // WB7
    if last == .hebrewLetter && next == .singleQuote { return false }  // WB7a
    if last == .hebrewLetter && next == .doubleQuote && afterNext == .hebrewLetter { return false }  // WB7b
    if beforeLast == .hebrewLetter && last == .doubleQuote && next == .hebrewLetter { return false }  // WB7c
    if last == .numeric && next == .numeric { return false }  // WB8
    if letters.contains(last) && next == .numeric { return false }  // WB9
    if last == .numeric && letters.contains(next) { return false }  // WB10
    if beforeLast == .numeric && midNumbers.contains(last) && next == .numeric { return false }  // WB11
    if last == .numeric && midNumbers.contains(next) && afterNext == .numeric { return false }  // WB12
    if last == .katakana && next == .katakana { return false }  // WB13
    let extensible = letters + [.numeric, .katakana, .extendNumLet]
    if extensible.contains(last) && next == .extendNumLet { return false }  // WB13a
    if last == .extendNumLet && (letters + [.numeric, .katakana]).contains(next) { return false }  // WB13b
    let flags = left.reversed().prefix { $0 == .regionalIndicator }.count
    if next == .regionalIndicator && flags % 2 == 1 { return false }  // WB15, WB16
    return true  // WB999
  }
}
