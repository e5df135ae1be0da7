internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One connection to a daemon: requests one after the other, each answered before the next.
///
/// For use from one task, inside `withConnection`.
public final class Client {
  /// An answer with its whole body.
  public struct Answer: Sendable {
    public let status: Int
    /// One line of JSON for most requests, a line for each answer for streams; line ends included.
    public let body: [UInt8]

    public var isSuccess: Bool { (200..<300).contains(status) }
  }

  typealias RequestPart = HTTPPart<HTTPRequestHead, ByteBuffer>
  typealias Inbound = NIOAsyncChannelInboundStream<HTTPClientResponsePart>

  public let socketPath: String
  private let outbound: NIOAsyncChannelOutboundWriter<RequestPart>
  private var inbound: Inbound.AsyncIterator

  private init(
    socketPath: String, outbound: NIOAsyncChannelOutboundWriter<RequestPart>, inbound: Inbound.AsyncIterator
  ) {
    self.socketPath = socketPath
    self.outbound = outbound
    self.inbound = inbound
  }

  /// Connects, runs `body`, and closes.
  /// - Throws: `ClientError`, or what `body` throws.
  public static func withConnection<Value: Sendable>(
    to socketPath: String, _ body: (Client) async throws -> Value
  ) async throws -> Value {
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    let channel: NIOAsyncChannel<HTTPClientResponsePart, RequestPart>
    do {
      channel = try await bootstrap.connect(unixDomainSocketPath: socketPath) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(PlainBufferBodies())
          return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
        }
      }
    } catch {
      throw ClientError.notReachable(socket: socketPath, reason: reason(of: error))
    }
    return try await channel.executeThenClose { inbound, outbound in
      try await body(Client(socketPath: socketPath, outbound: outbound, inbound: inbound.makeAsyncIterator()))
    }
  }

  /// Sends a request without a body or with a JSON object as body, and reads the whole answer.
  public func request(_ method: String, _ path: String, json: [UInt8]? = nil) async throws -> Answer {
    try await send(method, path, type: "application/json", body: json)
  }

  /// Sends a JSON object and hands on the body of a success as it comes, so that an answer of any length needs little
  /// memory. The answer that is returned has no body then; a refusal has it.
  public func stream(_ path: String, json: [UInt8], _ take: ([UInt8]) throws -> Void) async throws -> Answer {
    try await send("POST", path, type: "application/json", body: json, take)
  }

  /// Gets an answer of any length, handing its body on as it comes.
  public func stream(_ path: String, _ take: ([UInt8]) throws -> Void) async throws -> Answer {
    try await send("GET", path, type: "", body: nil, take)
  }

  /// Sends JSON Lines in one request and reads the answers to all of them.
  ///
  /// - Parameter lines: a request's worth, some megabytes: more is better sent as several.
  public func upload(_ lines: [UInt8]) async throws -> Answer {
    try await send("POST", "/v1/documents", type: "application/x-ndjson", body: lines)
  }

  private func send(_ method: String, _ path: String, type: String, body: [UInt8]?) async throws -> Answer {
    var whole: [UInt8] = []
    let answer = try await send(method, path, type: type, body: body) { whole += $0 }
    return answer.isSuccess ? Answer(status: answer.status, body: whole) : answer
  }

  private func send(
    _ method: String, _ path: String, type: String, body: [UInt8]?, _ take: ([UInt8]) throws -> Void
  ) async throws -> Answer {
    var headers = HTTPHeaders([("host", "kwic")])
    if let body {
      headers.add(name: "content-type", value: type)
      headers.add(name: "content-length", value: String(body.count))
    }
    let head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: path, headers: headers)
    var parts: [RequestPart] = [.head(head)]
    if let body { parts.append(.body(ByteBuffer(bytes: body))) }
    parts.append(.end(nil))
    // A daemon may answer and close before it has read, or this side has said, everything: what it answered counts, and
    // without an answer the reading fails too.
    try? await outbound.write(contentsOf: parts)
    return try await answer(take)
  }

  private func answer(_ take: ([UInt8]) throws -> Void) async throws -> Answer {
    var status = 0
    var body: [UInt8] = []
    while let part = try await nextPart() {
      switch part {
      case .head(let head): status = Int(head.status.code)
      case .body(let piece):
        if (200..<300).contains(status) {
          try take(Array(piece.readableBytesView))
        } else {
          body.append(contentsOf: piece.readableBytesView)
        }
      case .end where status >= 200: return Answer(status: status, body: body)
      case .end: continue
      }
    }
    throw ClientError.cutOff(socket: socketPath)
  }

  /// Nil where the connection has ended.
  private func nextPart() async throws -> HTTPClientResponsePart? {
    do {
      return try await inbound.next(isolation: #isolation)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      // An answer that was cut in the middle, or none at all.
      throw ClientError.cutOff(socket: socketPath)
    }
  }

  private static func reason(of error: any Error) -> String {
    guard let system = error as? IOError else { return "\(error)" }
    return switch system.errnoCode {
    case ENOENT: "no such socket"
    case ECONNREFUSED: "nobody listens"
    case EACCES: "not permitted"
    default: "\(system)"
    }
  }
}

/// Bodies are plain buffers on the client's side and what NIO wants on the other.
private final class PlainBufferBodies: ChannelOutboundHandler {
  typealias OutboundIn = Client.RequestPart
  typealias OutboundOut = HTTPClientRequestPart

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let part: HTTPClientRequestPart =
      switch unwrapOutboundIn(data) {
      case .head(let head): .head(head)
      case .body(let piece): .body(.byteBuffer(piece))
      case .end(let trailers): .end(trailers)
      }
    context.write(wrapOutboundOut(part), promise: promise)
  }
}
