internal import Dispatch
internal import Glibc

/// Waits for the request to stop, from a service manager (SIGTERM) or a terminal (SIGINT).
public enum TerminationSignal {
  /// Returns when the first of them comes. A second one ends the process at once, for when stopping takes too long.
  public static func wait() async {
    for await _ in arrivals() { break }
  }

  /// The numbers of the signals as they come, from now on and as long as the stream is kept.
  static func arrivals() -> AsyncStream<Int32> {
    let (arrivals, continuation) = AsyncStream.makeStream(of: Int32.self)
    // SAFETY: dispatch sources may be used from any thread; the module has not said so to the compiler.
    nonisolated(unsafe) let sources = [SIGTERM, SIGINT].map { number in
      // Without this the signal's own effect, the end of the process, would come first.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield(number) }
      source.resume()
      return source
    }
    continuation.onTermination = { _ in
      for source in unsafe sources { source.cancel() }  // SAFETY: as above.
      for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
    }
    return arrivals
  }
}
