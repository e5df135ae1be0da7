internal import Glibc

/// How much the estimated size of one posting list shrinks when a document that is in it goes to the other half of a
/// range that is being cut in two.
///
/// A list with L documents in the left half (of n) and R in the right takes about
/// `L log2(n / (L + 1)) + R log2(n / (R + 1))` bits for its gaps (Dhulipala et al. 2016, section 4). With
/// `increment(x) = (x + 1) log2(x + 2) − x log2(x + 1)`, moving one from left to right saves
/// `increment(R) − increment(L − 1)`, and from right to left `increment(L) − increment(R − 1)`. Halves count as equally
/// large, which they are but for one document.
struct SwapGains {
  /// `increment(x)` for small x, which is most.
  private let table: [Float]

  init(tableCount: Int = 1 << 14) { table = (0..<tableCount).map { Self.increment(Double($0)) } }

  private static func increment(_ count: Double) -> Float {
    Float((count + 1) * log2(count + 2) - count * log2(count + 1))
  }

  @inline(__always)
  private func increment(_ count: Int32) -> Float {
    Int(count) < table.count ? table[Int(count)] : Self.increment(Double(count))
  }

  /// Bits saved by moving a document of the list from the half in which the list has `here` documents, at least one, to
  /// the half in which it has `there`.
  @inline(__always)
  func gain(here: Int32, there: Int32) -> Float { increment(there) - increment(here - 1) }
}
