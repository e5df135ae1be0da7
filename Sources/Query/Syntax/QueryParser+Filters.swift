internal import Base

/// Conditions on dates, keywords and numbers.
extension QueryParser {
  /// `date:…`, `lang:…`, `pages:…`; the value follows the colon at `rest`, or is the next token.
  mutating func parseFilter(
    _ name: String, _ kind: QuerySchema.Kind, token: QueryToken, rest: Range<Int>
  ) -> QueryNode? {
    let start = token.range.lowerBound
    advance()
    var value = rest
    if rest.isEmpty {
      switch peek.kind {
      case .phrase(let phrase) where phrase.isClosed: value = phrase.inner
      case .word: value = peek.range
      default:
        find(
          kind == .date ? .badDate : .missingOperand, token.range, "`\(slice(token.range))` has no value after it.",
          hint: Self.hint(name, kind), fixes: [[remove(token.range)]])
        return nil
      }
    }
    let end = rest.isEmpty ? peek.range.upperBound : rest.upperBound
    if rest.isEmpty { advance() }
    if reportForeignRange(from: value, of: name, start: start, isFilter: kind != .keyword) { return nil }
    let filter = filter(name, kind, value: value)
    return filter.map { QueryNode(.filter($0), range: start..<end) }
  }

  /// `[2016 TO 2017]` of Lucene, where `opening` is the run with the bracket.
  mutating func reportForeignRange(from opening: Range<Int>, of name: String, start: Int, isFilter: Bool) -> Bool {
    guard let bracket = source[opening].first, bracket == UInt8(ascii: "[") || bracket == UInt8(ascii: "{"),
      peek.kind == .word, slice(peek.range) == "TO", case let closing = peek(ahead: 1), closing.kind == .word,
      let last = source[closing.range].last, last == UInt8(ascii: "]") || last == UInt8(ascii: "}")
    else { return false }
    func bound(_ range: Range<Int>) -> String { slice(range) == "*" ? "" : slice(range) }
    let from = bound(opening.lowerBound + 1..<opening.upperBound)
    let to = bound(closing.range.lowerBound..<closing.range.upperBound - 1)
    let range = start..<closing.range.upperBound
    find(
      .unsupported, range, "`\(slice(range))` is a spelling of another engine.",
      hint: isFilter
        ? "Ranges are written `\(name):M..N`; both ends are included." : "Words and keywords have no ranges.",
      fixes: isFilter ? [[.replace(range, by: "\(name):\(from)..\(to)")]] : [])
    advance()
    advance()
    return true
  }

  private static func hint(_ name: String, _ kind: QuerySchema.Kind) -> String {
    switch kind {
    case .date: "Dates are written 2016, 2016-10 or 2016-10-28, ranges 2016-10..2017-01, open ranges 2016.. or ..2016."
    case .number: "Write `\(name):5` or `\(name):5..10`; either end of a range may be left out."
    case .keyword, .text: "Write the value directly after the colon, in quotes if it has blanks."
    }
  }

  private mutating func filter(_ name: String, _ kind: QuerySchema.Kind, value: Range<Int>) -> QueryFilter? {
    switch kind {
    case .keyword: return .keyword(field: name, value: slice(value))
    case .number: return number(name, value)
    case .date: return date(name, value).map { .date(field: name, $0) }
    case .text: return nil
    }
  }

  /// The two sides of `M..N`; both are the whole where there are no dots.
  private func sides(_ range: Range<Int>) -> (from: Range<Int>, to: Range<Int>) {
    for dot in range.dropLast() where source[dot] == UInt8(ascii: ".") && source[dot + 1] == UInt8(ascii: ".") {
      return (range.lowerBound..<dot, dot + 2..<range.upperBound)
    }
    return (range, range)
  }

  private mutating func number(_ name: String, _ range: Range<Int>) -> QueryFilter? {
    let (from, to) = sides(range)
    let minimum = Double(slice(from))
    let maximum = Double(slice(to))
    let isRead = (minimum != nil || from.isEmpty) && (maximum != nil || to.isEmpty) && !(from.isEmpty && to.isEmpty)
    if isRead, minimum?.isFinite != false, maximum?.isFinite != false, minimum ?? -.infinity <= maximum ?? .infinity {
      return .number(field: name, minimum: minimum, maximum: maximum)
    }
    let swapped: [[TextEdit]] = isRead ? [[.replace(range, by: "\(slice(to))..\(slice(from))")]] : []
    find(
      .missingOperand, range, "`\(slice(range))` is no number and no range of numbers.", hint: Self.hint(name, .number),
      fixes: swapped)
    return nil
  }

  // MARK: Dates

  private mutating func date(_ name: String, _ range: Range<Int>) -> DateRange? {
    let (from, to) = sides(range)
    let first = QueryDate(source[from])
    let last = QueryDate(source[to])
    guard first != nil || from.isEmpty, last != nil || to.isEmpty, first != nil || last != nil else {
      let repaired = Self.repair(source[from]).flatMap { first in
        from == to ? first : Self.repair(source[to]).map { "\(first)..\($0)" }
      }
      find(
        .badDate, range, "`\(slice(range))` is no date and no range of dates.", hint: Self.hint(name, .date),
        fixes: repaired.map { [[.replace(range, by: $0)]] } ?? [])
      return nil
    }
    if let first, let last, first.firstDay > last.lastDay {
      find(
        .badDate, range, "The range of dates ends before it begins.", hint: "Write the earlier date first.",
        fixes: [[.replace(range, by: "\(last.text)..\(first.text)")]])
      return nil
    }
    return DateRange(from: first, to: last)
  }

  /// A date in another notation (`2016/10/28`, `28.10.2016`, `2016-1-5`) as ISO 8601 writes it, or the longest date
  /// that the numbers of an impossible one begin with.
  private static func repair(_ text: ArraySlice<UInt8>) -> String? {
    if text.isEmpty { return "" }
    var numbers = text.split { !QueryLexer.isDigit($0) }.compactMap { QueryLexer.number($0) }
    guard (1...3).contains(numbers.count) else { return nil }
    if numbers[0] < 32, let last = numbers.last, last > 31 { numbers.reverse() }
    while !numbers.isEmpty {
      let month = numbers.count > 1 ? numbers[1] : nil
      let day = numbers.count > 2 ? numbers[2] : nil
      if let date = QueryDate(year: numbers[0], month: month, day: day) { return date.text }
      numbers.removeLast()
    }
    return nil
  }
}
