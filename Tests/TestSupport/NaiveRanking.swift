internal import Glibc

/// BM25 written for reading: the formula of the ranking, and the lengths as one byte can hold them.
public struct NaiveRanking: Sendable {
  public var k1 = 1.2
  public var b = 0.75

  public init() {}

  /// ln(1 + (N − df + 0.5) / (df + 0.5)).
  public func idf(documents: Int, documentFrequency: Int) -> Double {
    log(1 + (Double(documents - documentFrequency) + 0.5) / (Double(documentFrequency) + 0.5))
  }

  public func score(idf: Double, frequency: Double, length: Int, averageLength: Double) -> Double {
    guard frequency > 0 else { return 0 }
    let norm = k1 * (1 - b + b * Double(Self.representable(length)) / averageLength)
    return idf * (k1 + 1) * frequency / (frequency + norm)
  }

  /// The greatest length not above `length` that a norm of one byte can stand for.
  ///
  /// Those are 0, 1, … 39, and above them 24 + (8 + i) · 2^s: three bits after the leading one, as in Lucene's
  /// SmallFloat.
  public static func representable(_ length: Int) -> Int {
    guard length >= 40 else { return length }
    let rest = length - 24
    var step = 1
    while rest / step >= 16 { step *= 2 }
    return 24 + rest / step * step
  }
}
