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
      case .open where reportFilterGroup(name, kind, start: start): return nil
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
    if peek.kind == .bar {
      reportFilterChoice(name, first: start..<end)
      return nil
    }
    return filter.map { QueryNode(.filter($0), range: start..<end) }
  }

  // MARK: Several values

  /// `lang:(en OR de)`: a filter has one value. Nothing where the brackets hold more than values.
  private mutating func reportFilterGroup(_ name: String, _ kind: QuerySchema.Kind, start: Int) -> Bool {
    guard let closing = peek.closing else { return false }
    let inside = tokens[(at + 1)..<closing].filter { ![.or, .bar, .comma, .dropped].contains($0.kind) }
    let values = inside.filter { if case .phrase = $0.kind { true } else { $0.kind == .word } }
    guard !values.isEmpty, values.count == inside.count else { return false }
    reportValues(values.map { "\(name):\(slice($0.range))" }, start..<tokens[closing].range.upperBound)
    advance(to: closing + 1)
    return true
  }

  /// `lang:en|de`, `lang:en|lang:de`. The current token is the first bar.
  private mutating func reportFilterChoice(_ name: String, first: Range<Int>) {
    var values = [slice(first)]
    var end = peek.range.upperBound
    while peek.kind == .bar {
      advance()
      guard canBeginUnit() else { break }
      let next = at
      let text = slice(operandRange(next) ?? peek.range)
      let isNamed = peek.kind == .word && source[peek.range].contains(UInt8(ascii: ":"))
      let value = text.split(separator: "|").first.map(String.init) ?? text
      values.append(isNamed ? value : "\(name):\(value)")
      end = peek.range.upperBound
      advance()
    }
    reportValues(values, first.lowerBound..<end)
  }

  private mutating func reportValues(_ filters: [String], _ range: Range<Int>) {
    let all = filters.joined(separator: " OR ")
    find(
      .unsupported, range, "A filter has one value.", hint: "Write one filter for each, with OR between them.",
      fixes: [[.replace(range, by: filters.count > 1 ? "(\(all))" : all)]])
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
    let swapped: [[TextEdit]] =
      isRead
      ? [[.replace(range, by: "\(slice(to))..\(slice(from))")]]
      : Self.comparison(slice(range)).map { [[.replace(range, by: $0)]] } ?? []
    find(
      .missingOperand, range, "`\(slice(range))` is no number and no range of numbers.", hint: Self.hint(name, .number),
      fixes: swapped)
    return nil
  }

  /// `>5`, `<=5`, `5-9` as a range.
  private static func comparison(_ text: String) -> String? {
    for (sign, isLower) in [(">=", true), ("<=", false), (">", true), ("<", false)] where text.hasPrefix(sign) {
      let value = text.dropFirst(sign.count)
      return isLower ? "\(value).." : "..\(value)"
    }
    guard let dash = text.dropFirst().firstIndex(of: "-") else { return nil }
    return "\(text[..<dash])..\(text[text.index(after: dash)...])"
  }

  // MARK: Dates

  private mutating func date(_ name: String, _ range: Range<Int>) -> DateRange? {
    let (from, to) = sides(range)
    let first = QueryDate(source[from])
    let last = QueryDate(source[to])
    guard first != nil || from.isEmpty, last != nil || to.isEmpty, first != nil || last != nil else {
      let repaired =
        from == to
        ? Self.repairRange(source[from]) ?? Self.repair(source[from])
        : Self.repair(source[from]).flatMap { first in Self.repair(source[to]).map { "\(first)..\($0)" } }
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

  /// A range in another notation: `>2016`, `2016-2017`, `2016-10-01/2016-11-01`.
  private static func repairRange(_ text: ArraySlice<UInt8>) -> String? {
    if text.first == UInt8(ascii: ">") || text.first == UInt8(ascii: "<") {
      return repair(text).map { text.first == UInt8(ascii: ">") ? "\($0).." : "..\($0)" }
    }
    let isYears = text.count == 9 && text[text.startIndex + 4] == UInt8(ascii: "-")
    let sides = text.split(separator: isYears ? UInt8(ascii: "-") : UInt8(ascii: "/"))
    guard sides.count == 2, sides.allSatisfy({ $0.count >= 4 }), let from = repair(sides[0]), let to = repair(sides[1])
    else { return nil }
    return "\(from)..\(to)"
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
