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
  func exchange(_ bytes: String) throws -> String {
    let connection = try RawConnection(path: socket)
    connection.send(Array(bytes.utf8))
    return String(decoding: connection.readToEnd(), as: UTF8.self)
  }
}

/// A blocking socket for requests that a decent client would not send.
final class RawConnection {
  private let descriptor: Int32

  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // SAFETY: test paths are shorter than the 108 bytes of `sun_path`; the address outlives the call.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
    let result = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw POSIXError(.ECONNREFUSED) }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    // SAFETY: one `timeval`, copied by the call.
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  func send(_ bytes: [UInt8]) {
    // SAFETY: the pointer covers the array for the length of the call.
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  /// At most `count` bytes; empty at the end or when nothing comes for 20 seconds.
  func read(_ count: Int = 1 << 16) -> [UInt8] {
    // SAFETY: the buffer has room for `count` bytes, and as many as were read are said to be filled.
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, unsafe Glibc.read(descriptor, buffer.baseAddress, count))
    }
  }

  func readToEnd() -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let piece = read()
      if piece.isEmpty { return all }
      all += piece
    }
  }
}
