import Base
import Foundation
@testable import Server
import Synchronization
import TestSupport
import Testing

/// Queries that run on the event loop: only where nobody waits for it.
@Suite("Quick turns")
struct QuickTurnsTests {
  /// Time that stands until it is moved.
  private final class StandingTime: TimeSource {
    private let nanoseconds = Mutex<UInt64>(1_000_000_000)
    func monotonicNanoseconds() -> UInt64 { nanoseconds.withLock { $0 } }
    func epochSeconds() -> Int64 { 0 }
    func pass(_ nanoseconds: UInt64) { self.nanoseconds.withLock { $0 += nanoseconds } }
  }

  private final class Connection {}

  @Test("None within a moment of another connection's request")
  func others() {
    let time = StandingTime()
    let turns = QuickTurns(time: time)
    let (one, other) = (Connection(), Connection())
    func take(_ connection: Connection) -> Bool { turns.take(ObjectIdentifier(connection)) }
    #expect(take(one))
    #expect(!take(other))
    #expect(!take(other))
    time.pass(QuickTurns.othersNanoseconds + 1)
    #expect(take(other))
    #expect(!take(one))
    time.pass(QuickTurns.othersNanoseconds + 1)
    #expect(take(one))
    #expect(take(one))
  }

  @Test("None for a while after one has waited for the disk")
  func disk() {
    let time = StandingTime()
    let turns = QuickTurns(time: time)
    let one = Connection()
    turns.noteDisk()
    #expect(!turns.take(ObjectIdentifier(one)))
    time.pass(QuickTurns.afterDiskNanoseconds)
    #expect(turns.take(ObjectIdentifier(one)))
    #expect(turns.run { 7 } == 7)
  }

  // MARK: In the daemon

  private static let search = "GET /v1/search?query=word HTTP/1.1\r\nhost: kwic\r\n\r\n"

  /// Some documents, every piece of the index read once.
  private static func fill(_ fixture: DaemonFixture) async throws {
    _ = try await fixture.upload((0..<20).map { "{\"id\":\"\($0)\",\"body\":\"some word \($0)\"}\n" }.joined())
    for _ in 0..<2 { #expect(try await fixture.request("GET", "/v1/search?query=word&limit=20").status == 200) }
  }

  /// Asks until an answer came from the loop: code that runs for the first time may have to come from the disk, and then
  /// there are no turns for a while. Afterwards nobody asks for longer than a moment.
  private static func awaitTurns(_ fixture: DaemonFixture) async throws {
    let searches = fixture.daemon.service.searches
    for _ in 0..<400 where searches.load.quick == 0 {
      try await Task.sleep(for: .milliseconds(25))
      #expect(try await fixture.request("GET", "/v1/search?query=word").status == 200)
    }
    try #require(searches.load.quick > 0)
    try await Task.sleep(for: .milliseconds(5))
  }

  @Test("A lone client's quick query runs on the loop, counts like any other, and says the same")
  func alone() async throws {
    try await DaemonFixture.run { configuration, _ in
      configuration.keptAnswersBytesMax = 0
    } _: { fixture in
      try await Self.fill(fixture)
      try await Self.awaitTurns(fixture)
      let searches = fixture.daemon.service.searches
      let before = searches.load
      let quick = try await fixture.request("GET", "/v1/search?query=word")
      // Without a turn to take, a thread of the pool answers.
      fixture.daemon.service.quickTurns.noteDisk()
      let pooled = try await fixture.request("GET", "/v1/search?query=word")
      #expect(try quick.json["results"].array.count == 10)
      #expect(try quick.json["results"].array.map { try $0["id"].string } == pooled.json["results"].array.map { try $0["id"].string })
      #expect(searches.load.quick == before.quick + 1)
      #expect(searches.load.answered == before.answered + 2)
      #expect(searches.load.admitted == 0)
      #expect(searches.load.running == 0)
    }
  }

  @Test("None while another query runs, so that none overtakes those that wait")
  func besideASlowOne() async throws {
    try await DaemonFixture.run { configuration, _ in
      configuration.searchThreads = 2
      configuration.keptAnswersBytesMax = 0
    } _: { fixture in
      try await Self.fill(fixture)
      let searches = fixture.daemon.service.searches
      let gate = SearchPoolTests.Gate()
      defer { gate.open() }
      searches.submit(timeoutMilliseconds: 60_000, { () throws(APIError) in gate.pass() }) { _ in }
      try await SearchPoolTests.wait(searches) { $0.running == 1 }
      let before = searches.load.quick
      try await Task.sleep(for: .milliseconds(5))
      #expect(try await fixture.request("GET", "/v1/search?query=word").status == 200)
      #expect(try await fixture.request("GET", "/healthz").status == 200)
      #expect(searches.load.quick == before)
    }
  }

  @Test("One request after the other on one connection, each runs on the loop")
  func oneAfterTheOther() async throws {
    try await DaemonFixture.run { configuration, _ in
      configuration.keptAnswersBytesMax = 0
    } _: { fixture in
      try await Self.fill(fixture)
      try await Self.awaitTurns(fixture)
      let before = fixture.daemon.service.searches.load.quick
      let connection = try RawConnection(path: fixture.socket)
      for _ in 0..<5 {
        await connection.send(Array(Self.search.utf8))
        #expect(String(decoding: await connection.read(), as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
      }
      #expect(fixture.daemon.service.searches.load.quick == before + 5)
    }
  }

  @Test("A flood of searches sent ahead leaves the loop to others")
  func flood() async throws {
    try await DaemonFixture.run { configuration, _ in
      configuration.keptAnswersBytesMax = 0
    } _: { fixture in
      try await Self.fill(fixture)
      let before = fixture.daemon.service.searches.load
      let connection = try RawConnection(path: fixture.socket)
      let count = 200
      await connection.send(Array(String(repeating: Self.search, count: count).utf8))
      connection.endSending()
      let answers = String(decoding: await connection.readToEnd(), as: UTF8.self)
      #expect(answers.components(separatedBy: "HTTP/1.1 200 ").count == count + 1)
      let after = fixture.daemon.service.searches.load
      #expect(after.answered == before.answered + UInt64(count))
      // Of what is read in one turn of the loop the first at most: some ten thousand bytes are few turns.
      #expect(after.quick - before.quick <= UInt64(count / 4))
    }
  }

  @Test("What is no quick query is answered by the pool, with its errors")
  func dear() async throws {
    try await DaemonFixture.run { fixture in
      try await Self.fill(fixture)
      let before = fixture.daemon.service.searches.load.quick
      for (query, status) in [("wo*", 200), ("absent", 200), ("word%20)", 400), ("word&context=sentence", 200)] {
        try await Task.sleep(for: .milliseconds(3))
        #expect(try await fixture.request("GET", "/v1/search?query=\(query)").status == status)
      }
      #expect(fixture.daemon.service.searches.load.quick == before)
    }
  }
}
