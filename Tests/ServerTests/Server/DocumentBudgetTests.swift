import Base
import NIOCore
import NIOPosix
@testable import Server
import Synchronization
import TestSupport
import Testing

/// What many uploads may take of memory at once, and that none waits for ever.
@Suite("Memory for documents on their way")
struct DocumentBudgetTests {
  private static func budget(_ bytesMax: Int, stallMilliseconds: Int64 = 60_000) -> DocumentBudget {
    DocumentBudget(
      bytesMax: bytesMax, stall: .milliseconds(stallMilliseconds), timers: MultiThreadedEventLoopGroup.singleton.next())
  }

  @Test("Uploads of small lines stay below it, all of them together, and all end")
  func smallLines() async {
    let budget = Self.budget(1_000)
    await withDiscardingTaskGroup { uploads in
      for upload in 0..<20 {
        uploads.addTask {
          var random = SplitMix64(seed: UInt64(upload))
          let share = budget.share {}
          for _ in 0..<200 {
            let bytes = Int.random(in: 1...100, using: &random)
            await share.take(bytes)
            share.handOver(bytes, leaving: 0)
            await Task.yield()
            budget.give(back: bytes)
          }
          share.end()
        }
      }
    }
    #expect(budget.load.bytes == 0)
    // One goes on above it where all of it is read and nothing is with the writer.
    #expect(budget.load.peakBytes <= 1_000 + 100)
    // Twenty of them do want more than it has.
    #expect(budget.load.peakBytes > 500)
  }

  @Test("A line larger than all of it is taken, from however many at once, one above it at a time")
  func longLines() async {
    let budget = Self.budget(1_000)
    let taken = SharedNumber()
    await withDiscardingTaskGroup { uploads in
      for _ in 0..<12 {
        uploads.addTask {
          let share = budget.share {}
          for _ in 0..<3 {
            var line = 0
            while line < 5_000 {
              await share.take(100)
              line += 100
              share.handOver(0, leaving: line)
            }
            share.handOver(line, leaving: 0)
            taken.add(1)
            await Task.yield()
            budget.give(back: line)
          }
          share.end()
        }
      }
    }
    #expect(taken.value == 36)
    #expect(budget.load.bytes == 0)
    #expect(budget.load.peakBytes <= 1_000 + 5_000)
  }

  @Test("Documents that are larger in memory than their lines hold the next ones back, and no commit is waited for in vain")
  func growth() async {
    let budget = Self.budget(1_000)
    let share = budget.share {}
    await share.take(100)
    share.handOver(1_500, leaving: 0)
    let other = budget.share {}
    let went = SharedNumber()
    async let later: Void = {
      await other.take(10)
      went.add(1)
    }()
    while budget.load.waiting == 0 { await Task.yield() }
    #expect(went.value == 0)
    budget.give(back: 1_500)
    await later
    #expect(budget.load.bytes == 10)
    other.end()
    share.end()
    #expect(budget.load.bytes == 0)
  }

  @Test("A client that stops in a line that fills it is given up where others wait")
  func silence() async {
    let budget = Self.budget(1_000, stallMilliseconds: 20)
    let isGivenUp = Mutex(false)
    let silent = budget.share { isGivenUp.withLock { $0 = true } }
    for line in 1...15 {
      await silent.take(100)
      silent.handOver(0, leaving: line * 100)
    }
    let other = budget.share {}
    async let waits: Void = other.take(100)
    while !isGivenUp.withLock({ $0 }) { await Task.yield() }
    // Its connection is closed, and its upload ends.
    silent.end()
    await waits
    #expect(budget.load.bytes == 100)
    other.end()
  }
}
