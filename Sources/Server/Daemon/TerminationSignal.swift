internal import Dispatch
internal import Glibc

/// Waits for the request to stop, from a service manager (SIGTERM) or a terminal (SIGINT), and for the one to read the
/// configuration again (SIGHUP).
///
/// A handler writes the number into a pipe, which a queue reads. (A signal source of Dispatch wants the signal ignored,
/// and what is ignored is thrown away where no thread happens to block it: for minutes, in a process whose first thread
/// has ended.)
public enum TerminationSignal {
  /// Where the handler writes; -1 while nobody listens.
  // SAFETY: written only while no handler is installed.
  private nonisolated(unsafe) static var writeEnd: CInt = -1

  /// Returns when the first request to stop comes. A second one ends the process at once, for when stopping takes too
  /// long. Until then `reload` runs at every SIGHUP.
  public static func wait(reload: () async -> Void = {}) async {
    for await number in arrivals() {
      if number != SIGHUP { break }
      await reload()
    }
  }

  /// The numbers of the signals as they come, from now on and as long as the stream is kept. One stream at a time.
  static func arrivals() -> AsyncStream<Int32> {
    let (arrivals, continuation) = AsyncStream.makeStream(of: Int32.self)
    var ends: [CInt] = [-1, -1]
    // SAFETY: the call fills two descriptors.
    guard unsafe pipe(&ends) == 0 else {
      // Without descriptors the signals keep their own effect, the end of the process.
      return arrivals
    }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    let (readEnd, writeEnd) = (ends[0], ends[1])
    unsafe Self.writeEnd = writeEnd  // SAFETY: no handler is installed yet.
    // SAFETY: dispatch sources may be used from any thread; the module has not said so to the compiler.
    nonisolated(unsafe) let source = DispatchSource.makeReadSource(fileDescriptor: readEnd, queue: .global())
    unsafe source.setEventHandler {
      var number: UInt8 = 0
      // SAFETY: one byte is read into a variable that outlives the call.
      while unsafe read(readEnd, &number, 1) == 1 { continuation.yield(Int32(number)) }
    }
    unsafe source.setCancelHandler {
      close(readEnd)
      close(writeEnd)
    }
    unsafe source.resume()
    for number in [SIGTERM, SIGINT, SIGHUP] { signal(number, handler) }
    continuation.onTermination = { _ in
      for number in [SIGTERM, SIGINT, SIGHUP] { signal(number, SIG_DFL) }
      // SAFETY: as above; the handlers are gone.
      unsafe source.cancel()
    }
    return arrivals
  }

  /// Does what a handler may: one write of one byte.
  private static let handler: @convention(c) (CInt) -> Void = { number in
    let before = errno
    var byte = UInt8(truncatingIfNeeded: number)
    // SAFETY: one byte that outlives the call; the descriptor is set before the handler is installed.
    _ = unsafe write(TerminationSignal.writeEnd, &byte, 1)
    errno = before
  }
}
