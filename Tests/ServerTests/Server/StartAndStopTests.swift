import Foundation
import Glibc
@testable import Server
import TestSupport
import Testing

/// Locks, stale sockets and the order of stopping.
@Suite("Start and stop", .serialized)
struct StartAndStopTests {
  @Test("A second daemon on the same index ends with 75 and leaves the first one's socket alone")
  func secondDaemon() async throws {
    try await DaemonFixture.run { fixture in
      let error = await #expect(throws: DaemonError.self) {
        _ = try await Daemon.start(fixture.daemon.configuration, logger: DaemonFixture.quiet)
      }
      #expect(error?.exitStatus == 75)
      let health = try await fixture.request("GET", "/healthz")
      #expect(health.status == 200)
    }
  }

  @Test("A socket that nobody listens on is taken over; one that is answered, or a file, is not")
  func staleSocket() async throws {
    let folder = try TemporaryDirectory("kwic-stale")
    let stale = folder.path("stale.sock")
    close(try UnixSocket.listen(path: stale, isOpenToGroup: false))
    #expect(FileManager.default.fileExists(atPath: stale))
    try UnixSocket.removeStale(path: stale)
    #expect(!FileManager.default.fileExists(atPath: stale))
    let live = folder.path("live.sock")
    let descriptor = try UnixSocket.listen(path: live, isOpenToGroup: false)
    #expect(throws: UnixSocket.Problem.inUse(path: live)) { try UnixSocket.removeStale(path: live) }
    close(descriptor)
    let file = try folder.write([1], to: "file")
    #expect(throws: UnixSocket.Problem.occupied(path: file)) { try UnixSocket.removeStale(path: file) }
    let long = folder.path(String(repeating: "x", count: 100))
    #expect(throws: UnixSocket.Problem.pathTooLong(path: long)) { try UnixSocket.listen(path: long, isOpenToGroup: false) }
  }

  @Test("Stopping finishes the upload under way and keeps what it brought")
  func finishesRequests() async throws {
    let folder = try TemporaryDirectory("kwic-stop")
    var configuration = Configuration()
    configuration.index = folder.path("index")
    configuration.socket = folder.path("kwic.sock")
    let daemon = try await Daemon.start(configuration, logger: DaemonFixture.quiet)
    let fixture = DaemonFixture(folder: folder, daemon: daemon)
    let idle = try RawConnection(path: fixture.socket)
    let busy = try RawConnection(path: fixture.socket)
    let lines = (0..<500).map { "{\"id\":\"d\($0)\",\"body\":\"kept\"}\n" }.joined()
    await busy.send(
      Array("POST /v1/documents HTTP/1.1\r\nhost: kwic\r\ncontent-length: \(lines.utf8.count)\r\n\r\n".utf8))
    // The request is known to be under way once its answer has begun.
    #expect(String(decoding: await busy.read(), as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
    async let stopped: Void = daemon.stop()
    await busy.send(Array(lines.utf8))
    let answer = String(decoding: await busy.readToEnd(), as: UTF8.self)
    #expect(answer.contains(#""lines":500,"stored":500"#))
    #expect(await idle.readToEnd() == [])
    await stopped
    let again = try await Daemon.start(configuration, logger: DaemonFixture.quiet)
    #expect(again.documentCount == 500)
    await again.stop()
  }

  @Test("A request that never ends does not keep the daemon from stopping")
  func graceEnds() async throws {
    let folder = try TemporaryDirectory("kwic-grace")
    var configuration = Configuration()
    configuration.index = folder.path("index")
    configuration.socket = folder.path("kwic.sock")
    configuration.stopGraceMilliseconds = 300
    let daemon = try await Daemon.start(configuration, logger: DaemonFixture.quiet)
    let endless = try RawConnection(path: configuration.socket)
    await endless.send(Array("POST /v1/documents HTTP/1.1\r\nhost: kwic\r\ncontent-length: 1000\r\n\r\n".utf8))
    #expect(await endless.read() != [])
    let start = ContinuousClock.now
    await daemon.stop()
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(await endless.readToEnd() == [])
  }

  // One after the other: there is one stream at a time.
  @Test(
    "SIGTERM (15) and SIGINT (2) arrive instead of ending the process", .serialized, arguments: [15, 2] as [Int32])
  func signals(number: Int32) async throws {
    let arrivals = TerminationSignal.arrivals()
    kill(getpid(), number)
    for await arrived in arrivals {
      #expect(arrived == number)
      break
    }
    withExtendedLifetime(arrivals) {}
  }
}
