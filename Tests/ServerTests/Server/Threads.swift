import Glibc
import Synchronization

/// Gives the processor to others for a moment, on a thread that may block.
func usleepShortly() { usleep(500) }

/// A number that several threads change.
final class SharedNumber: Sendable {
  private let number = Mutex(0)
  var value: Int { number.withLock { $0 } }
  func add(_ count: Int) { number.withLock { $0 += count } }
  func raise(to least: Int) { number.withLock { $0 = max($0, least) } }
}
