/// A query of a benchmark class: one operator over words.
///
/// Its neutral spelling, one a line: `CLASS<TAB>TERM a`, `AND a b`, `OR a b c`, `PHRASE a b c`, `NEAR/10 a b c`,
/// `ONEAR/10 a b`, `SLOP/2 a b c`.
struct BenchQuery: Hashable {
  enum Shape: Hashable {
    case word
    case and
    case or
    case phrase
    /// Unordered: greatest minus least position at most N, for any number of words.
    case near(Int)
    /// The second word after the first by at most N positions.
    case orderedNear(Int)
    /// The loose phrase: any order, at most N words more than the phrase has.
    case loose(Int)
  }

  let className: String
  let shape: Shape
  let words: [String]
  /// Whether a word stands for all forms of its stem, or for itself.
  var usesStems = false

  init(className: String, shape: Shape, words: [String], usesStems: Bool = false) {
    self.className = className
    self.shape = shape
    self.words = words
    self.usesStems = usesStems
  }

  /// Reads the neutral spelling; nil for what the language cannot say.
  init?(line: String, usesStems: Bool = false) {
    let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
    guard columns.count == 2 else { return nil }
    let parts = columns[1].split(separator: " ").map(String.init)
    guard let operation = parts.first, parts.count >= 2 else { return nil }
    let words = Array(parts.dropFirst())
    let name = operation.split(separator: "/")
    let distance = name.count == 2 ? Int(name[1]) : nil
    guard let shape = Self.shape(String(name[0]), distance: distance, wordCount: words.count) else { return nil }
    self.init(className: String(columns[0]), shape: shape, words: words, usesStems: usesStems)
  }

  private static func shape(_ name: String, distance: Int?, wordCount: Int) -> Shape? {
    switch (name, distance) {
    case ("TERM", nil): wordCount == 1 ? .word : nil
    case ("AND", nil): .and
    case ("OR", nil): .or
    case ("PHRASE", nil): .phrase
    case ("NEAR", let distance?): .near(distance)
    // Three words in order within N of each other are no form of the language: a chain of PRE limits each gap.
    case ("ONEAR", let distance?): wordCount == 2 ? .orderedNear(distance) : nil
    case ("SLOP", let distance?): .loose(distance)
    default: nil
    }
  }

  /// The query as a user of Kwic would type it.
  var text: String {
    let units = usesStems ? words : words.map { "\"\($0)\"" }
    switch shape {
    case .word: return units[0]
    case .and: return units.joined(separator: " AND ")
    case .or: return units.joined(separator: " OR ")
    case .phrase: return (usesStems ? "~" : "") + "\"" + words.joined(separator: " ") + "\""
    case .near(let distance): return "NEAR/\(distance)(" + units.joined(separator: ", ") + ")"
    case .orderedNear(let distance): return units.joined(separator: " PRE/\(distance) ")
    case .loose(let extra): return (usesStems ? "~" : "") + "\"" + words.joined(separator: " ") + "\"~\(extra)"
    }
  }
}
