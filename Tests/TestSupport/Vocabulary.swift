/// Words for generated documents, in families that share a stem by construction, commonest first.
///
/// Every form is lower-case ASCII that an analyser keeps as one word; the families inflect regularly, so that English
/// Snowball puts each into one class and no two into the same.
public struct Vocabulary: Sendable {
  /// One family: forms of one stem.
  public struct Family: Sendable {
    public let forms: [String]
  }

  public let families: [Family]
  /// All forms, families in order.
  public let forms: [String]
  private let familyOfForm: [String: Int]
  private let ranks: ZipfDistribution

  public init(families: [[String]]) {
    self.families = families.map { Family(forms: $0) }
    forms = families.flatMap { $0 }
    var index: [String: Int] = [:]
    for (number, family) in families.enumerated() {
      for form in family { index[form] = number }
    }
    familyOfForm = index
    ranks = ZipfDistribution(count: families.count)
  }

  /// Some thirty families of news English, from function words down to rare nouns; one has more forms than a cursor
  /// keeps in its plainest way.
  public static let news = Vocabulary(families: [
    ["the"], ["of"], ["to"], ["in"], ["and"], ["attack", "attacks", "attacked", "attacking"], ["town", "towns"],
    ["civilian", "civilians"],
    [
      "connect", "connects", "connected", "connecting", "connection", "connections", "connective", "connectives",
      "connectively", "connectivity",
    ],
    ["report", "reports", "reported", "reporting"], ["raqqa"], ["soldier", "soldiers"],
    ["bomb", "bombs", "bombed", "bombing"], ["was"], ["iraq"], ["market", "markets"], ["aleppo"],
    ["walk", "walks", "walked", "walking"], ["mosul"], ["tank", "tanks"], ["claim", "claims", "claimed", "claiming"],
    ["border", "borders"], ["river", "rivers"], ["talk", "talks", "talked", "talking"], ["camp", "camps"],
    ["kurd", "kurds"], ["doctor", "doctors"], ["winter", "winters"], ["aid"], ["convoy", "convoys"], ["zinc"],
  ])

  /// Few words, so that every document is full of matches: what proximity and repeated operands need.
  public static let dense = Vocabulary(families: [["a1"], ["b2"], ["c3"], ["d4"], ["e5"], ["f6"]])

  /// What stands for the stem of a form: the first form of its family (any stemmer's class, not its spelling).
  public func familyName(of form: String) -> String {
    guard let family = familyOfForm[form] else { return form }
    return families[family].forms[0]
  }

  /// A form: the family by Zipf's law, the form inside it evenly.
  public func sample(using random: inout some RandomNumberGenerator) -> String {
    let forms = families[ranks.sample(using: &random)].forms
    return forms[Int.random(in: 0..<forms.count, using: &random)]
  }
}

extension Vocabulary: CustomStringConvertible {
  /// Short, since tests print their arguments.
  public var description: String { "\(families.count) families from \(forms[0]) to \(forms[forms.count - 1])" }
}
