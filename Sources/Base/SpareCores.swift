internal import Glibc
internal import Synchronization

/// How many cores nobody runs a query on: who runs one may take those that are spare for an expensive one.
///
/// Thread-safe, without a lock.
public final class SpareCores: Sendable {
  private let spare: Atomic<Int>

  /// Those of the machine.
  public convenience init() { self.init(count: Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

  /// - Parameter count: Cores in all; at least one.
  public init(count: Int) { spare = Atomic(max(1, count)) }

  /// Takes a core, spare or not: whoever runs a query does. It is given back by `give`.
  public func enter() { spare.subtract(1, ordering: .relaxed) }

  /// Takes up to `wanted` spare cores; answers how many. They are given back by `give`.
  public func take(_ wanted: Int) -> Int {
    var known = spare.load(ordering: .relaxed)
    while true {
      let taken = min(wanted, max(0, known))
      guard taken > 0 else { return 0 }
      let (exchanged, original) = spare.compareExchange(
        expected: known, desired: known - taken, ordering: .relaxed)
      if exchanged { return taken }
      known = original
    }
  }

  public func give(_ count: Int) { spare.add(count, ordering: .relaxed) }
}
