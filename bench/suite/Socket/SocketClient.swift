internal import Glibc

/// One connection to an HTTP server on a Unix socket: a request, then its answer, on the calling thread. As little as
/// will do, so that what is measured is the server.
final class SocketClient {
  struct Reply {
    let status: Int
    /// Without the frame of chunks.
    let body: [UInt8]
  }

  private let descriptor: CInt
  /// Bytes that have come; what is behind an answer belongs to the next.
  private var received: [UInt8] = []
  private var piece = [UInt8](repeating: 0, count: 1 << 16)

  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard descriptor >= 0, bytes.count < 108 else { throw FileProblem(path: path, errno: ENAMETOOLONG) }
    // SAFETY: `sun_path` has 108 bytes, zeroed; fewer are written, so it stays terminated.
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    // SAFETY: a whole sockaddr_un that outlives the call.
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else {
      let code = errno
      close(descriptor)
      throw FileProblem(path: path, errno: code)
    }
  }

  deinit { close(descriptor) }

  /// Sends a whole request and waits for the whole answer.
  func exchange(_ request: [UInt8]) throws -> Reply {
    var sent = 0
    while sent < request.count {
      // SAFETY: the pointer covers the rest of the array for the length of the call.
      let count = unsafe request[sent...].withUnsafeBytes {
        unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw FileProblem(path: "the socket", errno: errno) }
      sent += count
    }
    let headEnd = try find([0x0D, 0x0A, 0x0D, 0x0A], from: 0)
    let head = String(decoding: received[..<headEnd], as: UTF8.self).lowercased()
    guard let status = head.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      throw WrongAnswer("no HTTP: \(head)")
    }
    let lines = head.split(separator: "\r\n")
    if let length = lines.first(where: { $0.hasPrefix("content-length:") }).flatMap({ Int($0.dropFirst(15).filter(\.isNumber)) }) {
      while received.count < headEnd + length { try receive() }
      defer { received.removeFirst(headEnd + length) }
      return Reply(status: status, body: Array(received[headEnd..<headEnd + length]))
    }
    return Reply(status: status, body: try chunks(from: headEnd))
  }

  private func chunks(from start: Int) throws -> [UInt8] {
    var body: [UInt8] = []
    var place = start
    while true {
      let end = try find([0x0D, 0x0A], from: place)
      guard let length = Int(String(decoding: received[place..<end - 2], as: UTF8.self), radix: 16) else {
        throw WrongAnswer("a chunk without its length")
      }
      while received.count < end + length + 2 { try receive() }
      body += received[end..<end + length]
      place = end + length + 2
      guard length > 0 else { break }
    }
    received.removeFirst(place)
    return body
  }

  /// The place behind `mark`.
  private func find(_ mark: [UInt8], from start: Int) throws -> Int {
    var place = start
    while true {
      while place + mark.count <= received.count {
        if received[place] == mark[0], received[place..<place + mark.count].elementsEqual(mark) { return place + mark.count }
        place += 1
      }
      try receive()
    }
  }

  private func receive() throws {
    // SAFETY: at most as many bytes are written as the array has.
    let count = unsafe piece.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { throw FileProblem(path: "the socket", errno: count == 0 ? ECONNRESET : errno) }
    received.append(contentsOf: piece[..<count])
  }
}
