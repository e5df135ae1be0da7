internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// Watches one connection: no endless wait for a request, none for a reader that does not read, and an error object for
/// bytes that are no HTTP.
///
/// - A whole request head must come within `timeout` of the connection or of the last answer. Counted from the
///   start, not from the last byte, so that one byte a second does not help.
/// - An answer that the other side does not read is given up after `timeout` without progress; not while it sends an
///   upload that is held back on this side, which it may want to finish first.
/// - Bodies are plain buffers on this side and what NIO wants on the other.
/// - What the HTTP parser refuses is answered with a JSON error object, if no answer has begun, and the connection ends.
final class ConnectionGuard: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = Connection.ResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let timeout: TimeAmount
  private var headTimer: Scheduled<Void>?
  private var writeTimer: Scheduled<Void>?
  private var isAnswering = false
  /// Whether a request has begun and not ended, and whether more of it is wanted: NIO asks only when it may come.
  private var isReceiving = false
  private var isMoreWanted = false
  /// Whether anything came since the reader was last looked at.
  private var hasReceived = false

  init(timeout: TimeAmount) { self.timeout = timeout }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { awaitHead(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    awaitHead(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    headTimer?.cancel()
    writeTimer?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isMoreWanted = false
    hasReceived = true
    switch unwrapInboundIn(data) {
    case .head:
      headTimer?.cancel()
      isReceiving = true
    case .body: break
    case .end: isReceiving = false
    }
    context.fireChannelRead(data)
  }

  func read(context: ChannelHandlerContext) {
    isMoreWanted = true
    context.read()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      if head.status.code >= 200 { isAnswering = true }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body(let piece): context.write(wrapOutboundOut(.body(.byteBuffer(piece))), promise: promise)
    case .end(let trailers):
      isAnswering = false
      awaitHead(context)
      context.write(wrapOutboundOut(.end(trailers)), promise: promise)
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    writeTimer?.cancel()
    if !context.channel.isWritable { awaitReader(context) }
    context.fireChannelWritabilityChanged()
  }

  private func awaitReader(_ context: ChannelHandlerContext) {
    hasReceived = false
    writeTimer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { [self] in
      if isReceiving, hasReceived || !isMoreWanted { awaitReader(context) } else { context.close(promise: nil) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard let parserError = error as? HTTPParserError, !isAnswering else {
      context.close(promise: nil)
      return
    }
    let answer =
      parserError == .headerOverflow
      ? APIError(
        .requestHeaderFieldsTooLarge, "head-too-large", "the request's path and headers are too long",
        remedy: "send the query as POST /v1/search with a JSON body")
      : APIError(.badRequest, "bad-request", "these bytes are no HTTP/1.1 request", remedy: "see the chapter of the server")
    let body = answer.json()
    let head = HTTPResponseHead(
      version: .http1_1, status: answer.status,
      headers: Response.headers(type: .json, length: body.count + 1, closes: true))
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body + [0x0A])))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
  }

  private func awaitHead(_ context: ChannelHandlerContext) {
    headTimer?.cancel()
    headTimer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { context.close(promise: nil) }
  }
}
