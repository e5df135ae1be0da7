/// Documents and queries of the reference in the words of a text: form 0 is `alpha`, and so on.
public enum OracleText {
  static let words = [
    "alpha", "bravo", "charlie", "delta", "echo", "zulu", "yankee", "xray", "foxtrot", "golf", "hotel", "india",
    "juliet", "kilo", "lima", "mike",
  ]

  /// The document as text: one word a position, sentences end with a full stop, paragraphs with a blank line.
  public static func text(of document: OracleDocument) -> String {
    var text = ""
    for index in document.words.indices {
      if index > 0 {
        if document.paragraph[index] != document.paragraph[index - 1] {
          text += ".\n\n"
        } else if document.sentence[index] != document.sentence[index - 1] {
          text += ". "
        } else {
          text += " "
        }
      }
      let word = words[document.words[index].trailingZeroBitCount]
      let begins = index == 0 || document.sentence[index] != document.sentence[index - 1]
      text += begins ? word.prefix(1).uppercased() + word.dropFirst() : word
    }
    return text + "."
  }

  /// The query as it is typed, or nil where the language has no spelling for it.
  public static func query(_ query: OracleQuery) -> String? {
    switch query {
    case .word(let forms): return item(forms)
    case .alternatives(let operands): return joined(operands, " | ").map { "(\($0))" }
    case .near(let min, let max, let a, let b): return infix("NEAR", min, max, a, b)
    case .precedes(_, .max, let a, let b): return infix("BEFORE", a, b)
    case .precedes(let min, let max, let a, let b): return infix("PRE", min, max, a, b)
    case .notNear(let max, let a, let b): return max > 0 ? infix("NOT NEAR/\(max)", a, b) : nil
    case .sentence(let a, let b): return infix("SENT", a, b)
    case .paragraph(let a, let b): return infix("PARA", a, b)
    case .window(let limit, let operands):
      guard limit > 0, operands.count > 1 else { return nil }
      return joined(operands, ", ").map { "NEAR/\(limit)(\($0))" }
    case .phrase(let items): return "\"\(items.map(item).joined(separator: " "))\""
    case .loosePhrase(let extra, let items): return "\"\(items.map(item).joined(separator: " "))\"~\(extra)"
    case .and(let operands): return joined(operands, " AND ")
    case .or(let operands): return joined(operands, " OR ")
    case .andNot(let a, let b): return infix("AND NOT", a, b)
    }
  }

  private static func names(_ forms: Bits) -> [String] {
    words.indices.filter { forms & (1 << Bits($0)) != 0 }.map { words[$0] }
  }

  private static func item(_ forms: Bits?) -> String {
    guard let forms else { return "*" }
    return forms.nonzeroBitCount == 1 ? names(forms)[0] : "(\(names(forms).joined(separator: "|")))"
  }

  private static func operand(_ query: OracleQuery) -> String? {
    guard let text = self.query(query) else { return nil }
    switch query {
    case .word, .alternatives, .phrase, .loosePhrase, .window: return text
    default: return "(\(text))"
    }
  }

  private static func joined(_ operands: [OracleQuery], _ separator: String) -> String? {
    var texts: [String] = []
    for operand in operands {
      guard let text = self.operand(operand) else { return nil }
      texts.append(text)
    }
    return texts.joined(separator: separator)
  }

  private static func infix(_ name: String, _ min: Int, _ max: Int, _ a: OracleQuery, _ b: OracleQuery) -> String? {
    guard max > 0, min <= max else { return nil }
    return infix(min == 0 ? "\(name)/\(max)" : "\(name)/\(min)..\(max)", a, b)
  }

  private static func infix(_ name: String, _ a: OracleQuery, _ b: OracleQuery) -> String? {
    guard let first = operand(a), let second = operand(b) else { return nil }
    return "\(first) \(name) \(second)"
  }
}
