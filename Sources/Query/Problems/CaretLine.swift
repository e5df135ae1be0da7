/// Draws the query with carets below the place meant.
enum CaretLine {
  /// Scalars of a query that are shown; of a longer one the part around the place.
  static let widthMax = 100

  static func draw(query: String, byteRange: Range<Int>) -> String {
    var shown: [Unicode.Scalar] = []
    var start: Int?
    var end = 0
    var offset = 0
    for scalar in query.unicodeScalars {
      if start == nil, offset + UTF8.width(scalar) > byteRange.lowerBound { start = shown.count }
      if offset < byteRange.upperBound { end = shown.count + 1 }
      shown.append(scalar.properties.generalCategory == .control || scalar.value == 0x2028 ? " " : scalar)
      offset += UTF8.width(scalar)
    }
    let from = start ?? shown.count
    end = max(end, from + 1)
    guard shown.count > widthMax else { return line(shown[...], from, end - from) }

    let first = max(0, min(from - widthMax / 4, shown.count - widthMax))
    let last = min(shown.count, first + widthMax)
    var part = Array(shown[first..<last])
    if first > 0 { part.insert("…", at: 0) }
    if last < shown.count { part.append("…") }
    let column = from - first + (first > 0 ? 1 : 0)
    return line(part[...], column, min(end, max(last, from + 1)) - from)
  }

  private static func line(_ shown: ArraySlice<Unicode.Scalar>, _ column: Int, _ width: Int) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: shown)
    return text + "\n" + String(repeating: " ", count: column) + String(repeating: "^", count: width)
  }
}
