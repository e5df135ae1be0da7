internal import Synchronization

/// The score that several executions of one query side by side know to be needed: each raises it when it has k documents
/// that are at least so good, and none keeps what is below.
///
/// Thread-safe, without a lock. Ties with it stay in, so the k best of all together do not depend on who was faster.
public final class SharedFloor: Sendable {
  /// The bits of a float that is not negative order as the float does.
  private let bits = Atomic<UInt32>(0)

  public init() {}

  @inline(__always)
  var value: Float { Float(bitPattern: bits.load(ordering: .relaxed)) }

  @inline(__always)
  func raise(to score: Float) {
    guard score > 0 else { return }
    bits.max(score.bitPattern, ordering: .relaxed)
  }
}
