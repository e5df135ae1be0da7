internal import Base

/// An operator of another engine that would pass for a word here. It is refused with our spelling of it, since reading
/// it as a word would silently change what is asked.
struct ForeignSpelling {
  /// What says the same here.
  let replacement: String
  /// A word too: meant as an operator between two operands only.
  let isWord: Bool
  let hint: String

  /// Nil where `text` is no known spelling.
  init?(_ text: String) {
    let upper = text.uppercased()
    if let scope = Self.scopes[upper] {
      self.init(replacement: scope, hint: "Write \(scope) for operands in one sentence or paragraph.")
      return
    }
    if let (prefix, ours) = Self.distances.first(where: { upper.hasPrefix($0.prefix) }),
      let number = QueryLexer.number(Array(upper.dropFirst(prefix.count).utf8))
    {
      self.init(
        replacement: "\(ours)/\(number)",
        hint: "NEAR/N takes either order, PRE/N this one; adjacent words are 1 apart.")
      return
    }
    switch text {
    case "<<": self.init(replacement: "BEFORE", hint: "BEFORE is order without a distance.")
    case "SENTENCE": self.init(replacement: "SENT", isWord: true, hint: "SENT is for operands in one sentence.")
    case "PARAGRAPH": self.init(replacement: "PARA", isWord: true, hint: "PARA is for operands in one paragraph.")
    case "ADJ": self.init(replacement: "PRE/1", isWord: true, hint: "PRE/1 is directly before.")
    case "<->": self.init(replacement: "PRE/1", hint: "PRE/1 is directly before.")
    case "%": self.init(replacement: "NOT", hint: "`a NOT b` excludes b.")
    default:
      guard text.hasPrefix("<"), text.hasSuffix(">"),
        let number = QueryLexer.number(Array(text.dropFirst().dropLast().utf8))
      else { return nil }
      self.init(replacement: "PRE/\(number)..\(number)", hint: "PRE/N..N is a distance of exactly N.")
    }
  }

  private init(replacement: String, isWord: Bool = false, hint: String) {
    self.replacement = replacement
    self.isWord = isWord
    self.hint = hint
  }

  private static let scopes = [
    "/S": "SENT", "W/S": "SENT", "+S": "SENT", "/P": "PARA", "W/P": "PARA", "+P": "PARA", "NEAR/S": "SENT",
    "NEAR/P": "PARA", "W/SENT": "SENT", "W/PARA": "PARA",
  ]
  private static let distances: [(prefix: String, ours: String)] = [
    ("NOTNEAR/", "NOT NEAR"), ("ONEAR/", "PRE"), ("ADJ/", "PRE"), ("/", "NEAR"), ("+", "PRE"),
  ]

  /// A sign before a word (`!b` of Sphinx, `@title` of Sphinx): the sign's replacement, and why.
  static func sign(_ text: String, schema: QuerySchema) -> (length: Int, replacement: String, hint: String)? {
    if text.hasPrefix("!"), text.count > 1 { return (1, "-", "`-b` or `NOT b` excludes b.") }
    if text.hasPrefix("@"), schema.kind(of: String(text.dropFirst())) == .text {
      return (text.utf8.count, "\(text.dropFirst()):", "A field is written `\(text.dropFirst()):word`.")
    }
    if text.hasPrefix("/"), text.hasSuffix("/"), text.contains(where: { "*+?[]{}.\\".contains($0) }), text.count > 2 {
      return (0, "", "Regular expressions are not supported; wildcards are `*` and `?`.")
    }
    return nil
  }
}
