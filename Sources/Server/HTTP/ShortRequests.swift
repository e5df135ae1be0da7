internal import NIOCore
internal import NIOHTTP1

/// Answers requests that are one piece of work for a thread of the pool, without waking a task: the event loop reads the
/// request, a thread of the pool makes the whole answer, the event loop sends it.
///
/// Everything else goes on to the connection's task, piece by piece, and so does an answer that turns out to be long.
/// One request at a time comes in here, since the HTTP pipeline holds the next one back until the answer before is
/// written; and while the client does not read what it was sent, its next request is not begun.
///
/// On the event loop of its channel.
final class ShortRequests: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = Connection.Event
  typealias OutboundOut = Connection.ResponsePart

  private struct Request {
    let head: HTTPRequestHead
    let route: Route
    let queryString: String
    var body: [UInt8] = []
    /// It came while the answer before was being begun or sent: the client sends ahead.
    var isAhead = false
  }

  private enum State {
    case idle
    /// The body is still coming.
    case collecting(Request)
    /// The body is too large and still coming: it is read and dropped, since a client that is cut off while it sends may
    /// never see the answer. So many bytes of it have come.
    case dropping(HTTPRequestHead, byteCount: Int)
    /// Whole; waits for the client to read, or for the answer before to be out of the way.
    case held(Request)
    case answering(HTTPRequestHead)
    /// The task's request is still coming.
    case passing(HTTPRequestHead)
    /// The connection ends; nothing more is read.
    case closing
  }

  private let service: Service
  private var state = State.idle
  /// The client has sent all that it will: the connection ends with the answer under way.
  private var isInputClosed = false
  /// An answer is being begun or sent: what comes in meanwhile has its turn afterwards, not inside.
  private var isBusy = false
  /// A search was tried on the loop in this turn of it.
  private var hasTriedHere = false

  init(service: Service) { self.service = service }

  // MARK: Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    switch (part, state) {
    case (_, .closing): return
    case (.head(let head), _): begin(head, context)
    case (.body(let piece), .collecting(let request)): collect(piece, request, context)
    case (.body(let piece), .dropping(let head, let byteCount)):
      let total = byteCount + piece.readableBytes
      state = .dropping(head, byteCount: total)
      if total > Connection.unwantedBytesMax { refuseBody(head, context) }
    case (.end, .dropping(let head, _)): refuseBody(head, context)
    case (.end, .collecting(var request)):
      request.isAhead = isBusy
      state = .held(request)
      answerHeld(context)
    case (.end, .passing(let head)):
      state = head.isKeepAlive ? .idle : .closing
      context.fireChannelRead(wrapInboundOut(.part(part)))
    default: context.fireChannelRead(wrapInboundOut(.part(part)))
    }
  }

  /// All that was there to be read in this turn of the loop has been read.
  func channelReadComplete(context: ChannelHandlerContext) {
    hasTriedHere = false
    context.fireChannelReadComplete()
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let target = RequestTarget(head.uri)
    // A request that is refused goes to the task, which knows how to get rid of its body.
    guard !service.isStopping, let route = try? Route(method: head.method, path: target.path), route.isShort else {
      state = .passing(head)
      return context.fireChannelRead(wrapInboundOut(.part(.head(head))))
    }
    state = .collecting(Request(head: head, route: route, queryString: target.queryString))
    if head.headers[canonicalForm: "expect"].contains("100-continue") {
      context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }
  }

  private func collect(_ piece: ByteBuffer, _ request: Request, _ context: ChannelHandlerContext) {
    var request = request
    state = .idle
    guard request.body.count + piece.readableBytes <= Connection.bodyBytesMax else {
      state = .dropping(request.head, byteCount: request.body.count + piece.readableBytes)
      return
    }
    request.body.append(contentsOf: piece.readableBytesView)
    state = .collecting(request)
  }

  private func refuseBody(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let error = APIError.tooLarge("the body", bytesMax: Connection.bodyBytesMax)
    service.metrics.refuse(error)
    send(Response(error), to: head, closes: true, context)
  }

  // MARK: Answering

  /// Begins what waits, as soon as it may. A loop: answers that are there at once do not nest, however many requests
  /// were sent ahead.
  private func answerHeld(_ context: ChannelHandlerContext) {
    guard !isBusy else { return }
    isBusy = true
    while case .held(let request) = state, context.channel.isWritable {
      state = .answering(request.head)
      answer(request, context)
    }
    isBusy = false
  }

  private func answer(_ request: Request, _ context: ChannelHandlerContext) {
    var work: PooledWork
    do throws(APIError) {
      guard let needed = try service.work(for: request.route, queryString: request.queryString, body: request.body)
      else { return send(service.health, to: request.head, context) }
      work = needed
    } catch {
      return send(service.refusal(error, of: request.route), to: request.head, context)
    }
    if let known = work.known { return send(known, to: request.head, context) }
    switch request.isAhead || hasTriedHere ? .unknown : answerHere(work, context) {
    case .answer(let response): return send(response, to: request.head, context)
    case .rest(let rest): work = PooledWork(timeoutMilliseconds: work.timeoutMilliseconds, run: rest)
    case .unknown: break
    }
    let loop = context.eventLoop
    let bound = NIOLoopBound((handler: self, context: context), eventLoop: loop)
    let route = request.route
    service.searches.submit(timeoutMilliseconds: work.timeoutMilliseconds, work.run) { [service] result in
      let answer: Answer
      switch result {
      case .success(let made): answer = made
      case .failure(let error): answer = .whole(service.refusal(error, of: route))
      }
      loop.execute { bound.value.handler.finish(answer, bound.value.context) }
    }
  }

  /// Tries quick work here and now, where nobody else waits for this thread. Not for what a client sends ahead: many such
  /// pieces in a row would be no quick ones.
  private func answerHere(_ work: PooledWork, _ context: ChannelHandlerContext) -> QuickAnswer {
    let turns = service.quickTurns
    guard let quick = work.quick, turns.take(ObjectIdentifier(context.channel)) else { return .unknown }
    hasTriedHere = true
    return turns.run { service.searches.runHere(quick) }
  }

  private func finish(_ answer: Answer, _ context: ChannelHandlerContext) {
    // The connection may have ended meanwhile.
    guard case .answering(let head) = state else { return }
    switch answer {
    case .whole(let response):
      isBusy = true
      send(response, to: head, context)
      isBusy = false
      answerHeld(context)
    case .stream(let stream):
      state = head.isKeepAlive ? .idle : .closing
      context.fireChannelRead(wrapInboundOut(.answer(stream, to: head)))
      context.fireChannelReadComplete()
      if isInputClosed { context.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }
    }
  }

  private func send(
    _ response: Response, to head: HTTPRequestHead, closes: Bool = false, _ context: ChannelHandlerContext
  ) {
    let closes = closes || isInputClosed || !head.isKeepAlive || service.isStopping
    // The pipeline may hand on the next request while the end of this answer is written.
    state = closes ? .closing : .idle
    for part in response.parts(closes: closes) { context.write(wrapOutboundOut(part), promise: nil) }
    context.flush()
    // The guard sees to it that what was written leaves first.
    if closes { context.close(promise: nil) }
  }

  // MARK: The connection

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    answerHeld(context)
    context.fireChannelWritabilityChanged()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed? = event as? ChannelEvent {
      isInputClosed = true
      switch state {
      // The task learns of it when it has the answer, or with the answer.
      case .held, .answering: return
      // Half a request is none.
      case .collecting, .dropping: return context.close(promise: nil)
      case .idle, .passing, .closing: break
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    state = .closing
    context.fireChannelInactive()
  }
}
