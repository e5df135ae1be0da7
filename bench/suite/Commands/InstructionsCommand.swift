internal import ArgumentParser
internal import Base
internal import CKernels

/// Calls one kernel a given number of times on fixed data, and nothing else: for counting instructions.
///
/// `bench/suite/Gate/instructions.py` runs it under callgrind twice and divides the difference by the calls: a figure
/// without noise, which changes only when the code or the compiler does.
struct InstructionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "instructions", abstract: "Call one kernel N times on fixed data, for counting its instructions.")

  enum Kernel: String, ExpressibleByArgument, CaseIterable {
    /// 128 documents from gaps of 7 bits.
    case unpack
    /// BM25 of 128 postings.
    case score
    /// The hulls of two words, 40 and 90 positions.
    case pairs
  }

  @Argument(help: "unpack, score or pairs.")
  var kernel: Kernel

  @Option(help: "How often.")
  var calls = 1_000

  func run() throws {
    var random = SplitMix64(seed: 7)
    let numbers = (0..<512).map { _ in UInt32(truncatingIfNeeded: random.next()) }
    let sum: UInt64 =
      switch kernel {
      case .unpack: unpack(numbers)
      case .score: score(numbers)
      case .pairs: pairs(&random)
      }
    Console.result(String(sum))
  }

  private func unpack(_ numbers: [UInt32]) -> UInt64 {
    var documents = [UInt32](repeating: 0, count: 128)
    var sum: UInt64 = 0
    for call in 0..<calls {
      // SAFETY: 112 bytes are read, of 2,048, and 128 values written.
      unsafe kwic_unpack_ascending_block(numbers, 7, UInt32(call), &documents)
      sum &+= UInt64(documents[127])
    }
    return sum
  }

  private func score(_ numbers: [UInt32]) -> UInt64 {
    let documents = numbers.prefix(128).map { $0 % 512 }
    let frequencies = numbers.suffix(128).map { 1 + $0 % 9 }
    let norms = numbers.map { UInt8(truncatingIfNeeded: $0) }
    let inverse = (0..<256).map { 1 / Float($0 + 1) }
    var scores = [Float](repeating: 0, count: 128)
    var sum: UInt64 = 0
    for call in 0..<calls {
      // SAFETY: 128 documents below 512, 512 norms, 256 factors, room for 128 scores.
      unsafe kwic_score(documents, frequencies, 128, norms, inverse, Float(call), &scores)
      sum &+= UInt64(scores[127].bitPattern)
    }
    return sum
  }

  private func pairs(_ random: inout SplitMix64) -> UInt64 {
    let places = Array(0..<UInt32(1_000)).shuffled(using: &random)
    let rarer = places.prefix(40).sorted()
    let other = places.suffix(90).sorted()
    var hulls = [UInt32](repeating: 0, count: 4 * rarer.count + 2)
    var sum: UInt64 = 0
    for _ in 0..<calls {
      // SAFETY: the counts are the arrays', and the hulls have the room that the kernel asks for.
      sum &+= UInt64(unsafe kwic_pairs(rarer, rarer.count, other, other.count, 10, 1, 1, &hulls))
    }
    return sum
  }
}
