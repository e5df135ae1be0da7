import Base
import CKernels
import Testing

/// The kernels over positions against the definition, tried out on every pair.
@Suite struct PositionKernelTests {
  @Test func ascendingFromGaps() {
    var random = SplitMix64(seed: 8)
    for count in 0...140 {
      let gaps = (0..<count).map { _ in UInt32.random(in: 0...[0, 9, 1 << 20].randomElement(using: &random)!, using: &random) }
      let previous = UInt32.random(in: 0...UInt32.max, using: &random)
      var sum = previous
      let expected = gaps.map { gap -> UInt32 in
        sum = sum &+ gap &+ 1
        return sum
      }
      var chosen = gaps
      var scalar = gaps
      unsafe kwic_ascend(gaps, count, previous, &chosen)  // SAFETY: both have `count` values.
      unsafe kwic_ascend_scalar(gaps, count, previous, &scalar)  // SAFETY: both have `count` values.
      #expect(chosen == expected)
      #expect(scalar == expected)
      let total = unsafe kwic_sum(gaps, count)  // SAFETY: `count` values are there.
      #expect(total == gaps.reduce(0) { $0 + UInt64($1) })
    }
  }

  @Test func pairsAreTheNeighboursOfTheMergedOrder() {
    var random = SplitMix64(seed: 9)
    for _ in 0..<6_000 {
      let (rarer, other) = Self.lists(&random)
      let most = UInt32.random(in: 1...30, using: &random)
      for (before, after) in [(true, true), (true, false), (false, true)] {
        var expected: [UInt32] = []
        let merged = (rarer.map { ($0, 0) } + other.map { ($0, 1) }).sorted { $0.0 < $1.0 }
        for (left, right) in zip(merged, merged.dropFirst()) where left.1 != right.1 && right.0 - left.0 <= most {
          if left.1 == 1 ? before : after { expected += [left.0, right.0] }
        }
        var hulls = [UInt32](repeating: 0, count: 4 * rarer.count + 2)
        // SAFETY: the counts are the arrays', and the hulls have the room that the kernel asks for.
        let found = unsafe kwic_pairs(
          rarer, rarer.count, other, other.count, most, before ? 1 : 0, after ? 1 : 0, &hulls)
        var pair: [UInt32] = [0, 0]
        // SAFETY: the counts are the arrays'.
        let isFound = unsafe kwic_first_pair(
          rarer, rarer.count, other, other.count, most, before ? 1 : 0, after ? 1 : 0, &pair)
        #expect((isFound == 1) == !expected.isEmpty)
        let ends = Set(pair)
        #expect(isFound == 0 || pair[1] - pair[0] <= most && ends.intersection(rarer).count == 1
          && ends.intersection(other).count == 1 && (rarer.contains(pair[0]) ? after : before))
        #expect(Array(hulls.prefix(2 * found)) == expected, "\(rarer) \(other) \(most)")
      }
    }
  }

  /// The sum of the hulls that `kwic_pairs` finds and no border of a value cuts, added up in order, to the last bit.
  @Test func aWalkPastBitsFindsThePairs() {
    var random = SplitMix64(seed: 14)
    for _ in 0..<6_000 {
      var (walked, marked) = Self.lists(&random, base: [0, 1, 1_700, 9_000].randomElement(using: &random)!)
      if marked.isEmpty { marked.append(walked[walked.count - 1] + 3) }
      if Bool.random(using: &random) { (walked, marked) = (marked, walked) }
      let most = UInt32.random(in: 1...UInt32(KWIC_NEAR_MAX), using: &random)
      // The position between two values stays empty.
      let held = Set(walked + marked)
      let ends = (0..<Int.random(in: 0...4, using: &random)).map { _ in UInt32.random(in: 0...9_400, using: &random) }
      let valueEnds = Set(ends.filter { !held.contains($0) }).sorted() + [UInt32.max]
      var bits = [UInt64](repeating: .max, count: 1_024)
      bits[0] = 0
      for (before, after) in [(true, true), (true, false), (false, true)] {
        var expected: [Float] = []
        let merged = (walked.map { ($0, 0) } + marked.map { ($0, 1) }).sorted { $0.0 < $1.0 }
        for (left, right) in zip(merged, merged.dropFirst()) where left.1 != right.1 && right.0 - left.0 <= most {
          let isCut = valueEnds.contains { $0 > left.0 && $0 < right.0 }
          if left.1 == 1 ? before : after, !isCut { expected.append(1 / Float(right.0 - left.0)) }
        }
        let sum = expected.reduce(Float(0), +)
        var walk = Self.mark(marked, in: &bits, &random)
        (walk.max, walk.before, walk.after) = (most, before ? 1 : 0, after ? 1 : 0)
        walk.needed = -1
        Self.walk(&walk, walked, past: bits, valueEnds, &random)
        #expect(walk.sum == sum, "\(walked) \(marked) \(most) \(valueEnds)")
        // One that may end early is above what is needed exactly if the whole is; and not 0 where that was asked for.
        walk = Self.mark(marked, in: &bits, &random)
        (walk.max, walk.before, walk.after) = (most, before ? 1 : 0, after ? 1 : 0)
        walk.needed = Float.random(in: 0...4, using: &random)
        walk.most = before && after ? 2 : 1
        walk.least = Bool.random(using: &random) ? 1 / Float(most) : 0
        Self.walk(&walk, walked, past: bits, valueEnds, &random)
        #expect((walk.sum > walk.needed) == (sum > walk.needed), "\(walked) \(marked) \(most) \(valueEnds)")
        #expect(walk.sum <= walk.needed || walk.sum == sum)
        #expect(walk.least == 0 || (walk.sum > 0) == (sum > 0))
      }
    }
  }

  @Test func bitsNeedRoomBehindThem() {
    var bits = [UInt64](repeating: .max, count: 129)
    for position: UInt32 in [0, 5_886, 5_887, 5_888, 8_191, .max - 1] {
      var (previous, zeroed) = (UInt32.max, UInt32(0))
      // SAFETY: there is room for 8,192 bits.
      let fits = unsafe kwic_mark_positions([position], 1, &previous, &bits, &zeroed, 8_192)
      #expect((fits == 1) == (position < 8_192 - 256 - 2_048))
      #expect(bits[128] == .max)
    }
  }

  /// Sets the bits, in two parts, behind a first word of zeros.
  private static func mark(
    _ positions: [UInt32], in bits: inout [UInt64], _ random: inout SplitMix64
  ) -> kwic_near_walk {
    let gaps = gaps(positions)
    let cut = Int.random(in: 0...gaps.count, using: &random)
    var (previous, zeroed) = (UInt32.max, UInt32(0))
    for part in [Array(gaps[..<cut]), Array(gaps[cut...])] {
      let room = UInt32(64 * (bits.count - 1))
      // SAFETY: the bits behind the first word are the room.
      let fits = unsafe bits.withUnsafeMutableBufferPointer { bits in
        unsafe kwic_mark_positions(part, part.count, &previous, bits.baseAddress! + 1, &zeroed, room)
      }
      #expect(fits == 1)
    }
    var walk = kwic_near_walk()
    walk.end = positions[positions.count - 1] + 1
    walk.position = .max
    return walk
  }

  /// In two parts, as positions of two blocks.
  private static func walk(
    _ walk: inout kwic_near_walk, _ positions: [UInt32], past bits: [UInt64], _ valueEnds: [UInt32],
    _ random: inout SplitMix64
  ) {
    let gaps = gaps(positions)
    let cut = Int.random(in: 0..<gaps.count, using: &random)
    for (part, rest) in [(Array(gaps[..<cut]), gaps.count - cut), (Array(gaps[cut...]), 0)] where !part.isEmpty {
      // SAFETY: the bits begin behind a word of zeros.
      let goesOn = unsafe bits.withUnsafeBufferPointer { bits in
        unsafe kwic_walk_near(&walk, bits.baseAddress! + 1, valueEnds, part, part.count, rest)
      }
      if goesOn == 0 { return }
    }
  }

  @Test func candidatesAreKeptWhereTheNextWordFollows() {
    var random = SplitMix64(seed: 10)
    for _ in 0..<6_000 {
      let (candidates, positions) = Self.lists(&random)
      let place = UInt32.random(in: 0...4, using: &random)
      var kept = candidates
      // SAFETY: the counts are the arrays'.
      let count = unsafe kwic_keep_followed(&kept, kept.count, positions, positions.count, place)
      #expect(Array(kept.prefix(count)) == candidates.filter { positions.contains($0 + place) })
    }
  }

  @Test func sumsEndInFrontOfTheLastPlace() {
    var random = SplitMix64(seed: 12)
    let values = (0..<131).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) }
    for from in 0...128 {
      for to in from...128 {
        let sum = unsafe kwic_sum_between(values, from, to)  // SAFETY: three values stand behind place 128.
        #expect(sum == values[from..<to].reduce(0, &+))
      }
    }
  }

  @Test func somePositionIsNear() {
    var random = SplitMix64(seed: 13)
    for _ in 0..<6_000 {
      let (rarer, other) = Self.lists(&random)
      let least = Int64.random(in: -30...30, using: &random)
      let most = least + Int64.random(in: 0...[0, 3, 40].randomElement(using: &random)!, using: &random)
      let isNear = rarer.contains { position in
        other.contains { (least...most).contains(Int64($0) - Int64(position)) }
      }
      let (gaps, otherGaps) = (Self.gaps(rarer), Self.gaps(other))
      if !other.isEmpty {
        // SAFETY: the counts are the arrays'.
        let walked = unsafe kwic_stand_near(gaps, gaps.count, otherGaps, otherGaps.count, least, most)
        #expect((walked == 1) == isNear, "\(rarer) \(other) \(least) \(most)")
      }
      let begins = rarer.map { $0 &+ UInt32(truncatingIfNeeded: least) }
      let stop = UInt32(clamping: Int64(rarer[rarer.count - 1]) + most)
      // In two parts, as positions of two blocks.
      let cut = Int.random(in: 0...otherGaps.count, using: &random)
      var (previous, scalarPrevious) = (UInt32.max, UInt32.max)
      var (isFound, isFoundByScalar) = (false, false)
      for part in [Array(otherGaps[..<cut]), Array(otherGaps[cut...])] {
        // SAFETY: the counts are the arrays'.
        let found = unsafe kwic_any_within(
          begins, begins.count, UInt32(most - least), part, part.count, .max, &previous)
        isFound = isFound || found != 0
        // SAFETY: as above.
        let foundByScalar = unsafe kwic_any_within_scalar(
          begins, begins.count, UInt32(most - least), part, part.count, stop, &scalarPrevious)
        isFoundByScalar = isFoundByScalar || foundByScalar != 0
        if isFound { break }
      }
      #expect(isFound == isNear, "\(rarer) \(other) \(least) \(most)")
      #expect(isFoundByScalar == isNear, "\(rarer) \(other) \(least) \(most)")
      previous = .max
      // SAFETY: as above.
      let stopped = unsafe kwic_any_within(
        begins, begins.count, UInt32(most - least), otherGaps, otherGaps.count, stop, &previous)
      #expect((stopped != 0) == isNear, "\(rarer) \(other) \(least) \(most) to \(stop)")
    }
  }

  @Test func triplesAreTheMinimalWindows() {
    var random = SplitMix64(seed: 11)
    for _ in 0..<4_000 {
      let length = Int.random(in: 3...120, using: &random)
      let rarity = (0..<3).map { _ in Int.random(in: 1...30, using: &random) }
      var words: [[UInt32]] = [[], [], []]
      for position in 0..<length {
        for word in 0..<3 where Int.random(in: 0..<rarity[word] + 2, using: &random) == 0 {
          words[word].append(UInt32(position))
          break
        }
      }
      for word in 0..<3 where words[word].isEmpty { words[word].append(UInt32(length + word)) }
      let most = UInt32.random(in: 2...40, using: &random)
      var expected: [UInt32] = []
      for lo in words.joined().sorted() {
        // The nearest end for which all three stand inside, if no later beginning has it too.
        func end(_ from: UInt32) -> UInt32? {
          let ends = words.compactMap { word in word.first { $0 >= from } }
          return ends.count == 3 ? ends.max() : nil
        }
        guard let hi = end(lo), hi - lo <= most, end(lo + 1) != hi else { continue }
        expected += [lo, hi]
      }
      var hulls = [UInt32](repeating: 0, count: 2 * words.joined().count + 2)
      // SAFETY: the counts are the arrays', and the hulls have the room that the kernel asks for.
      let found = unsafe kwic_triples(
        words[0], words[0].count, words[1], words[1].count, words[2], words[2].count, most, 0, &hulls)
      #expect(Array(hulls.prefix(2 * found)) == expected, "\(words) \(most)")
      // SAFETY: as above.
      let some = unsafe kwic_triples(
        words[0], words[0].count, words[1], words[1].count, words[2], words[2].count, most, 1, &hulls)
      #expect((some > 0) == !expected.isEmpty && expected.starts(with: hulls.prefix(2 * some)))
    }
  }

  private static func gaps(_ positions: [UInt32]) -> [UInt32] {
    zip(positions, [UInt32.max] + positions).map { $0 &- $1 &- 1 }
  }

  /// Two ascending lists without a common value, of like and of very unlike length.
  private static func lists(_ random: inout SplitMix64, base: UInt32? = nil) -> ([UInt32], [UInt32]) {
    let length = Int.random(in: 1...400, using: &random)
    let rarity = Int.random(in: 1...40, using: &random)
    let base = base ?? (Bool.random(using: &random) ? 0 : UInt32.max - 1_000)
    var lists: ([UInt32], [UInt32]) = ([], [])
    for position in 0..<length {
      switch Int.random(in: 0..<2 * rarity, using: &random) {
      case 0: lists.0.append(base + UInt32(position))
      case 1...rarity: lists.1.append(base + UInt32(position))
      default: break
      }
    }
    if lists.0.isEmpty { lists.0.append(base + UInt32(length)) }
    return lists
  }
}
