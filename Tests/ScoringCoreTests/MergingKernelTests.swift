import Base
import CKernels
import Testing

/// The kernels that unite and intersect lists, against sets and dictionaries.
@Suite struct MergingKernelTests {
  @Test func postingsOfTwoListsAreUnited() {
    var random = SplitMix64(seed: 21)
    for _ in 0..<4_000 {
      let (a, b) = (Self.postings(&random), Self.postings(&random))
      let form = UInt32(1) << UInt32.random(in: 0..<32, using: &random)
      let formsOfA = a.map { _ in UInt32.random(in: 1...UInt32.max, using: &random) & ~form }
      var expected: [UInt32: (frequency: UInt32, forms: UInt32)] = [:]
      for (posting, forms) in zip(a + b, formsOfA + b.map { _ in form }) {
        let known = expected[posting.0, default: (0, 0)]
        expected[posting.0] = ((known.frequency &+ posting.1) & 0x7FFF_FFFF, known.forms | forms)
      }
      var documents = [UInt32](repeating: 0, count: a.count + b.count)
      var (frequencies, forms) = (documents, documents)
      // SAFETY: the counts are the arrays', and the targets have room for both.
      let count = unsafe kwic_merge_forms(
        a.map(\.0), a.map(\.1), formsOfA, a.count, b.map(\.0), b.map(\.1), form, b.count, &documents, &frequencies,
        &forms)
      let ordered = expected.sorted { $0.key < $1.key }
      #expect(Array(documents.prefix(count)) == ordered.map(\.key))
      #expect(Array(frequencies.prefix(count)) == ordered.map(\.value.frequency))
      #expect(Array(forms.prefix(count)) == ordered.map(\.value.forms))
    }
  }

  @Test func positionsOfTwoFormsAreUnited() {
    var random = SplitMix64(seed: 22)
    for _ in 0..<4_000 {
      let (a, b) = (Self.postings(&random).map(\.0), Self.postings(&random).map(\.0))
      var values = a + b
      var scratch = values
      // SAFETY: the counts are the arrays'.
      let count = unsafe kwic_merge_positions(&values, a.count, values.count, &scratch)
      #expect(Array(values.prefix(count)) == Set(a + b).sorted())
    }
  }

  @Test func candidatesAreFoundInABlock() {
    var random = SplitMix64(seed: 23)
    for _ in 0..<4_000 {
      // A block holds 128 ascending documents, or fewer and terminators; no candidate is above the last of a full one.
      let span = [130, 300, 5_000].randomElement(using: &random)!
      let isFull = Bool.random(using: &random)
      let held = (0..<span).shuffled(using: &random).prefix(isFull ? 128 : Int.random(in: 1...127, using: &random))
      let documents = held.map(UInt32.init).sorted()
      let block = documents + [UInt32](repeating: .max, count: 128 - documents.count)
      let candidates = (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt32.random(in: 0..<UInt32(span), using: &random) }
      let asked = Set(candidates).filter { !isFull || $0 <= documents[127] }.sorted()
      let from = Int.random(in: 0..<128, using: &random) & ~15
      var places = [UInt32](repeating: 0, count: asked.count + 1)
      var documentPlaces = places
      // SAFETY: the counts are the arrays', the block has 128 values.
      let found = unsafe kwic_intersect(asked, asked.count, block, from, &places, &documentPlaces)
      let expected = asked.indices.filter { block[from...].contains(asked[$0]) }
      #expect(places.prefix(found).map(Int.init) == expected)
      #expect(documentPlaces.prefix(found).map { block[Int($0)] } == expected.map { asked[$0] })
    }
  }

  @Test func candidatesAreFoundInABitSet() {
    var random = SplitMix64(seed: 25)
    for _ in 0..<4_000 {
      let bits = (0..<Int.random(in: 1...9, using: &random)).map { _ in random.next() & random.next() }
      let set = Self.places(bits)
      var before = [UInt32](repeating: 0, count: bits.count)
      let count = unsafe kwic_count_before(bits, 8 * bits.count, &before)  // SAFETY: the counts are the arrays'.
      #expect(Int(count) == set.count)
      #expect(before == bits.indices.map { word in UInt32(set.prefix { $0 < 64 * word }.count) })
      let first = UInt32.random(in: 0...1_000, using: &random)
      let asked = Set((0..<Int.random(in: 0...200, using: &random)).map { _ in
        first + UInt32.random(in: 0..<UInt32(64 * bits.count + 100), using: &random)
      }).sorted()
      var places = [UInt32](repeating: 0, count: asked.count)
      var ranks = places
      // SAFETY: the counts are the arrays'.
      let found = unsafe kwic_intersect_bits(asked, asked.count, bits, 8 * bits.count, first, &places, &ranks)
      let expected = asked.indices.filter { set.contains(Int(asked[$0] - first)) }
      #expect(places.prefix(found).map(Int.init) == expected)
      #expect(ranks.prefix(found).map { set[Int($0)] } == expected.map { Int(asked[$0] - first) })
    }
  }

  @Test func bitsAndDocumentsAreMarkedInAWindow() {
    var random = SplitMix64(seed: 24)
    for _ in 0..<4_000 {
      let words = Int.random(in: 1...9, using: &random)
      let bits = (0..<Int.random(in: 0...6, using: &random)).map { _ in random.next() & random.next() }
      let offset = Int.random(in: -300...700, using: &random)
      let start = UInt32(1_000)
      let set = Self.places(bits)
      let expected = set.map { $0 + offset }.filter { (0..<64 * words).contains($0) }
      var window = [UInt64](repeating: 0, count: words)
      // SAFETY: the counts are the arrays'.
      let count = unsafe kwic_mark_bits(bits, 8 * bits.count, Int64(offset), &window, words)
      #expect(Int(count) == set.count)
      #expect(unsafe kwic_count_bits(bits, bits.count) == UInt64(set.count))  // SAFETY: as above.
      #expect(Self.places(window) == expected)
      let documents = set.map { UInt32($0 + offset + 1_000) }
      var other = [UInt64](repeating: 0, count: words)
      unsafe kwic_mark_documents(documents, documents.count, start, &other, words)  // SAFETY: as above.
      #expect(other == window)
    }
  }

  private static func places(_ window: [UInt64]) -> [Int] {
    (0..<64 * window.count).filter { window[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
  }

  private static func postings(_ random: inout SplitMix64) -> [(UInt32, UInt32)] {
    let span = [10, 100, 2_000].randomElement(using: &random)!
    let count = Int.random(in: 0...min(span, 130), using: &random)
    return (0..<span).shuffled(using: &random).prefix(count).sorted().map {
      (UInt32($0), UInt32.random(in: 1...[3, 1 << 30].randomElement(using: &random)!, using: &random))
    }
  }
}
