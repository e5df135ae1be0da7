/// Spellings of other engines inside quotes.
extension QueryParser {
  /// Notes signs in a phrase that mean something elsewhere: its place in the field (`"^a b$"` of Sphinx), and
  /// alternatives without brackets, which would be read as words side by side.
  mutating func reportForeignPhrase(_ inner: Range<Int>) {
    let range = trimmed(inner)
    guard let first = source[range].first, let last = source[range].last else { return }
    let hint = "The beginning and the end of a field cannot be asked for."
    if first == UInt8(ascii: "^"), range.count > 1 {
      let sign = range.lowerBound..<range.lowerBound + 1
      reportSpelling(sign, hint: hint, fixes: [[.replace(sign, by: "")]])
    }
    // `"US$"` and `"5 $"` are money.
    if last == UInt8(ascii: "$"), range.count > 1, (0x61...0x7A).contains(source[range.upperBound - 2]) {
      let sign = range.upperBound - 1..<range.upperBound
      reportSpelling(sign, hint: hint, fixes: [[.replace(sign, by: "")]])
    }
    reportBareBars(range)
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, source[start] == 0x20 { start += 1 }
    while end > start, source[end - 1] == 0x20 { end -= 1 }
    return start..<end
  }

  /// `"a b|c d"`: one finding for all bars outside brackets.
  private mutating func reportBareBars(_ range: Range<Int>) {
    var bars: [Int] = []
    var isInside = false
    for place in range {
      switch source[place] {
      case UInt8(ascii: "("): isInside = source[place..<range.upperBound].contains(UInt8(ascii: ")"))
      case UInt8(ascii: ")"): isInside = false
      case UInt8(ascii: "|") where !isInside: bars.append(place)
      default: break
      }
    }
    guard let first = bars.first else { return }
    find(
      .unsupported, first..<first + 1, "A choice in a phrase stands in brackets.",
      hint: "Write \"a (b|c) d\", or \"a b\"|\"c d\" for whole phrases.",
      fixes: [choiceEdits(bars, range), bars.map { .replace($0..<$0 + 1, by: " ") }])
  }

  /// Brackets around the words that bars stand between.
  private func choiceEdits(_ bars: [Int], _ range: Range<Int>) -> [TextEdit] {
    func isPart(_ byte: UInt8) -> Bool { byte != 0x20 && byte != UInt8(ascii: "(") && byte != UInt8(ascii: ")") }
    var edits: [TextEdit] = []
    var open: Range<Int>?
    for bar in bars {
      var start = bar
      while start > range.lowerBound, source[start - 1] == 0x20 { start -= 1 }
      while start > range.lowerBound, isPart(source[start - 1]) { start -= 1 }
      var end = bar + 1
      while end < range.upperBound, source[end] == 0x20 { end += 1 }
      while end < range.upperBound, isPart(source[end]) { end += 1 }
      if let last = open, last.upperBound > start {
        open = last.lowerBound..<max(last.upperBound, end)
      } else {
        if let last = open { edits += TextEdit.bracket(last) }
        open = start..<end
      }
    }
    if let last = open { edits += TextEdit.bracket(last) }
    // Brackets that close nothing would be punctuation; those of a choice stand alone.
    for place in range where source[place] == UInt8(ascii: "(") && !source[place..<range.upperBound].contains(UInt8(ascii: ")")) {
      edits.append(.replace(place..<place + 1, by: ""))
    }
    return edits
  }
}
