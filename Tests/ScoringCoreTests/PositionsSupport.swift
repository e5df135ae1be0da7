import Base
import Foundation
import ScoringCore
import TestSupport

/// How long a property suite runs: a second or two, or minutes when `KWIC_LONG=1`.
enum SuiteLength {
  static let isLong = ProcessInfo.processInfo.environment["KWIC_LONG"] == "1"
  /// Figures of code that is not optimised say nothing.
  static let isOptimised = !_isDebugAssertConfiguration()
  /// `KWIC_SEED` moves all seeds, to run on others than the usual.
  static let seed = ProcessInfo.processInfo.environment["KWIC_SEED"].flatMap(UInt64.init) ?? 0
  static func seconds(_ usual: Double, long: Double) -> Double { isLong ? long : usual }
}

/// Runs `body` with one seed after another, from `first` + `KWIC_SEED` on, until the time is up or it returns false;
/// returns how many seeds it took.
@discardableResult
func forSeeds(from first: UInt64, seconds: Double, _ body: (UInt64) throws -> Bool) rethrows -> Int {
  let end = ContinuousClock.now + .seconds(seconds)
  var count = 0
  repeat {
    guard try body(first &+ SuiteLength.seed &+ UInt64(count)) else { return count + 1 }
    count += 1
  } while ContinuousClock.now < end
  return count
}

/// A query of the oracle as the matcher takes it.
struct MatcherQuery {
  var expression: PositionalExpression = .leaf(0)
  /// Accepted forms of each leaf.
  var leaves: [Bits] = []
  /// Leaf of each word in query order.
  var slots: [Int] = []
  private let sharesLeaves: Bool

  /// - Parameter sharesLeaves: Whether equal words become one leaf or each its own.
  init(_ query: OracleQuery, sharesLeaves: Bool) {
    self.sharesLeaves = sharesLeaves
    expression = convert(query)
  }

  private mutating func leaf(_ forms: Bits) -> Int {
    let found = sharesLeaves ? leaves.firstIndex(of: forms) : nil
    if found == nil { leaves.append(forms) }
    slots.append(found ?? leaves.count - 1)
    return slots[slots.count - 1]
  }

  private mutating func convert(_ query: OracleQuery) -> PositionalExpression {
    switch query {
    case .word(let forms): .leaf(leaf(forms))
    case .alternatives(let operands): .alternatives(operands.map { convert($0) })
    case .near(let min, let max, let a, let b): .near(min: min, max: max, convert(a), convert(b))
    case .precedes(let min, let max, let a, let b): .precedes(min: min, max: max, convert(a), convert(b))
    case .notNear(let max, let a, let b): .notNear(max: max, convert(a), convert(b))
    case .sentence(let a, let b): .within(.sentence, convert(a), convert(b))
    case .paragraph(let a, let b): .within(.paragraph, convert(a), convert(b))
    case .phrase(let items): .phrase(items.map { $0.map { leaf($0) } })
    case .loosePhrase(let extra, let items): .loosePhrase(extra: extra, items.map { leaf($0) })
    case .window(let limit, let operands): .window(N: limit, operands.map { convert($0) })
    case .and, .or, .andNot: preconditionFailure("positional only")
    }
  }

  /// The overlaps that exist when positions hold the sets of forms given.
  func overlaps(_ documents: [OracleDocument]) -> LeafOverlap {
    var overlaps = LeafOverlap.none(leafCount: leaves.count)
    for (number, forms) in leaves.enumerated() {
      for other in number..<leaves.count {
        let meet = documents.contains { $0.words.contains { $0 & forms != 0 && $0 & leaves[other] != 0 } }
        if meet || forms & leaves[other] != 0 { overlaps.insert(number, other) }
      }
    }
    return overlaps
  }

  func positions(_ document: TestDocument) -> DocumentPositions {
    var positions = DocumentPositions()
    for forms in leaves {
      for (value, start) in zip(document.values, document.starts) {
        for word in value.words.indices where value.words[word] & forms != 0 {
          positions.positions.append(start + UInt32(word))
        }
      }
      positions.endLeaf()
    }
    return positions
  }
}

/// Values of the oracle as one document of the engine.
struct TestDocument {
  var values: [OracleDocument]
  var starts: [UInt32] = []
  var layout = DocumentLayout()

  init(_ values: [OracleDocument]) throws { self = try Self.segment([values])[0] }

  private init(values: [OracleDocument]) { self.values = values }

  /// The documents of one segment; their layouts are written to its bytes and read from them.
  static func segment(_ documents: [[OracleDocument]]) throws -> [TestDocument] {
    var result = documents.map { TestDocument(values: $0) }
    var encoder = DocumentLayoutEncoder()
    for (number, values) in documents.enumerated() {
      result[number].starts = values.enumerated().map { add($1, field: $0, to: &encoder) }
      encoder.endDocument()
    }
    let segment = TestSegment { encoder.finish(into: &$0) }
    try segment.withMap { map in
      let table = LayoutTable(extents: map, address: segment.address, documentCount: UInt32(documents.count))
      for number in result.indices { try table.load(DocID(number), sentences: true, into: &result[number].layout) }
    }
    return result
  }

  static func add(_ value: OracleDocument, field: Int, to encoder: inout DocumentLayoutEncoder) -> UInt32 {
    func starts(_ units: [Int]) -> [UInt32] {
      units.indices.filter { $0 == 0 || units[$0] != units[$0 - 1] }.map { UInt32($0) }
    }
    return encoder.addValue(
      field: FieldID(rawValue: UInt8(field)), wordCount: UInt32(value.words.count),
      sentenceStarts: starts(value.sentence).span, paragraphStarts: starts(value.paragraph).span)
  }
}

/// The bytes of a segment in memory, as the store would hand them out.
struct TestSegment {
  private(set) var extents: [[UInt8]] = []
  private(set) var address: UInt64 = 0

  init(reserved: Int = 64, _ write: (inout ExtentWriter<Never>) -> UInt64) {
    final class Sink { var extents: [Int: [UInt8]] = [:] }
    let sink = Sink()
    var writer = ExtentWriter<Never>(size: .small, reserved: reserved) { number, bytes in
      sink.extents[number] = unsafe bytes.withUnsafeBufferPointer { unsafe [UInt8]($0) }  // SAFETY: copied inside.
    }
    address = write(&writer)
    let count = writer.finish(header: [])
    extents = (0..<count).map { sink.extents[$0]! }
  }

  func withMap<Result>(_ body: (ExtentMap) throws -> Result) rethrows -> Result {
    // SAFETY (whole closure): each block is as large as its extent, filled whole, and freed after the body.
    let blocks = unsafe extents.map { extent in
      let block = UnsafeMutableRawPointer.allocate(byteCount: extent.count, alignment: 16)
      unsafe block.copyMemory(from: extent, byteCount: extent.count)
      return UnsafeRawPointer(block)
    }
    defer { unsafe blocks.forEach { unsafe $0.deallocate() } }  // SAFETY: allocated above, used only in the body.
    // SAFETY (whole closure): the table has one entry an extent and outlives the body.
    return try unsafe blocks.withUnsafeBufferPointer { pointers in
      try unsafe body(ExtentMap(pointers: pointers.baseAddress!, extentCount: pointers.count, size: .small))
    }
  }
}
