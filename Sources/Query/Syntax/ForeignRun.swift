/// A run of characters in which another engine reads more than words: a regular expression, a fuzzy `ba%nana`, a sign
/// before or behind a word. Like `ForeignSpelling` it is refused, never read as what is left without the signs.
struct ForeignRun {
  /// What may stand for the run here, the likeliest first; an empty one takes it out. None where nothing says the same.
  let replacements: [String]
  let hint: String

  /// Nil where the run is text.
  init?(_ text: String, schema: QuerySchema) {
    let found =
      Self.negation(text) ?? Self.signedField(text, schema) ?? Self.place(text, schema) ?? Self.regularExpression(text)
      ?? Self.percent(text) ?? Self.tilde(text) ?? Self.joined(text) ?? Self.suffix(text) ?? Self.brackets(text)
      ?? Self.numbers(text, schema)
    guard let found else { return nil }
    self = found
  }

  private init(_ replacements: [String], _ hint: String) {
    self.replacements = replacements
    self.hint = hint
  }

  // MARK: Signs before a word

  /// `!b` of Sphinx and PostgreSQL; the sign alone where a phrase or a group follows.
  private static func negation(_ text: String) -> ForeignRun? {
    guard text.hasPrefix("!") else { return nil }
    return ForeignRun(["-" + text.dropFirst()], "`-b` or `NOT b` excludes b.")
  }

  /// `=title:word`.
  private static func signedField(_ text: String, _ schema: QuerySchema) -> ForeignRun? {
    let signs = text.prefix { $0 == "=" }
    guard !signs.isEmpty, let colon = text.firstIndex(of: ":") else { return nil }
    let name = text[signs.endIndex..<colon]
    guard schema.kind(of: String(name)) == .text else { return nil }
    return ForeignRun(["\(name):\(signs)\(text[text.index(after: colon)...])"], "The sign stands after the field.")
  }

  /// First and last word of dtSearch.
  static let places = ["xfirstword", "xlastword"]

  /// Zones of Sphinx, places of dtSearch.
  private static func place(_ text: String, _ schema: QuerySchema) -> ForeignRun? {
    if places.contains(text.lowercased()) {
      return ForeignRun([""], "Distances from the beginning or the end of a text cannot be asked for.")
    }
    for name in ["ZONE", "ZONESPAN"] where text.hasPrefix(name + ":") && schema.kind(of: name) == nil {
      return ForeignRun([""], "There are no zones; SENT and PARA ask for one sentence or paragraph.")
    }
    return nil
  }

  // MARK: Patterns

  /// `/re/`, `/re/i`, and dtSearch's `##re`. A path (`/usr/bin/`) has a slash inside.
  private static func regularExpression(_ text: String) -> ForeignRun? {
    let hint = "Regular expressions are not supported; wildcards are `*` and `?`."
    if text == "/" || text.hasPrefix("##") { return ForeignRun([], hint) }
    guard text.hasPrefix("/"), let end = text.lastIndex(of: "/"), end != text.startIndex else { return nil }
    let inner = text[text.index(after: text.startIndex)..<end]
    let flags = text[text.index(after: end)...]
    guard !inner.isEmpty, !inner.contains("/"), flags.count <= 2, flags.allSatisfy({ "imsugx".contains($0) }) else {
      return nil
    }
    return ForeignRun(inner.allSatisfy(\.isLetter) ? [String(inner)] : [], hint)
  }

  /// dtSearch's fuzzy `ba%nana` (one edit a sign) and SQL's `word%`; a per cent sign after a number is text.
  private static func percent(_ text: String) -> ForeignRun? {
    let signs = text.count { $0 == "%" }
    guard signs > 0, text.count > signs, text.allSatisfy({ $0 == "%" || $0.isLetter }) else { return nil }
    let word = text.filter { $0 != "%" }
    if text.hasSuffix("%") {
      let pattern = (text.hasPrefix("%") ? "*" : "") + word + "*"
      return ForeignRun([pattern, word], "The wildcard for any letters is `*`.")
    }
    return ForeignRun(["\(word)~\(min(signs, 2))", word], "A fuzzy word is written `word~1` or `word~2`.")
  }

  /// `word~0.8` of old Lucene, `12~~19` of dtSearch, `word~~`.
  private static func tilde(_ text: String) -> ForeignRun? {
    guard let sign = text.firstIndex(of: "~"), sign != text.startIndex else { return nil }
    let word = text[..<sign]
    let rest = text[sign...].drop { $0 == "~" }
    let hint = "A fuzzy word is written `word~1` or `word~2`."
    if rest.contains("."), Double(rest) != nil { return ForeignRun(["\(word)~1", "\(word)~2"], hint) }
    guard text[sign...].hasPrefix("~~") else { return nil }
    if rest.isEmpty { return ForeignRun(["\(word)~2", "\(word)~1"], hint) }
    return ForeignRun([], "Words have no ranges; those of number fields are written `name:M..N`.")
  }

  // MARK: Operators without blanks

  /// `a<->b`, `a<2>b`, `a<<b`, `a&&b`, `a&!b`.
  private static func joined(_ text: String) -> ForeignRun? {
    guard text.contains("<") || text.contains("&"), let first = text.first, let last = text.last, isWordlike(first),
      isWordlike(last)
    else { return nil }
    var fixed = text
    for (sign, ours) in [("<->", "PRE/1"), ("<<", "BEFORE"), ("&&", "AND"), ("&!", "NOT")] {
      fixed.replace(sign, with: " \(ours) ")
    }
    if let open = fixed.firstIndex(of: "<"), let close = fixed[open...].firstIndex(of: ">"),
      let number = QueryLexer.number(Array(fixed[open..<close].dropFirst().utf8))
    {
      fixed.replaceSubrange(open...close, with: " PRE/\(number)..\(number) ")
    }
    return fixed == text ? nil : ForeignRun([fixed], "Operators stand between blanks.")
  }

  private static func isWordlike(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  // MARK: Signs behind a word

  /// `word$` at the end of a field (Sphinx), `word:*` (PostgreSQL), `N===` (dtSearch's digits).
  private static func suffix(_ text: String) -> ForeignRun? {
    guard text.count > 1, let last = text.last else { return nil }
    let word = text.dropLast()
    switch last {
    case "$":
      // `US$` and `A$` are money.
      guard word.last?.isLowercase == true else { return nil }
      return ForeignRun([String(word)], "The beginning and the end of a field cannot be asked for.")
    case "*":
      guard text.hasSuffix(":*"), word.dropLast().allSatisfy(isWordlike) else { return nil }
      return ForeignRun(["\(word.dropLast())*"], "The beginning of a word is written `wor*`.")
    case "=":
      let letters = text.prefix { $0 != "=" }
      guard !letters.isEmpty, letters.allSatisfy(isWordlike), text.dropFirst(letters.count).allSatisfy({ $0 == "=" })
      else { return nil }
      let marks = String(repeating: "?", count: text.count - letters.count - 1) + "\\?"
      return ForeignRun([letters + marks, String(letters)], "One letter or digit of any kind is `?`, `\\?` at the end.")
    default: return nil
    }
  }

  // MARK: Brackets and ranges

  /// Local parameters of Solr and tokens of corpus query languages.
  private static func brackets(_ text: String) -> ForeignRun? {
    if text.hasPrefix("{!") { return ForeignRun([], "Parameters inside a query are not supported.") }
    guard text.hasPrefix("[]") || (text.hasPrefix("[") && text.contains("=")) else { return nil }
    return ForeignRun([], "Attributes of words cannot be asked for; any word in a phrase is `*`: \"a * b\".")
  }

  /// `2016..2017` without a field.
  private static func numbers(_ text: String, _ schema: QuerySchema) -> ForeignRun? {
    guard let dots = text.firstRange(of: ".."), QueryLexer.number(Array(text[..<dots.lowerBound].utf8)) != nil,
      QueryLexer.number(Array(text[dots.upperBound...].utf8)) != nil
    else { return nil }
    return ForeignRun(
      ["date:\(text)"] + schema.numberFields.map { "\($0):\(text)" }, "A range is one of a date or number field.")
  }
}
