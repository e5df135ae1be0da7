import Dispatch
import Foundation
import Glibc

/// A socket for requests that a decent client would not send.
///
/// Reads and writes block, so they run on a queue of their own: the tests share the few threads of the tasks with the
/// daemon they talk to.
final class RawConnection: Sendable {
  private let descriptor: Int32
  private let queue = DispatchQueue(label: "raw connection")

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
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    // SAFETY: one `timeval`, copied by the call.
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// Sends all bytes, or fewer when the other side closes.
  func send(_ bytes: [UInt8]) async { await blocking { Self.send(bytes, $0) } }

  /// Says that nothing more will be sent; reading goes on.
  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// At most 64 KiB; empty at the end or when nothing comes for 30 seconds.
  func read() async -> [UInt8] { await blocking { Self.read($0) } }

  /// All that comes until the other side closes, or until nothing comes for 30 seconds.
  func readToEnd() async -> [UInt8] { await blocking { Self.readToEnd($0) } }

  /// Sends all bytes, then reads to the end: on one thread throughout, since a task may wait for its turn longer than a
  /// daemon waits for a client.
  func exchange(_ bytes: [UInt8]) async -> [UInt8] {
    await blocking { descriptor in
      Self.send(bytes, descriptor)
      return Self.readToEnd(descriptor)
    }
  }

  private static func send(_ bytes: [UInt8], _ descriptor: Int32) {
    var sent = 0
    while sent < bytes.count {
      // SAFETY: the pointer covers the array for the length of the call.
      let count = unsafe bytes[sent...].withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      sent += count
    }
  }

  private static func read(_ descriptor: Int32) -> [UInt8] {
    // SAFETY: the buffer has room for so many bytes, and as many as were read are said to be filled.
    unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, filled in
      filled = max(0, unsafe Glibc.read(descriptor, buffer.baseAddress, 1 << 16))
    }
  }

  private static func readToEnd(_ descriptor: Int32) -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let piece = read(descriptor)
      if piece.isEmpty { return all }
      all += piece
    }
  }

  private func blocking<Value: Sendable>(_ body: @escaping @Sendable (Int32) -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: body(self.descriptor)) }
    }
  }
}
