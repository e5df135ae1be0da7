internal import Base
internal import Index
internal import Synchronization

/// What the threads that read files deliver.
extension WatchLoop {
  /// Takes what was delivered, without waiting, and lets threads go on for which there is room.
  mutating func takeReadings() {
    let delivered = shared.shared.withLock { shared in
      defer { shared.readings = [] }
      return shared.readings
    }
    for (reading, news) in delivered { take(news, of: reading) }
    while inFlightBytes < options.waitingBytesMax, let reading = held.popLast() { reading.goOn() }
  }

  private mutating func take(_ news: FileReading.News, of reading: FileReading) {
    let path = reading.path
    switch news {
    case .absent: looks.settle(path, at: now)
    case .unreadable(let error): record(failure: path, .unknown, error)
    case .piece(let piece):
      for problem in piece.problems { note(problem, path) }
      report.problems += piece.untoldProblems
      let record = piece.update.record
      hand(.file(piece.update), path, record, byteCount: piece.byteCount, origins: piece.origins)
      if piece.update.part == .first || piece.update.part == .middle {
        held.append(reading)
        return
      }
      if record.state == .indexed { report.files += 1 }
    }
    readings[path] = nil
    if lookedAtWhileRead.remove(path) != nil { looks.settle(path, at: now) }
  }

  /// Ends the threads: those that wait for room, and those that read, at their next piece.
  mutating func stopReading() {
    shared.shared.withLock { $0.isStopped = true }
    for reading in readings.values { reading.goOn() }
    pool.stop(threads: poolThreads)
  }
}
