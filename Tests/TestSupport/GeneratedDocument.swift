/// A generated document in both shapes: the text to index, and what a right analysis makes of it.
public struct GeneratedDocument: Sendable {
  public let id: String
  /// Text fields in order; a field may come twice.
  public let texts: [(field: String, text: String)]
  public let naive: NaiveDocument
}

/// Makes documents of a vocabulary: sentences, paragraphs, capitals, punctuation and possessives around known words.
public struct DocumentGenerator: Sendable {
  public let vocabulary: Vocabulary
  /// Words of a body are drawn from this range.
  public var bodyWords: ClosedRange<Int>
  /// Chance that a word is written as a possessive (one position, two forms).
  public var possessiveChance = 0.02
  /// Chance that a document has a second value of its body field.
  public var secondValueChance = 0.1

  public init(vocabulary: Vocabulary = .news, bodyWords: ClosedRange<Int> = 0...60) {
    self.vocabulary = vocabulary
    self.bodyWords = bodyWords
  }

  public func documents(_ count: Int, using random: inout some RandomNumberGenerator) -> [GeneratedDocument] {
    (0..<count).map { document(id: "d\($0)", using: &random) }
  }

  public func document(id: String, using random: inout some RandomNumberGenerator) -> GeneratedDocument {
    var texts: [(field: String, text: String)] = []
    var values: [NaiveDocument.Value] = []
    func add(field: String, words: Int, using random: inout some RandomNumberGenerator) {
      let (text, positions) = value(words: words, using: &random)
      texts.append((field, text))
      values.append(NaiveDocument.Value(field: field, positions: positions))
    }
    add(field: "title", words: Int.random(in: 0...6, using: &random), using: &random)
    add(field: "body", words: Int.random(in: bodyWords, using: &random), using: &random)
    if Double.random(in: 0..<1, using: &random) < secondValueChance {
      add(field: "body", words: Int.random(in: bodyWords, using: &random), using: &random)
    }
    return GeneratedDocument(id: id, texts: texts, naive: NaiveDocument(id: id, values: values))
  }

  private func value(
    words: Int, using random: inout some RandomNumberGenerator
  ) -> (text: String, positions: [[String]]) {
    var text = ""
    var positions: [[String]] = []
    var startsSentence = true
    for word in 0..<words {
      let form = vocabulary.sample(using: &random)
      let isPossessive =
        form.utf8.last.map { $0 != UInt8(ascii: "s") && !($0 < 0x3A) } ?? false
        && Double.random(in: 0..<1, using: &random) < possessiveChance
      text += Self.written(form, startsSentence: startsSentence, using: &random)
      if isPossessive { text += Bool.random(using: &random) ? "’s" : "'s" }
      positions.append(isPossessive ? [form + "'s", form] : [form])
      let separator = word == words - 1 ? "." : Self.separator(using: &random)
      startsSentence = separator.utf8.first == UInt8(ascii: ".")
      text += separator
    }
    return (text, positions)
  }

  private static func written(
    _ form: String, startsSentence: Bool, using random: inout some RandomNumberGenerator
  ) -> String {
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return form.uppercased()
    case _ where startsSentence: return form.prefix(1).uppercased() + form.dropFirst()
    default: return form
    }
  }

  private static func separator(using random: inout some RandomNumberGenerator) -> String {
    switch Int.random(in: 0..<40, using: &random) {
    case 0: return ".\n\n"
    case 1, 2: return ". "
    case 3: return ", "
    case 4: return " – "
    case 5: return "\n"
    default: return " "
    }
  }
}
