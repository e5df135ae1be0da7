internal import NIOCore
internal import NIOHTTP1

/// The bytes of one request as they come, read by one task at its own pace: what it does not read, the client cannot send.
struct RequestBody {
  typealias Events = NIOAsyncChannelInboundStream<Connection.Event>.AsyncIterator

  private(set) var events: Events
  private(set) var isEnded = false

  init(events: Events) { self.events = events }

  /// The next piece, or nil at the end of the request.
  /// - Throws: when the connection ends first.
  mutating func next() async throws -> ByteBuffer? {
    guard !isEnded else { return nil }
    while let event = try await events.next(isolation: #isolation) {
      switch event {
      case .part(.body(let piece)): return piece
      case .part(.end):
        isEnded = true
        return nil
      case .part(.head), .answer: throw RequestBodyError.cutOff
      }
    }
    throw RequestBodyError.cutOff
  }

  /// The whole body, or nil when it has more than `bytesMax` bytes (the rest is not read then).
  mutating func collect(bytesMax: Int) async throws -> [UInt8]? {
    var bytes: [UInt8] = []
    while let piece = try await next() {
      guard bytes.count + piece.readableBytes <= bytesMax else { return nil }
      bytes.append(contentsOf: piece.readableBytesView)
    }
    return bytes
  }

  /// Reads on to the end, so that the connection can carry another request; false when that is more than `bytesMax`.
  mutating func drain(bytesMax: Int) async throws -> Bool {
    var count = 0
    while let piece = try await next() {
      count += piece.readableBytes
      guard count <= bytesMax else { return false }
    }
    return true
  }
}

enum RequestBodyError: Error {
  /// The connection ended before the request did.
  case cutOff
}
