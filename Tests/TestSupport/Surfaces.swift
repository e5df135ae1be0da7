/// Words as texts spell them, and what each spelling of a query accepts of them: the language's words by hand.
///
/// A surface is a word of a text with its case and its marks. Forms, stems and spellings stand in a table, so that
/// nothing of the analysis is used to say what is right.
public enum Surfaces {
  public struct Surface: Sendable {
    public let text: String
    /// The folded forms that stand at its position.
    let forms: [String]
    /// The same with case and diacritics.
    let spelled: [String]

    init(_ text: String, _ forms: [String], spelled: [String]? = nil) {
      self.text = text
      self.forms = forms
      self.spelled = spelled ?? [text]
    }
  }

  /// At most 32, so that a set of them in two fields fits into `Bits`.
  public static let all: [Surface] = [
    Surface("strike", ["strike"]), Surface("Strike", ["strike"]), Surface("strikes", ["strikes"]),
    Surface("striking", ["striking"]), Surface("STRIKE", ["strike"]),
    Surface("Iraq", ["iraq"]), Surface("iraq", ["iraq"]),
    Surface("Iraq’s", ["iraq's", "iraq"], spelled: ["Iraq's", "Iraq"]), Surface("iraqi", ["iraqi"]),
    Surface("us", ["us"]), Surface("US", ["us"]), Surface("U.S.", ["u.s.", "us"], spelled: ["U.S.", "US"]),
    Surface("aleppo", ["aleppo"]), Surface("Aleppo", ["aleppo"]), Surface("alepo", ["alepo"]),
    Surface("air", ["air"]), Surface("airs", ["airs"]), Surface("aid", ["aid"]), Surface("Air", ["air"]),
    Surface("attack", ["attack"]), Surface("attacked", ["attacked"]), Surface("attacks", ["attacks"]),
    Surface("café", ["cafe"]), Surface("cafe", ["cafe"]), Surface("CAFÉ", ["cafe"]),
    Surface("the", ["the"]), Surface("of", ["of"]), Surface("zulu", ["zulu"]), Surface("yankee", ["yankee"]),
    Surface("1,000", ["1,000"]), Surface("1000", ["1000"]), Surface("xray", ["xray"]),
  ]

  private static let stems = [
    "strikes": "strike", "striking": "strike", "strike": "strike", "iraq's": "iraq", "airs": "air",
    "attacked": "attack", "attacks": "attack",
  ]

  static func stem(_ form: String) -> String { stems[form] ?? form }

  /// The surfaces of `used` for which a form holds.
  private static func those(_ used: [Int], _ holds: (String) -> Bool) -> Bits {
    used.filter { all[$0].forms.contains(where: holds) }.reduce(0) { $0 | 1 << Bits($1) }
  }

  public static func stemmed(_ form: String, of used: [Int]) -> Bits { those(used) { stem($0) == stem(form) } }
  public static func exact(_ form: String, of used: [Int]) -> Bits { those(used) { $0 == form } }

  public static func spelled(_ text: String, of used: [Int]) -> Bits {
    used.filter { all[$0].spelled.contains(text) }.reduce(0) { $0 | 1 << Bits($1) }
  }

  /// `*` is any letters, `?` one.
  public static func wildcard(_ pattern: String, of used: [Int]) -> Bits {
    those(used) { fits(Array(pattern)[...], Array($0)[...]) }
  }

  private static func fits(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" { return fits(pattern.dropFirst(), text) || !text.isEmpty && fits(pattern, text.dropFirst()) }
    guard let letter = text.first, first == "?" || first == letter else { return false }
    return fits(pattern.dropFirst(), text.dropFirst())
  }

  /// Forms at most `edits` insertions, deletions, replacements and exchanges of neighbours away.
  public static func fuzzy(_ form: String, edits: Int, of used: [Int]) -> Bits {
    those(used) { isNear(Array(form)[...], Array($0)[...], edits) }
  }

  private static func isNear(_ a: ArraySlice<Character>, _ b: ArraySlice<Character>, _ edits: Int) -> Bool {
    guard let x = a.first, let y = b.first else { return a.count + b.count <= edits }
    if x == y, isNear(a.dropFirst(), b.dropFirst(), edits) { return true }
    guard edits > 0 else { return false }
    let isExchanged = a.count > 1 && b.count > 1 && a[a.startIndex + 1] == y && b[b.startIndex + 1] == x
    return isNear(a.dropFirst(), b, edits - 1) || isNear(a, b.dropFirst(), edits - 1)
      || isNear(a.dropFirst(), b.dropFirst(), edits - 1)
      || isExchanged && isNear(a.dropFirst(2), b.dropFirst(2), edits - 1)
  }
}
