import Base
import Store
import TestSupport
import Testing

/// The store against a dictionary: random operations, some transactions given up, some reopened.
@Suite("Store against a dictionary")
struct ModelTests {
  private struct GivenUp: StoreFailure {
    init(_ error: StoreError) {}
    init() {}
  }

  private struct Model: Equatable {
    var pairs: [[UInt8]: [UInt8]] = [:]
    var segments: [UInt64: Int] = [:]
  }

  @Test("random transactions leave what they would leave in a dictionary")
  func randomTransactions() throws {
    try Property.check("the store equals a dictionary", seconds: 3) { random in
      let fixture = try StoreFixture()
      var environment = try fixture.open()
      var model = Model()
      for _ in 0..<Int.random(in: 1...30, using: &random) {
        var changed = model
        let givesUp = Int.random(in: 0..<4, using: &random) == 0
        do throws(GivenUp) {
          try environment.write { transaction throws(GivenUp) in
            do throws(StoreError) {
              try Self.change(&changed, &transaction, &random)
            } catch {
              throw GivenUp(error)
            }
            if givesUp { throw GivenUp() }
          }
          model = changed
        } catch {
          try #require(givesUp, "only what was given up fails")
        }
        if Int.random(in: 0..<8, using: &random) == 0 {
          environment.close()
          environment = try fixture.open { $0.creates = false }
        }
        try #require(try Self.read(environment) == model)
      }
      environment.close()
      let readOnly = try fixture.open { options in
        options.creates = false
        options.readOnly = true
        options.lockless = true
      }
      try #require(try Self.read(readOnly) == model)
    }
  }

  /// The same random operations on the model and in the transaction; each read on the way is compared too.
  private static func change(
    _ model: inout Model, _ transaction: inout WriteTransaction, _ random: inout SplitMix64
  ) throws(StoreError) {
    for _ in 0..<Int.random(in: 0...40, using: &random) {
      let key = (0..<Int.random(in: 1...3, using: &random)).map { _ in UInt8.random(in: 0...3, using: &random) }
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        // Lengths on both sides of what LMDB keeps inside a tree page.
        let length = Int.random(in: 0...([10, 3_000, 20_000].randomElement(using: &random) ?? 0), using: &random)
        let value = [UInt8](repeating: UInt8.random(in: 0...255, using: &random), count: length)
        try transaction.put(StoreFixture.pairs, key, value)
        model.pairs[key] = value
      case 5..<7:
        #expect(try transaction.delete(StoreFixture.pairs, key) == (model.pairs.removeValue(forKey: key) != nil))
      case 7:
        #expect(try transaction.copy(StoreFixture.pairs, key) == model.pairs[key])
      case 8:
        let id = UInt64.random(in: 1...6, using: &random)
        guard model.segments[id] == nil else { continue }
        let count = Int.random(in: 1...3, using: &random)
        for number in 0..<count {
          let bytes = [UInt8](repeating: UInt8(id), count: ExtentSize.small.usableBytes)
          try transaction.putExtent(
            segment: SegmentID(rawValue: id), number: number, size: .small, bytes.span, seal: Self.seal)
        }
        model.segments[id] = count
      default:
        let id = UInt64.random(in: 1...6, using: &random)
        #expect(
          try transaction.deleteExtents(of: SegmentID(rawValue: id)) == (model.segments.removeValue(forKey: id) ?? 0))
      }
    }
  }

  private static let seal = ExtentSeal { bytes, seed in UInt32(bytes.unsafeByte(0)) &+ seed }

  /// All that the environment holds, by scans; gets, counts and extents must agree with them.
  private static func read(_ environment: Store.Environment) throws -> Model {
    let pin = try environment.pin()
    var model = Model()
    try pin.forEach(StoreFixture.pairs) { key, value in model.pairs[key.array] = value.array }
    for (key, value) in model.pairs { try #require(try pin.copy(StoreFixture.pairs, key) == value) }
    try #require(try pin.count(StoreFixture.pairs) == model.pairs.count)
    for stored in try pin.storedSegments() {
      model.segments[stored.id.rawValue] = stored.extentCount
      // SAFETY: the pin outlives the spans; an extent has `valueBytes` bytes.
      let pointers = try unsafe pin.extentPointers(of: stored.id, size: .small, count: stored.extentCount)
      for number in 0..<stored.extentCount {
        let value = unsafe RawSpan(_unsafeStart: pointers[number], byteCount: ExtentSize.small.valueBytes)
        try #require(value.unsafeByte(0) == UInt8(stored.id.rawValue))
        let damaged = seal.damagedPieces(of: value, segment: stored.id, extent: number, size: .small)
        try #require(damaged.isEmpty)
      }
    }
    withExtendedLifetime(pin) {}
    return model
  }
}
