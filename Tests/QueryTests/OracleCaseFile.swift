import Foundation
import Query

/// The cases of the reference semantics as this module needs them: texts, spellings, trees of the query language.
struct OracleCaseFile {
  struct Row {
    let query: String
    let tree: QueryNode
    /// (lo, hi) of the hits of each matching document.
    let hits: [Int: [[Int]]]
  }

  struct Malformed: Error { let line: Int }

  let documents: [String]
  let rows: [Row]

  init(folder: String) throws {
    let file = URL(fileURLWithPath: folder + "/oracle/cases.jsonl")
    let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
    let head = try JSONSerialization.jsonObject(with: lines[0]) as? [String: Any]
    guard let texts = head?["documents"] as? [String] else { throw Malformed(line: 0) }
    documents = texts
    var words = Words()
    rows = try lines.enumerated().dropFirst().map { number, line in
      guard let row = try JSONSerialization.jsonObject(with: line) as? [String: Any],
        let query = row["query"] as? String, let ast = row["ast"] as? [Any], let tree = words.tree(ast),
        let hits = row["hits"] as? [String: [[Int]]]
      else { throw Malformed(line: number) }
      return Row(query: query, tree: tree, hits: Dictionary(uniqueKeysWithValues: hits.map { (Int($0) ?? -1, $1) }))
    }
  }
}

/// Makes trees from the nested lists of the reference; knows each word once.
private struct Words {
  private var known: [String: QueryWordTerm] = [:]

  private mutating func term(_ text: String, _ sense: QueryWordTerm.Sense) -> QueryTerm {
    if known[text] == nil, case .word(let word) = RandomQueries.word(text, .exact) { known[text] = word }
    let word = known[text]
    return .word(QueryWordTerm(sense: sense, form: text, stem: word?.stem ?? text))
  }

  mutating func tree(_ parts: [Any]) -> QueryNode? {
    guard let name = parts.first as? String else { return nil }
    var operands: [QueryNode] = []
    for part in parts.dropFirst() {
      if let list = part as? [Any], list.first is String, let operand = tree(list) { operands.append(operand) }
    }
    let number = parts.count > 1 ? parts[1] as? Int ?? 0 : 0
    let range = DistanceRange(maximum: number)
    switch name {
    case "word": return (parts[1] as? String).map { QueryNode(.term(term($0, .stem))) }
    case "alt": return QueryNode(.alternatives(operands))
    case "near": return QueryNode(.proximity(.near(range), operands[0], operands[1]))
    case "pre": return QueryNode(.proximity(.precedes(range), operands[0], operands[1]))
    case "notnear": return QueryNode(.proximity(.notNear(number), operands[0], operands[1]))
    case "before": return QueryNode(.proximity(.before, operands[0], operands[1]))
    case "sent": return QueryNode(.proximity(.sentence, operands[0], operands[1]))
    case "para": return QueryNode(.proximity(.paragraph, operands[0], operands[1]))
    case "nearn": return QueryNode(.window(distance: number, operands))
    case "phrase": return QueryNode(.phrase(QueryPhrase(sense: .exact, items: items(parts[1]))))
    case "loose": return QueryNode(.phrase(QueryPhrase(sense: .exact, items: items(parts[2]), extraWords: number)))
    case "and": return QueryNode(.and(operands))
    case "or": return QueryNode(.or(operands))
    case "andnot": return QueryNode(.and([operands[0], QueryNode(.not(operands[1]))]))
    default: return nil
    }
  }

  private mutating func items(_ list: Any) -> [QueryPhrase.Item] {
    var items: [QueryPhrase.Item] = []
    for item in list as? [Any] ?? [] {
      guard let words = item as? [String] else {
        items.append(.anyWord)
        continue
      }
      items.append(.oneOf(words.map { term($0, .exact) }))
    }
    return items
  }
}
