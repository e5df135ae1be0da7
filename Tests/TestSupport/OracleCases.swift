public import Foundation

/// The shipped cases: documents, queries, and the answers of `oracle.py`.
public struct OracleCases: Sendable {
  public struct Case: Sendable {
    public var text: String
    public var query: OracleQuery
    public var documents: [Int]
    /// (lo, hi) of the hits of each matching document.
    public var hits: [Int: [[Int]]]
  }

  public var documents: [OracleDocument]
  public var cases: [Case]

  /// What is wrong with a case file.
  public struct Malformed: Error { public var line: Int }

  /// Reads a file made by `make_cases.py`.
  public init(contentsOf file: URL) throws {
    let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
    var vocabulary: [String: Int] = [:]
    let head = try JSONSerialization.jsonObject(with: lines[0]) as? [String: Any]
    guard let texts = head?["documents"] as? [String] else { throw Malformed(line: 0) }
    documents = texts.map { Self.document($0, &vocabulary) }
    cases = []
    for (number, line) in lines.enumerated().dropFirst() {
      guard let row = try JSONSerialization.jsonObject(with: line) as? [String: Any],
        let text = row["query"] as? String, let tree = row["ast"] as? [Any],
        let query = Self.query(tree, &vocabulary), let documents = row["documents"] as? [Int],
        let hits = row["hits"] as? [String: [[Int]]]
      else { throw Malformed(line: number) }
      let byDocument = Dictionary(uniqueKeysWithValues: hits.map { (Int($0) ?? -1, $1) })
      cases.append(Case(text: text, query: query, documents: documents, hits: byDocument))
    }
  }

  /// As `oracle.py` reads a text: paragraphs end at a blank line, sentences at `.`, `!` or `?` before a blank.
  private static func document(_ text: String, _ vocabulary: inout [String: Int]) -> OracleDocument {
    var document = OracleDocument()
    var sentence = 0
    for (paragraph, block) in text.components(separatedBy: "\n\n").enumerated() {
      for piece in block.split(separator: " ") {
        let word = piece.lowercased().filter(\.isLetter)
        document.words.append(form(word, &vocabulary))
        document.sentence.append(sentence)
        document.paragraph.append(paragraph)
        if piece.last == "." { sentence += 1 }
      }
      sentence += 1
    }
    return document
  }

  private static func form(_ word: String, _ vocabulary: inout [String: Int]) -> Bits {
    let number = vocabulary[word] ?? vocabulary.count
    precondition(number < 64, "at most 64 words")
    vocabulary[word] = number
    return 1 << Bits(number)
  }

  private static func query(_ tree: [Any], _ vocabulary: inout [String: Int]) -> OracleQuery? {
    guard let name = tree.first as? String else { return nil }
    let operands = tree.dropFirst().compactMap { part in
      (part as? [Any]).flatMap { $0.first is String ? query($0, &vocabulary) : nil }
    }
    let number = tree.count > 1 ? tree[1] as? Int : nil
    switch (name, number, operands.count) {
    case ("word", _, _): return (tree[1] as? String).map { .word(form($0, &vocabulary)) }
    case ("alt", _, _): return .alternatives(operands)
    case ("near", let max?, 2): return .near(min: 0, max: max, operands[0], operands[1])
    case ("pre", let max?, 2): return .precedes(min: 0, max: max, operands[0], operands[1])
    case ("before", _, 2): return .precedes(min: 0, max: .max, operands[0], operands[1])
    case ("notnear", let max?, 2): return .notNear(max: max, operands[0], operands[1])
    case ("sent", _, 2): return .sentence(operands[0], operands[1])
    case ("para", _, 2): return .paragraph(operands[0], operands[1])
    case ("nearn", let limit?, _): return .window(limit: limit, operands)
    case ("and", _, _): return .and(operands)
    case ("or", _, _): return .or(operands)
    case ("andnot", _, 2): return .andNot(operands[0], operands[1])
    case ("phrase", _, _): return (tree[1] as? [Any]).map { .phrase(items($0, &vocabulary)) }
    case ("loose", let extra?, _):
      return (tree[2] as? [Any]).map { .loosePhrase(extra: extra, items($0, &vocabulary).compactMap { $0 }) }
    default: return nil
    }
  }

  private static func items(_ tree: [Any], _ vocabulary: inout [String: Int]) -> [Bits?] {
    tree.map { ($0 as? [String])?.reduce(0) { $0 | form($1, &vocabulary) } }
  }
}
