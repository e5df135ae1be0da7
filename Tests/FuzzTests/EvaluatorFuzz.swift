import Base
import TestSupport

@testable import ScoringCore

/// Any bytes as a small document and a positional query: every evaluation beside the reference.
enum EvaluatorFuzz {
  struct Finding: Error, CustomStringConvertible { let description: String }

  /// - Throws: what differs. Inputs that are too much for brute force say nothing.
  static func check(_ bytes: [UInt8]) throws(Finding) {
    var decisions = Decisions(bytes)
    let values = (0...decisions.next(below: 2)).map { _ in decisions.document() }
    let query = decisions.query(depth: 3)
    var leaves: [Bits] = []
    let expression = convert(query, &leaves)
    let (positions, layout, starts) = place(leaves, values)

    var expected: [[Int]] = []
    for (value, start) in zip(values, starts) {
      var oracle = Oracle(value, allowance: 20_000)
      guard let hits = try? oracle.hits(query) else { return }
      expected += hits.map { $0.map { $0 + Int(start) } }
    }
    let overlaps = overlaps(leaves)
    for evaluation in [PositionalMatcher.Evaluation.chosen, .streams, .general] {
      var matcher = PositionalMatcher(
        expression, leafCount: leaves.count, overlaps: overlaps, evaluation: evaluation)
      var budget = PositionBudget(limit: 5_000_000)
      var hits: [Hit] = []
      do {
        try matcher.hits(positions, layout: layout, budget: &budget, into: &hits)
        guard hits.map({ [Int($0.lo), Int($0.hi)] }) == expected else {
          throw Finding(description: "\(query) by \(evaluation): \(hits), not \(expected), in \(values)")
        }
        guard try matcher.matches(positions, layout: layout, budget: &budget) != expected.isEmpty else {
          throw Finding(description: "\(query) by \(evaluation): whether it matches, in \(values)")
        }
        let words = leaves.indices.map { positions.range(of: $0).count }
        guard UInt32(expected.count) <= FrequencyBound(expression)({ UInt32(words[$0]) }) else {
          throw Finding(description: "\(query): more hits than the bound, in \(values)")
        }
      } catch let error as Finding {
        throw error
      } catch {
        continue  // A budget that ends is no shorter answer.
      }
    }
  }

  private static func convert(_ query: OracleQuery, _ leaves: inout [Bits]) -> PositionalExpression {
    func leaf(_ forms: Bits) -> Int {
      if let known = leaves.firstIndex(of: forms) { return known }
      leaves.append(forms)
      return leaves.count - 1
    }
    switch query {
    case .word(let forms): return .leaf(leaf(forms))
    case .alternatives(let operands): return .alternatives(operands.map { convert($0, &leaves) })
    case .near(let min, let max, let a, let b):
      return .near(min: min, max: max, convert(a, &leaves), convert(b, &leaves))
    case .precedes(let min, let max, let a, let b):
      return .precedes(min: min, max: max, convert(a, &leaves), convert(b, &leaves))
    case .notNear(let max, let a, let b): return .notNear(max: max, convert(a, &leaves), convert(b, &leaves))
    case .sentence(let a, let b): return .within(.sentence, convert(a, &leaves), convert(b, &leaves))
    case .paragraph(let a, let b): return .within(.paragraph, convert(a, &leaves), convert(b, &leaves))
    case .phrase(let items): return .phrase(items.map { $0.map(leaf) })
    case .loosePhrase(let extra, let items): return .loosePhrase(extra: extra, items.map(leaf))
    case .window(let limit, let operands): return .window(N: limit, operands.map { convert($0, &leaves) })
    case .and, .or, .andNot: preconditionFailure("positional only")
    }
  }

  /// The positions of each leaf, and the layout: values one position apart.
  private static func place(
    _ leaves: [Bits], _ values: [OracleDocument]
  ) -> (DocumentPositions, DocumentLayout, [UInt32]) {
    var layout = DocumentLayout()
    var starts: [UInt32] = []
    var start: UInt32 = 0
    for value in values {
      starts.append(start)
      layout.values.append(.init(field: FieldID(rawValue: 0), start: start, wordCount: UInt32(value.words.count)))
      for index in value.words.indices {
        let position = start + UInt32(index)
        if index == 0 || value.sentence[index] != value.sentence[index - 1] { layout.sentenceStarts.append(position) }
        if index == 0 || value.paragraph[index] != value.paragraph[index - 1] {
          layout.paragraphStarts.append(position)
        }
      }
      start += UInt32(value.words.count) + 1
    }
    var positions = DocumentPositions()
    for forms in leaves {
      for (value, start) in zip(values, starts) {
        for index in value.words.indices where value.words[index] & forms != 0 {
          positions.positions.append(start + UInt32(index))
        }
      }
      positions.endLeaf()
    }
    return (positions, layout, starts)
  }

  private static func overlaps(_ leaves: [Bits]) -> LeafOverlap {
    var overlaps = LeafOverlap.none(leafCount: leaves.count)
    for one in leaves.indices {
      for other in leaves.indices where one < other && leaves[one] & leaves[other] != 0 { overlaps.insert(one, other) }
    }
    return overlaps
  }
}

/// Choices read off bytes; zeros when they are used up, which ends every recursion.
private struct Decisions {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func next(below count: Int) -> Int { Int(rest.popFirst() ?? 0) % count }

  mutating func document() -> OracleDocument {
    var document = OracleDocument()
    var sentence = 0
    var paragraph = 0
    for _ in 0...next(below: 16) {
      let choice = next(below: 64)
      document.words.append(1 << Bits(choice % 4))
      document.sentence.append(sentence)
      document.paragraph.append(paragraph)
      if choice / 4 == 1 { sentence += 1 }
      if choice / 4 == 2 {
        sentence += 1
        paragraph += 1
      }
    }
    return document
  }

  private mutating func forms() -> Bits { [1, 2, 4, 8, 3, 6][next(below: 6)] }

  mutating func query(depth: Int) -> OracleQuery {
    let kind = next(below: depth > 0 ? 14 : 3)
    switch kind {
    case 0, 1: return .word(forms())
    case 2:
      var items: [Bits?] = [forms()]
      for _ in 0...next(below: 2) { items.append(next(below: 3) == 0 ? nil : forms()) }
      return .phrase(items)
    case 3: return .alternatives([query(depth: depth - 1), query(depth: depth - 1)])
    case 4: return .loosePhrase(extra: next(below: 4), (0...next(below: 3)).map { _ in forms() })
    case 5: return .window(limit: next(below: 8), (0...next(below: 3)).map { _ in query(depth: depth - 1) })
    case 6: return .notNear(max: next(below: 6), query(depth: depth - 1), query(depth: depth - 1))
    case 7: return .sentence(query(depth: depth - 1), query(depth: depth - 1))
    case 8: return .paragraph(query(depth: depth - 1), query(depth: depth - 1))
    case 9: return .precedes(min: 0, max: .max, query(depth: depth - 1), query(depth: depth - 1))
    case 10, 11:
      let least = next(below: 4)
      return .precedes(
        min: least, max: least + next(below: 6), query(depth: depth - 1), query(depth: depth - 1))
    default:
      let least = next(below: 3)
      return .near(min: least, max: least + next(below: 6), query(depth: depth - 1), query(depth: depth - 1))
    }
  }
}
