/// A function with a body: its name and its lines, from the word `func` or `init` to the closing brace.
struct FunctionSpan: Equatable, Sendable {
  let name: String
  /// Line numbers from 0.
  let lines: ClosedRange<Int>

  /// The functions, initialisers and subscripts of a source; requirements of protocols have no body and are left out.
  static func all(in text: SwiftText) -> [FunctionSpan] {
    text.code.indices.compactMap { line in
      let words = SwiftText.words(of: text.code[line])
      guard let keyword = words.firstIndex(where: { ["func", "init", "deinit", "subscript"].contains($0) }),
        words[..<keyword].allSatisfy(isModifier), let end = bodyEnd(in: text.code, from: line)
      else { return nil }
      let name = words[keyword] == "func" && keyword + 1 < words.count ? words[keyword + 1] : words[keyword]
      return FunctionSpan(name: name, lines: line...end)
    }
  }

  /// What may stand before the keyword on its line; anything else means that the word is used in an expression.
  private static func isModifier(_ word: String) -> Bool {
    [
      "public", "internal", "private", "fileprivate", "package", "open", "static", "class", "final", "override",
      "mutating", "nonmutating", "borrowing", "consuming", "convenience", "required", "nonisolated", "unsafe",
      "indirect", "prefix", "postfix", "infix", "__always", "never", "inline", "borrow", "copy", "self", "immortal",
      "_lifetime", "private(set)",
    ].contains(word) || word.hasPrefix("@")
  }

  /// The line of the brace that closes the body, or nil where the declaration has none.
  private static func bodyEnd(in code: [String], from first: Int) -> Int? {
    var parentheses = 0
    var braces = 0
    for line in first..<code.count {
      let trimmed = code[line].drop { $0 == " " }
      if line > first, parentheses == 0, braces == 0, !trimmed.isEmpty,
        !["{", "->", "where", "throws", "rethrows", "async"].contains(where: { trimmed.hasPrefix($0) })
      {
        return nil
      }
      for character in code[line].utf8 {
        switch character {
        case UInt8(ascii: "("): parentheses += 1
        case UInt8(ascii: ")"): parentheses -= 1
        case UInt8(ascii: "{") where parentheses == 0 || braces > 0: braces += 1
        case UInt8(ascii: "}") where braces > 0:
          braces -= 1
          if braces == 0 { return line }
        default: break
        }
      }
    }
    return nil
  }
}
