internal import Foundation
internal import Ingest

/// The first query after the index has left memory, as after a start of the machine: with Kwic's advice to the kernel
/// and with the kernel's own read-ahead.
struct ColdBenchmarks {
  /// What the first query of a class took.
  struct Row {
    let className: String
    /// Microseconds, medians over queries and rounds: cold with Kwic's advice, cold with the kernel's, warm.
    let advised: Double
    let readAhead: Double
    let warm: Double
    /// Page faults that waited for the disk, medians.
    let advisedFaults: Double
    let readAheadFaults: Double
    let queries: Int
  }

  private struct Sample {
    var microseconds = 0.0
    var faults = 0.0
    var warmMicroseconds = 0.0
  }

  let directory: String
  let rounds: Int

  /// The ten best documents of each query, each query the first one after the index was opened.
  func run(_ className: String, _ queries: [BenchQuery]) throws -> Row {
    var advised: [Sample] = []
    var readAhead: [Sample] = []
    for _ in 0..<rounds {
      for query in queries {
        advised.append(try first(query, readsAhead: false))
        readAhead.append(try first(query, readsAhead: true))
      }
    }
    return Row(
      className: className, advised: Self.median(advised.map(\.microseconds)),
      readAhead: Self.median(readAhead.map(\.microseconds)), warm: Self.median(advised.map(\.warmMicroseconds)),
      advisedFaults: Self.median(advised.map(\.faults)), readAheadFaults: Self.median(readAhead.map(\.faults)),
      queries: queries.count)
  }

  /// Opens the index with none of its file in memory, asks once, and once more.
  private func first(_ query: BenchQuery, readsAhead: Bool) throws -> Sample {
    try evict()
    let session = try EngineSession(directory: directory, readsAhead: readsAhead)
    defer { session.close() }
    let prepared = session.prepare(query)
    var sample = Sample()
    let faults = try Self.majorFaults()
    let cold = Stopwatch()
    let found = try session.top(10, prepared)
    sample.microseconds = Double(cold.nanoseconds) / 1_000
    sample.faults = try Self.majorFaults() - faults
    let warm = Stopwatch()
    guard try session.top(10, prepared) == found else { throw WrongAnswer("\(query.text), cold and warm") }
    sample.warmMicroseconds = Double(warm.nanoseconds) / 1_000
    return sample
  }

  /// Asks the kernel to drop the pages of the index, which no process may have mapped.
  private func evict() throws {
    let files = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
    for file in files where file.hasSuffix("data.mdb") {
      guard let handle = FileHandle(forReadingAtPath: "\(directory)/\(file)") else {
        throw FileProblem(path: file, errno: errno)
      }
      // What has not been written to the disk cannot be dropped.
      guard fsync(handle.fileDescriptor) == 0, posix_fadvise(handle.fileDescriptor, 0, 0, POSIX_FADV_DONTNEED) == 0
      else { throw FileProblem(path: file, errno: errno) }
      try handle.close()
    }
  }

  /// Page faults of this process that waited for the disk (proc_pid_stat(5), field 12).
  private static func majorFaults() throws -> Double {
    let fields = try TextFile.lines("/proc/self/stat").first?.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 9, let faults = Double(fields[9]) else { throw CorpusProblem("/proc/self/stat is no table") }
    return faults
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
  }
}
