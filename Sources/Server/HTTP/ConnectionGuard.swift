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
/// - A connection that is to end does so when the answer that was written has left, unless `ConnectionEnd.now` says more.
/// - Bodies are plain buffers on this side and what NIO wants on the other.
/// - What the HTTP parser refuses is answered with a JSON error object, if no answer has begun, and the connection ends.
final class ConnectionGuard: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = Connection.ResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let timeout: TimeAmount
  /// When the next head must be whole; nil while a request is under way.
  private var headDeadline: NIODeadline?
  /// Goes off at a deadline that held when it was set. It is not moved with each request, which would cost more than
  /// looking again.
  private var headTimer: Scheduled<Void>?
  private var writeTimer: Scheduled<Void>?
  private var isAnswering = false
  /// The last answer said that it is the last: what follows is not looked at.
  private var isLast = false
  /// Ends of answers that have not left for the socket.
  private var unsentEnds = 0
  private var endsWhenSent = false
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
      headDeadline = nil
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
      if head.status.code >= 200 {
        isAnswering = true
        isLast = head.headers[canonicalForm: "connection"].contains("close")
      }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body(let piece): context.write(wrapOutboundOut(.body(.byteBuffer(piece))), promise: promise)
    case .end(let trailers):
      isAnswering = false
      awaitHead(context)
      unsentEnds += 1
      let sent = promise ?? context.eventLoop.makePromise()
      sent.futureResult.assumeIsolated().whenComplete { _ in self.sentEnd(context) }
      context.write(wrapOutboundOut(.end(trailers)), promise: sent)
    }
  }

  private func sentEnd(_ context: ChannelHandlerContext) {
    unsentEnds -= 1
    if endsWhenSent, unsentEnds == 0 { context.close(promise: nil) }
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .all, unsentEnds > 0, !isAnswering else { return context.close(mode: mode, promise: promise) }
    endsWhenSent = true
    if let promise { context.channel.closeFuture.cascade(to: promise) }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ConnectionEnd { return context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
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
    guard let parserError = error as? HTTPParserError, !isAnswering, !isLast else {
      return close(context: context, mode: .all, promise: nil)
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
    let deadline = NIODeadline.now() + timeout
    headDeadline = deadline
    if headTimer == nil { setHeadTimer(deadline, context) }
  }

  private func setHeadTimer(_ deadline: NIODeadline, _ context: ChannelHandlerContext) {
    headTimer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
      self.headTimer = nil
      guard let due = self.headDeadline else { return }
      if due <= NIODeadline.now() { context.close(promise: nil) } else { self.setHeadTimer(due, context) }
    }
  }
}

/// Tells a connection from outside that it ends.
enum ConnectionEnd {
  /// Whatever has not been sent.
  case now
}
