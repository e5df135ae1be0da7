internal import Glibc

/// Okapi BM25 (Robertson, Walker 1994) for one query, with the norm's part of it in a table of 256 floats.
///
///     score = idf * (k1 + 1) * f / (f + K),  K = k1 * (1 - b + b * length / average)
///           = w - w / (1 + f * (1 / K)),     w = idf * (k1 + 1)
///
/// The second form is the one that is computed: every rounding step of it is monotone in f and in 1 / K, so a bound
/// from a larger frequency and a shorter document is never below the score it bounds, not by one bit.
public struct BM25: Sendable {
  public static let k1Default: Float = 1.2
  public static let bDefault: Float = 0.75

  public let k1: Float
  public let b: Float
  /// 1 / K for each norm, falling.
  let inverse: [Float]

  /// - Parameters:
  ///   - averageLength: Words of the snapshot divided by its documents; values below 1 count as 1.
  ///   - k1: At least 0: how slowly the frequency saturates.
  ///   - b: 0 to 1: how much the length counts.
  public init(averageLength: Float, k1: Float = k1Default, b: Float = bDefault) {
    precondition(k1 >= 0 && (0...1).contains(b))
    self.k1 = k1
    self.b = b
    let average = max(averageLength, 1)
    inverse = (0...255).map { norm in
      let length = Float(Norm.decode(UInt8(norm)))
      return min(1 / (k1 * (1 - b + b * length / average)), .greatestFiniteMagnitude)
    }
  }

  /// For those who need a ranking and no scores: the factors are computed once.
  static let unranked = BM25(averageLength: 1)

  /// ln(1 + (N - df + 0.5) / (df + 0.5)): above 0 for every df up to N; beyond N it counts as N.
  public static func idf(documentFrequency: UInt64, documentCount: UInt64) -> Float {
    let df = Double(documentFrequency)
    let count = max(Double(documentCount), df)
    return Float(log(1 + (count - df + 0.5) / (df + 0.5)))
  }

  /// The factor of a unit whose boost times idf (or sum of idf) is `weight`.
  @inline(__always)
  func scale(_ weight: Float) -> Float { weight * (k1 + 1) }

  /// The score of a unit: `scale` from `scale(_:)`, frequency, and norm.
  public func score(weight: Float, frequency: Float, norm: UInt8) -> Float {
    Self.score(scale: scale(weight), ratio: frequency * inverse[Int(norm)])
  }

  /// The score from f / K. Infinite ratios answer the limit, `scale`.
  @inline(__always)
  static func score(scale: Float, ratio: Float) -> Float { scale - scale / (1 + ratio) }
}
