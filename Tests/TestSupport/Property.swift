public import Base
internal import Glibc

/// A property that failed for one case, with what is needed to see that case alone.
public struct PropertyFailure: Error, CustomStringConvertible {
  public let name: String
  /// The seed of the failing case: `KWIC_SEED=<seed>` makes it the first case of the next run.
  public let seed: UInt64
  public let caseNumber: Int
  public let cause: String

  public var description: String {
    "property '\(name)' failed in case \(caseNumber): \(cause)\nagain: KWIC_SEED=\(seed) swift test --filter …"
  }
}

/// Runs a statement about random inputs for a number of seconds, each case with a seed of its own.
///
/// Inside the body use `try #require` (or throw): the error comes back with the seed of its case. A run prints its
/// seed and how many cases it had. Environment: `KWIC_SEED=n` fixes the seed of the first case, `KWIC_LONG=1` gives
/// every property twenty times its seconds.
public enum Property {
  /// Seconds a property may take when it does not say otherwise.
  public static let defaultSeconds = 2.0
  static let longFactor = 20.0

  /// - Parameters:
  ///   - name: says what holds, for the report.
  ///   - seconds: time cap; one case always runs, however long it takes.
  ///   - casesMax: stops earlier once this many cases held.
  ///   - body: one case; everything random in it comes from the generator it is given.
  /// - Throws: `PropertyFailure` for the first case that throws.
  public static func check(
    _ name: String, seconds: Double = defaultSeconds, casesMax: Int = .max,
    _ body: (inout SplitMix64) throws -> Void
  ) throws {
    let clock = SystemTime()
    let factor = Environment.isSet("KWIC_LONG") ? longFactor : 1
    let end = clock.monotonicNanoseconds() + UInt64(seconds * factor * 1e9)
    let firstSeed = Environment.integer("KWIC_SEED") ?? UInt64.random(in: 1...(1 << 53))
    var seeds = SplitMix64(seed: firstSeed)
    var seed = firstSeed
    var cases = 0
    repeat {
      var random = SplitMix64(seed: seed)
      do {
        try body(&random)
      } catch {
        let failure = PropertyFailure(name: name, seed: seed, caseNumber: cases, cause: String(describing: error))
        log(failure.description)
        throw failure
      }
      cases += 1
      seed = seeds.next() >> 11
    } while cases < casesMax && clock.monotonicNanoseconds() < end
    log("property '\(name)': \(cases) cases held, seed \(firstSeed)")
  }

  /// One line on standard error in one write, so that tests that run side by side do not mix their lines.
  public static func log(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // SAFETY: the pointer covers the array's bytes for the length of the call.
    _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
  }
}
