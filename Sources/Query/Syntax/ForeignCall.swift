internal import Base

/// A name with brackets directly behind it, which another engine reads as an operator on what they hold.
struct ForeignCall {
  /// What may stand for the call, the likeliest first; an empty one takes it out. None where nothing says the same.
  let replacements: [String]
  let hint: String

  private static let caseHint = "`==word` takes a word with the case and the diacritics as written."

  /// Nil where the name is a word beside a group.
  ///
  /// - Parameters:
  ///   - inner: what stands between the brackets.
  ///   - operands: the same cut at commas and blanks.
  init?(_ name: String, inner: String, operands: [String], schema: QuerySchema) {
    let upper = name.uppercased()
    if let call = Self.count(upper, inner, operands) ?? Self.spelling(upper, inner, operands)
      ?? Self.interval(name, operands) ?? Self.window(name, operands)
    {
      self = call
      return
    }
    switch name {
    case "/", "REGEX": self.init([], "Regular expressions are not supported; wildcards are `*` and `?`.")
    case "ZONE:", "ZONESPAN:":
      guard schema.kind(of: String(name.dropLast())) == nil else { return nil }
      self.init([""], "There are no zones; SENT and PARA ask for one sentence or paragraph.")
    default:
      guard name.hasPrefix("#"), name.count > 1 else { return nil }
      self.init([], "Operators are written between or before their operands: a NEAR/5 b, NEAR/5(a, b, c).")
    }
  }

  private init(_ replacements: [String], _ hint: String) {
    self.replacements = replacements
    self.hint = hint
  }

  private static func group(_ inner: String, _ operands: [String]) -> String {
    operands.count == 1 ? operands[0] : "(\(inner))"
  }

  /// `ATLEAST5(a)`, `ATL5(a)`, `ATLEAST(5, a)` of Lexis and Westlaw.
  private static func count(_ upper: String, _ inner: String, _ operands: [String]) -> ForeignCall? {
    let hint = "How often a word must stand there cannot be asked for; it counts in the ranking."
    for name in ["ATLEAST", "ATL"] where upper.hasPrefix(name) {
      let digits = upper.dropFirst(name.count)
      if digits.isEmpty, operands.count > 1, Int(operands[0]) != nil, let comma = inner.firstIndex(of: ",") {
        let rest = inner[inner.index(after: comma)...].drop { $0 == " " }
        return ForeignCall([group(String(rest), Array(operands.dropFirst()))], hint)
      }
      if !digits.isEmpty, digits.allSatisfy(\.isNumber) { return ForeignCall([group(inner, operands)], hint) }
    }
    return nil
  }

  /// `ALLCAPS(a)` and the like of Lexis.
  private static func spelling(_ upper: String, _ inner: String, _ operands: [String]) -> ForeignCall? {
    func each(_ change: (String) -> String) -> [String] {
      operands.count == 1 ? [change(operands[0]), operands[0]] : ["(\(inner))"]
    }
    switch upper {
    case "ALLCAPS": return ForeignCall(each { "==" + $0.uppercased() }, caseHint)
    case "CAPS": return ForeignCall(each { "==" + $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }, caseHint)
    case "NOCAPS": return ForeignCall(each { "==" + $0.lowercased() }, caseHint)
    case "SINGULAR", "PLURAL":
      return ForeignCall(each { $0.hasPrefix("\"") ? $0 : "\"\($0)\"" }, "A word in quotes is the exact form.")
    default: return nil
    }
  }

  /// The interval functions of Lucene.
  private static func interval(_ name: String, _ operands: [String]) -> ForeignCall? {
    guard name.hasPrefix("fn:"), name.dropFirst(3).allSatisfy(\.isLetter) else { return nil }
    let replacement: String? =
      switch name.dropFirst(3) {
      case "ordered": "(\(operands.joined(separator: " BEFORE ")))"
      case "or": "(\(operands.joined(separator: " OR ")))"
      case "phrase": "\"\(operands.joined(separator: " "))\""
      case "unordered", "unorderedNoOverlaps": "NEAR/\(Limits.distanceMax)(\(operands.joined(separator: ", ")))"
      default: nil
      }
    return ForeignCall(replacement.map { [$0] } ?? [], "Operators are a BEFORE b, a PRE/5 b, a NEAR/5 b, NEAR/5(a, b, c).")
  }

  /// `3n(a, b)`, `3w(a, b)` of Lucene's surround parser.
  private static func window(_ name: String, _ operands: [String]) -> ForeignCall? {
    guard name.count > 1, let kind = name.last?.lowercased(), ["n", "w"].contains(kind),
      let number = QueryLexer.number(Array(name.dropLast().utf8))
    else { return nil }
    let fixed =
      kind == "n"
      ? "NEAR/\(number)(\(operands.joined(separator: ", ")))" : "(\(operands.joined(separator: " PRE/\(number) ")))"
    return ForeignCall([fixed], "NEAR/N(a, b) takes any order, a PRE/N b this one.")
  }
}
