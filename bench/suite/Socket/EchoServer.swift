internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// The least that an HTTP server of SwiftNIO can do: a fixed 200 to every request, on one event loop, on a Unix socket.
///
/// What a request takes here it takes anywhere; what an answer of the daemon takes beyond it is Kwic's.
enum EchoServer {
  /// Listens until the process ends.
  static func start(socket: String) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    _ = try await ServerBootstrap(group: group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
          try channel.pipeline.syncOperations.addHandler(Handler())
        }
      }
      .bind(unixDomainSocketPath: socket).get()
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard case .end = unwrapInboundIn(data) else { return }
      let body = ByteBuffer(staticString: "{\"status\":\"ok\"}\n")
      let headers = HTTPHeaders([
        ("content-type", "application/json"), ("content-length", String(body.readableBytes)),
      ])
      context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers))), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}
