import Foundation
import Glibc
import Logging
@testable import Server
import TestSupport

/// A daemon on a socket in a directory of its own, for one test.
struct DaemonFixture {
  let folder: TemporaryDirectory
  let daemon: Daemon

  /// Starts a daemon, runs `body`, stops the daemon.
  static func run<Value: Sendable>(
    _ change: (inout Configuration, TemporaryDirectory) throws -> Void = { _, _ in },
    _ body: (DaemonFixture) async throws -> Value
  ) async throws -> Value {
    let folder = try TemporaryDirectory("kwic-server")
    var configuration = Configuration()
    configuration.index = folder.path("index")
    configuration.socket = folder.path("kwic.sock")
    configuration.stopGraceMilliseconds = 2_000
    // Tests compute on all cores at once: a client's task may wait for its turn longer than a daemon waits for a client.
    configuration.idleTimeoutMilliseconds = 3_600_000
    try change(&configuration, folder)
    let daemon = try await Daemon.start(configuration, logger: quiet)
    let fixture = DaemonFixture(folder: folder, daemon: daemon)
    do {
      let value = try await body(fixture)
      await daemon.stop()
      return value
    } catch {
      await daemon.stop()
      throw error
    }
  }

  static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

  var socket: String { daemon.configuration.socket }

  func client<Value: Sendable>(_ body: (Client) async throws -> Value) async throws -> Value {
    try await Client.withConnection(to: socket, body)
  }

  /// One request on a connection of its own, its answer decoded.
  func request(_ method: String, _ path: String, json: String? = nil) async throws -> (status: Int, json: JSON) {
    let answer = try await client { try await $0.request(method, path, json: json.map { Array($0.utf8) }) }
    return (answer.status, try JSON(answer.body))
  }

  /// Sends JSON Lines; the answers line by line.
  func upload(_ lines: [UInt8]) async throws -> [JSON] {
    let answer = try await client { try await $0.upload(lines) }
    return try answer.body.split(separator: 0x0A).map { try JSON([UInt8]($0)) }
  }

  func upload(_ lines: String) async throws -> [JSON] { try await upload(Array(lines.utf8)) }

  /// Ids that a query finds, in the order of the ids.
  func ids(_ query: String) async throws -> [String] {
    let path = "/v1/search?limit=0&query=" + (query.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
    let answer = try await request("GET", path)
    return try answer.json["results"].array.map { try $0["id"].string }.sorted()
  }

  /// Sends bytes as they are and reads until the daemon closes.
  func exchange(_ bytes: String) async throws -> String {
    let connection = try RawConnection(path: socket)
    return String(decoding: await connection.exchange(Array(bytes.utf8)), as: UTF8.self)
  }
}
