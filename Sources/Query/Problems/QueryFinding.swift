/// A problem as the parser notes it: ways out are edits, so that the ways out of several problems can be joined into
/// complete corrected queries.
struct QueryFinding {
  let code: QueryProblem.Code
  let range: Range<Int>
  let message: String
  let hint: String
  /// Alternatives, the likeliest first.
  let fixes: [[TextEdit]]
}

extension [QueryFinding] {
  /// Problems of an alternative that are followed up; more only make the list longer.
  static var fixesMax: Int { 4 }

  /// The public problems. A corrected query is the text after one way out of its problem and the first way out of each
  /// other one; it is offered only if `isAccepted` takes it.
  func problems(in query: String, isAccepted: (String) -> Bool) -> [QueryProblem] {
    let source = [UInt8](query.utf8)
    return enumerated().map { index, finding in
      var fixes: [String] = []
      for edits in finding.fixes.prefix(Self.fixesMax) {
        var all = edits
        for (other, otherFinding) in enumerated() where other != index {
          guard let first = otherFinding.fixes.first, !Self.collide(first, all) else { continue }
          all += first
        }
        let fixed = Self.apply(all, to: source)
        if fixed != query, !fixes.contains(fixed), isAccepted(fixed) { fixes.append(fixed) }
      }
      return QueryProblem(
        code: finding.code, message: finding.message, query: query, byteRange: finding.range, hint: finding.hint,
        fixes: fixes)
    }
  }

  private static func collide(_ a: [TextEdit], _ b: [TextEdit]) -> Bool {
    a.contains { x in b.contains { y in x == y || x.range.overlaps(y.range) } }
  }

  /// Applies edits in the order of their places, those at one place in their own order, and removes the double blanks
  /// that deletions leave.
  static func apply(_ edits: [TextEdit], to source: [UInt8]) -> String {
    let ordered = edits.enumerated().sorted {
      ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
    }
    var result: [UInt8] = []
    var at = 0
    for (_, edit) in ordered {
      guard edit.range.lowerBound >= at else { continue }
      result += source[at..<edit.range.lowerBound]
      result += edit.replacement.utf8
      at = edit.range.upperBound
      if edit.replacement.isEmpty, !edit.range.isEmpty, result.isEmpty || result.last == 0x20 {
        while at < source.count, source[at] == 0x20 { at += 1 }
      }
    }
    result += source[at...]
    while result.last == 0x20 { result.removeLast() }
    return String(decoding: result, as: UTF8.self)
  }
}
