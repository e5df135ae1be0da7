internal import Base

/// An operator of another engine between two operands, which would pass for a word here. It is refused with our spelling
/// of it, since reading it as a word would silently change what is asked.
struct ForeignSpelling {
  enum Form: Equatable {
    /// Another spelling of an operator that is here too.
    case infix(String)
    /// Documents with one of the two and not both.
    case exclusiveOr
    /// What follows only raises the score.
    case optional
  }

  let form: Form
  /// A word too: meant as an operator between two operands only.
  let isWord: Bool
  let hint: String

  /// Nil where `text` is no known spelling.
  init?(_ text: String) {
    let upper = text.uppercased()
    if let scope = Self.scopes[upper] {
      self.init(.infix(scope), hint: "Write \(scope) for operands in one sentence or paragraph.")
      return
    }
    if upper == "W/SEG" {
      self.init(
        .infix("NEAR/\(Limits.distanceMax)"), hint: "A match never leaves its field, so any distance stays in one segment.")
      return
    }
    if let infix = Self.distance(text, upper) {
      self = infix
    } else if let infix = Self.words[text] {
      self.init(infix.form, isWord: true, hint: infix.hint)
    } else if let infix = Self.signs[text] {
      self.init(.infix(infix.ours), hint: infix.hint)
    } else {
      guard text.hasPrefix("<"), text.hasSuffix(">"),
        let number = QueryLexer.number(Array(text.dropFirst().dropLast().utf8))
      else { return nil }
      self.init(.infix("PRE/\(number)..\(number)"), hint: "PRE/N..N is a distance of exactly N.")
    }
  }

  private init(_ form: Form, isWord: Bool = false, hint: String) {
    self.form = form
    self.isWord = isWord
    self.hint = hint
  }

  /// An operator on matches; false for one on documents.
  var isAboutPlaces: Bool { if case .infix(let ours) = form { ours != "NOT" } else { false } }

  /// The number of an operator that has one.
  var distance: Int? {
    guard case .infix(let ours) = form, let slash = ours.firstIndex(of: "/") else { return nil }
    return QueryLexer.number(Array(ours[ours.index(after: slash)...].utf8))
  }

  // MARK: Tables

  private static let scopes = [
    "/S": "SENT", "W/S": "SENT", "+S": "SENT", "PRE/S": "SENT", "NEAR/S": "SENT", "W/SENT": "SENT", "/SENT": "SENT",
    "/P": "PARA", "W/P": "PARA", "+P": "PARA", "PRE/P": "PARA", "NEAR/P": "PARA", "W/PARA": "PARA", "/PARA": "PARA",
  ]

  private static let signs: [String: (ours: String, hint: String)] = [
    "<<": ("BEFORE", "BEFORE is order without a distance."),
    "<->": ("PRE/1", "PRE/1 is directly before."),
    "%": ("NOT", "`a NOT b` excludes b."),
  ]

  private static let words: [String: (form: Form, hint: String)] = [
    "SENTENCE": (.infix("SENT"), "SENT is for operands in one sentence."),
    "PARAGRAPH": (.infix("PARA"), "PARA is for operands in one paragraph."),
    "ADJ": (.infix("PRE/1"), "PRE/1 is directly before."),
    "PRE": (.infix("PRE/\(Limits.nearDistanceDefault)"), "PRE needs its distance: PRE/N."),
    "ANDNOT": (.infix("NOT"), "`a NOT b` excludes b."),
    "AND_NOT": (.infix("NOT"), "`a NOT b` excludes b."),
    "XOR": (.exclusiveOr, "Say which of the two must not be there."),
    "MAYBE": (.optional, "What need not be there cannot be asked for; `a OR b` finds documents with either."),
    "AND_MAYBE": (.optional, "What need not be there cannot be asked for; `a OR b` finds documents with either."),
  ]

  /// Before a number. What has no sign between name and number is a word too (`N5`, `ADJ3`), in upper case only.
  private static let distances: [(prefix: String, ours: String)] = [
    ("NOTNEAR/", "NOT NEAR"), ("ONEAR/", "PRE"), ("ADJ/", "PRE"), ("WITHIN/", "NEAR"), ("/", "NEAR"), ("+", "PRE"),
    ("NEAR:", "NEAR"), ("NEAR-", "NEAR"), ("NEAR=", "NEAR"), ("NEAR\\", "NEAR"), ("W:", "NEAR"), ("PRE:", "PRE"),
    ("NEAR", "NEAR"), ("ADJ", "PRE"), ("N", "NEAR"), ("W", "PRE"),
  ]

  private static func distance(_ text: String, _ upper: String) -> ForeignSpelling? {
    for (prefix, ours) in distances where upper.hasPrefix(prefix) {
      guard let number = QueryLexer.number(Array(upper.dropFirst(prefix.count).utf8)) else { continue }
      let isWord = prefix.last?.isLetter == true
      if isWord, text != upper { continue }
      return ForeignSpelling(
        .infix("\(ours)/\(number)"), isWord: isWord,
        hint: "NEAR/N takes either order, PRE/N this one; adjacent words are 1 apart.")
    }
    return nil
  }
}
