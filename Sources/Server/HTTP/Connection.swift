internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// The task of one client's connection: answers what takes long or comes and goes in pieces. Short requests do not come
/// this far (`ShortRequests`). The pipeline hands on one request at a time, so answers keep the order of the requests.
struct Connection {
  /// What reaches the task.
  enum Event: Sendable {
    /// A piece of a request that the task answers.
    case part(HTTPServerRequestPart)
    /// The long answer to a request that was a short one.
    case answer(ResponseStream, to: HTTPRequestHead)
  }

  typealias ResponsePart = HTTPPart<HTTPResponseHead, ByteBuffer>
  typealias AsyncChannel = NIOAsyncChannel<Event, ResponsePart>
  typealias Writer = NIOAsyncChannelOutboundWriter<ResponsePart>

  /// Body of a request that is no upload: a query and its options.
  static let bodyBytesMax = 64 << 10
  /// What is read of a body that nobody wants before the connection is closed instead.
  static let unwantedBytesMax = 1 << 20

  let channel: AsyncChannel
  let service: Service
  let logger: Logger

  /// Serves until the client goes, asks to close, or the daemon stops.
  func run() async {
    do {
      try await channel.executeThenClose { inbound, writer in
        var events = inbound.makeAsyncIterator()
        while let event = try await events.next(isolation: #isolation) {
          switch event {
          case .part(.head(let head)):
            var body = RequestBody(events: events)
            guard try await answer(head, &body, writer) else { return }
            events = body.events
          case .part: continue
          case .answer(let stream, let head): guard try await send(stream, to: head, writer) else { return }
          }
        }
      }
    } catch {
      // A client that goes in the middle is no trouble of ours.
      logger.debug("connection ended", metadata: ["reason": "\(error)"])
    }
  }

  /// Answers one request; false when the connection cannot be used again.
  private func answer(_ head: HTTPRequestHead, _ body: inout RequestBody, _ writer: Writer) async throws -> Bool {
    if head.headers[canonicalForm: "expect"].contains("100-continue") {
      try await writer.write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
    }
    let target = RequestTarget(head.uri)
    let route: Route
    do throws(APIError) {
      route = try Route(method: head.method, path: target.path)
      if service.isStopping { throw .stopping }
    } catch {
      service.metrics.refuse(error)
      let isWhole = try await body.drain(bytesMax: Self.unwantedBytesMax)
      return try await send(Response(error), to: head, writer, closes: !isWhole)
    }
    if route == .addDocuments {
      return try await DocumentUpload(
        service: service, writer: writer, giveUp: { [channel = channel.channel] in channel.close(promise: nil) }
      ).run(head, &body)
    }
    guard let bytes = try await body.collect(bytesMax: Self.bodyBytesMax) else {
      let error = APIError.tooLarge("the body", bytesMax: Self.bodyBytesMax)
      service.metrics.refuse(error)
      return try await send(Response(error), to: head, writer, closes: true)
    }
    switch await service.answer(to: route, queryString: target.queryString, body: bytes) {
    case .whole(let response): return try await send(response, to: head, writer)
    case .stream(let stream): return try await send(stream, to: head, writer)
    }
  }

  /// Sends piece after piece, each when the one before has left: a client that reads slowly is waited for, one that is
  /// gone ends the work.
  private func send(_ stream: ResponseStream, to head: HTTPRequestHead, _ writer: Writer) async throws -> Bool {
    let closes = !head.isKeepAlive || service.isStopping
    let headers = Response.headers(type: stream.type, length: nil, closes: closes)
    try await writer.write(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
    var pieces = stream.pieces
    while true {
      switch await pieces.next() {
      case .bytes(let bytes): try await writer.write(.body(ByteBuffer(bytes: bytes)))
      case .end:
        try await writer.write(.end(nil))
        return !closes
      case .cut(let bytes):
        try await writer.write(.body(ByteBuffer(bytes: bytes)))
        return false
      }
    }
  }

  private func send(
    _ response: Response, to head: HTTPRequestHead, _ writer: Writer, closes: Bool = false
  ) async throws -> Bool {
    let closes = closes || !head.isKeepAlive || service.isStopping
    try await writer.write(contentsOf: response.parts(closes: closes))
    return !closes
  }
}
