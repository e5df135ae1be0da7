import Base
import CKernels
import Testing

@testable import ScoringCore

/// The kernels of the phrase layer against their scalar twins and against the definition.
@Suite struct NearnessKernelTests {
  @Test func theNearnessOfADocumentIsTakenOut() {
    var random = SplitMix64(seed: 31)
    for round in 0..<3_000 {
      let count = Int.random(in: 1...90, using: &random)
      // Now and then beyond what converts to a number with a sign, and beyond what is kept.
      let scale: Float = [1, 1, 1, 1e9, 1e12][round % 5]
      let sums = (0..<count).map { _ in
        Bool.random(using: &random) ? 0 : Float.random(in: 0.001...40, using: &random) * scale
      }
      let least = (0..<count).map { _ in Float.random(in: 0...60, using: &random) }
      let dropped = (0..<count).map { _ in UInt32.random(in: 0...60, using: &random) }
      let factor = Float.random(in: 0.1...3, using: &random)
      let chosen = Drained(sums, dropped, least, factor, isScalar: false)
      #expect(chosen == Drained(sums, dropped, least, factor, isScalar: true))
      for number in 0..<count {
        #expect(chosen.sums[number] == 0 && chosen.totals[number] == (sums[number] > 0 ? 1 : 0))
        guard sums[number] > 0 else { continue }
        let exact = sums[number] / NearTier.unit * LeafCursor.slack
        let quarters = exact < 4e9 ? UInt32(exact.rounded(.up)) : UInt32(4e9)
        let isHeavy = Float(quarters) * factor > least[number]
        #expect(chosen.heavy.contains { $0 == UInt32(number) } == isHeavy)
        #expect(chosen.dropped[number] == (isHeavy ? dropped[number] : max(dropped[number], quarters)))
      }
    }
  }

  @Test func theLargestOfManyIsFound() {
    var random = SplitMix64(seed: 32)
    for _ in 0..<3_000 {
      let kinds = [2, 40, 1_000_000].randomElement(using: &random) ?? 1
      let values = (0..<Int.random(in: 1...600, using: &random)).map { _ in
        Float(Int.random(in: 0...kinds, using: &random)) * 0.37
      }
      let rank = Int.random(in: 1...values.count, using: &random)
      let expected = values.sorted(by: >)[rank - 1]
      // SAFETY (both calls): the count is the array's, the rank inside.
      #expect(unsafe kwic_largest(values, values.count, rank) == expected)
      #expect(unsafe kwic_largest_scalar(values, values.count, rank) == expected)
    }
  }

  @Test func theHeaviestAreKept() {
    var random = SplitMix64(seed: 33)
    for _ in 0..<3_000 {
      let count = Int.random(in: 1...600, using: &random)
      let kinds = [1, 3, 1_000].randomElement(using: &random) ?? 1
      let weights = (0..<count).map { _ in Float(Int.random(in: 0...kinds, using: &random)) * 0.37 }
      let rank = Int.random(in: 1...count, using: &random)
      let bound = weights.sorted(by: >)[rank - 1]
      var entries = (0..<UInt64(count)).map { $0 * 3 }
      var light = [UInt64](repeating: 0, count: count)
      // SAFETY: the count is that of all arrays.
      let kept = unsafe kwic_keep_heaviest(&entries, weights, count, bound, rank, &light)
      let order = weights.indices.sorted { weights[$0] != weights[$1] ? weights[$0] > weights[$1] : $0 < $1 }
      #expect(kept == rank)
      #expect(Array(entries[..<kept]) == order[..<rank].sorted().map { UInt64($0) * 3 })
      #expect(Array(light[..<(count - kept)]) == order[rank...].sorted().map { UInt64($0) * 3 })
    }
  }

  private struct Drained: Equatable {
    var sums: [Float]
    var totals: [UInt32]
    var dropped: [UInt32]
    var heavy: [UInt32]
    var units: [UInt32]

    init(_ sums: [Float], _ dropped: [UInt32], _ least: [Float], _ factor: Float, isScalar: Bool) {
      let count = sums.count
      self.sums = sums
      self.dropped = dropped
      totals = Array(repeating: 0, count: count)
      heavy = totals
      units = totals
      // SAFETY: all arrays have `count` values and stay where they are during the call.
      let found = unsafe self.sums.withUnsafeMutableBufferPointer { sums in
        unsafe self.dropped.withUnsafeMutableBufferPointer { dropped in
          unsafe totals.withUnsafeMutableBufferPointer { totals in
            unsafe least.withUnsafeBufferPointer { least in
              let nearness = unsafe kwic_nearness(
                sums: sums.baseAddress, totals: totals.baseAddress, dropped: dropped.baseAddress,
                least: least.baseAddress, factor: factor, unit: NearTier.unit, slack: LeafCursor.slack)
              return unsafe isScalar
                ? kwic_drain_nearness_scalar(nearness, count, &heavy, &units)
                : kwic_drain_nearness(nearness, count, &heavy, &units)
            }
          }
        }
      }
      heavy = Array(heavy[..<found])
      units = Array(units[..<found])
    }
  }
}
