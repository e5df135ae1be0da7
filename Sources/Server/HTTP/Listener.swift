internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Accepts connections on the socket and serves each in a task of its own, until it is told to stop.
final class Listener: Sendable {
  /// How a listener treats its clients.
  struct Options: Sendable {
    /// Connections at one time; more are closed at once.
    var connectionsMax = 1_024
    /// For a whole request head, and for progress of an answer.
    var idleTimeout = TimeAmount.seconds(60)
    /// Path and headers of a request together.
    var headBytesMax = 64 << 10
    /// Clients of other users are let in (the rights of the socket file decide); else only this user and root.
    var isOpenToGroup = false
  }

  /// A connection as it was accepted.
  private struct Accepted: Sendable {
    let connection: Connection.AsyncChannel
    /// Whether it is served.
    let isTaken: Bool
  }

  let options: Options
  private let admission: Admission
  private let service: Service
  private let logger: Logger
  private let server: NIOAsyncChannel<Accepted, Never>

  /// Starts to accept on a descriptor that listens already.
  init(
    descriptor: CInt, group: any EventLoopGroup, service: Service, options: Options, logger: Logger
  ) async throws {
    self.options = options
    self.service = service
    self.logger = logger
    let admission = Admission(options, metrics: service.metrics, logger: logger)
    self.admission = admission
    server = try await ServerBootstrap(group: group)
      // Who asks and says that it will ask nothing more is answered.
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .bind(descriptor) { channel in
        admission.admit(channel).flatMapThrowing { isTaken in
          Accepted(connection: try Self.prepare(channel, options, isTaken ? service : nil), isTaken: isTaken)
        }
      }
  }

  var connectionCount: Int { admission.count }

  /// HTTP/1.1 with the guard around it: socket → decoder and encoder → pipeline → guard → short requests → the
  /// connection's task.
  private static func prepare(
    _ channel: any Channel, _ options: Options, _ service: Service?
  ) throws -> Connection.AsyncChannel {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderListSize = options.headBytesMax
    limits.maxHeaderFieldSize = options.headBytesMax
    let pipeline = channel.pipeline.syncOperations
    if let service {
      try pipeline.configureHTTPServerPipeline(
        withErrorHandling: false, withEncoderConfiguration: HTTPResponseEncoder.Configuration(),
        withDecoderLimitConfiguration: limits)
      try pipeline.addHandler(ConnectionGuard(timeout: options.idleTimeout))
      try pipeline.addHandler(ShortRequests(service: service))
    }
    // What was read and not yet taken: at most some pieces of 64 KiB a connection.
    let backPressure = NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark(lowWatermark: 1, highWatermark: 2)
    return try NIOAsyncChannel(
      wrappingChannelSynchronously: channel, configuration: .init(backPressureStrategy: backPressure))
  }

  /// Serves until `stop()`; returns when the last connection has ended.
  func run() async {
    do {
      try await server.executeThenClose { connections in
        await withDiscardingTaskGroup { tasks in
          do {
            for try await channel in connections {
              tasks.addTask { await self.serve(channel) }
            }
          } catch {
            self.logger.error("accepting failed", metadata: ["reason": "\(error)"])
          }
        }
      }
    } catch {
      logger.debug("listener closed", metadata: ["reason": "\(error)"])
    }
  }

  private func serve(_ accepted: Accepted) async {
    guard accepted.isTaken else {
      try? await accepted.connection.executeThenClose { _, _ in }
      return
    }
    await Connection(channel: accepted.connection, service: service, logger: logger).run()
  }

  /// Takes no more connections; idle ones end now, the others after the request they are in, at the latest after
  /// `grace`. `run()` returns then.
  func stop(grace: Duration) async {
    let open = admission.close()
    try? await server.channel.close()
    // The HTTP pipeline knows whether a request is under way.
    for channel in open { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    let clock = ContinuousClock()
    let end = clock.now + grace
    while connectionCount > 0, clock.now < end { try? await Task.sleep(for: .milliseconds(10)) }
    for channel in admission.channels { channel.pipeline.fireUserInboundEventTriggered(ConnectionEnd.now) }
  }
}
