import Base
import NIOCore
import NIOPosix
@testable import Server
import Testing

/// Every deadline is answered exactly once: by whoever removes it, or by the watch when its time has come.
@Suite("Deadline watch")
struct DeadlineWatchTests {
  @Test("Of many deadlines in any order the removed ones stay quiet and the others go off in time", arguments: 1...4 as ClosedRange<UInt64>)
  func goesOff(seed: UInt64) async throws {
    let watch = DeadlineWatch(timers: MultiThreadedEventLoopGroup.singleton.next())
    var random = SplitMix64(seed: seed)
    let late = SharedNumber()
    var removed = 0
    let count = 400
    for _ in 0..<count {
      let deadline = NIODeadline.now() + .milliseconds(.random(in: 0...60, using: &random))
      let ticket = watch.add(deadline) {
        #expect(NIODeadline.now() >= deadline)
        late.add(1)
      }
      if Bool.random(using: &random), watch.remove(ticket) { removed += 1 }
    }
    let end = ContinuousClock.now + .seconds(20)
    while late.value + removed < count, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
    #expect(late.value + removed == count)
    try await Task.sleep(for: .milliseconds(100))
    #expect(late.value + removed == count, "seed \(seed)")
  }

  @Test("A deadline that was removed cannot be removed again")
  func onlyOnce() {
    let watch = DeadlineWatch(timers: MultiThreadedEventLoopGroup.singleton.next())
    let ticket = watch.add(.now() + .hours(1)) {}
    #expect(watch.remove(ticket))
    #expect(!watch.remove(ticket))
  }
}
