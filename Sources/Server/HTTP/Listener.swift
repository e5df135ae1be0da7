internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

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

  private struct State {
    var connections: [ObjectIdentifier: any Channel] = [:]
    var isStopping = false
  }

  let options: Options
  private let service: Service
  private let logger: Logger
  private let server: NIOAsyncChannel<Connection.AsyncChannel, Never>
  private let state = Mutex(State())

  /// Starts to accept on a descriptor that listens already.
  init(
    descriptor: CInt, group: any EventLoopGroup, service: Service, options: Options, logger: Logger
  ) async throws {
    self.options = options
    self.service = service
    self.logger = logger
    server = try await ServerBootstrap(group: group).bind(descriptor) { channel in
      channel.eventLoop.makeCompletedFuture { try Self.prepare(channel, options) }
    }
  }

  var connectionCount: Int { state.withLock { $0.connections.count } }

  /// HTTP/1.1 with the guard around it: socket → decoder and encoder → pipeline → guard → the connection's task.
  private static func prepare(_ channel: any Channel, _ options: Options) throws -> Connection.AsyncChannel {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderListSize = options.headBytesMax
    limits.maxHeaderFieldSize = options.headBytesMax
    let pipeline = channel.pipeline.syncOperations
    try pipeline.configureHTTPServerPipeline(
      withErrorHandling: false, withEncoderConfiguration: HTTPResponseEncoder.Configuration(),
      withDecoderLimitConfiguration: limits)
    try pipeline.addHandler(ConnectionGuard(timeout: options.idleTimeout))
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

  private func serve(_ connection: Connection.AsyncChannel) async {
    let channel = connection.channel
    let key = ObjectIdentifier(channel)
    let isTaken = state.withLock { state in
      guard !state.isStopping, state.connections.count < options.connectionsMax else { return false }
      state.connections[key] = channel
      return true
    }
    guard isTaken else {
      service.metrics.refuseConnection(.full)
      logger.warning("connection refused", metadata: ["connections_max": "\(options.connectionsMax)"])
      return await Self.close(connection)
    }
    service.metrics.connections.add(1, ordering: .relaxed)
    defer {
      service.metrics.connections.subtract(1, ordering: .relaxed)
      state.withLock { _ = $0.connections.removeValue(forKey: key) }
    }
    guard await isAllowed(channel) else {
      service.metrics.refuseConnection(.user)
      return await Self.close(connection)
    }
    await Connection(channel: connection, service: service, logger: logger).run()
  }

  private static func close(_ connection: Connection.AsyncChannel) async {
    try? await connection.executeThenClose { _, _ in }
  }

  /// Whether the user at the other end may ask. The rights of the file say so already; this is the second wall.
  private func isAllowed(_ channel: any Channel) async -> Bool {
    if options.isOpenToGroup { return true }
    guard let user = try? await UnixSocket.peerUser(of: channel) else { return false }
    if user == 0 || user == geteuid() { return true }
    logger.warning("connection of another user refused", metadata: ["uid": "\(user)"])
    return false
  }

  /// Takes no more connections; idle ones end now, the others after the request they are in, at the latest after
  /// `grace`. `run()` returns then.
  func stop(grace: Duration) async {
    let open = state.withLock { state in
      state.isStopping = true
      return Array(state.connections.values)
    }
    try? await server.channel.close()
    // The HTTP pipeline knows whether a request is under way.
    for channel in open { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
    let clock = ContinuousClock()
    let end = clock.now + grace
    while connectionCount > 0, clock.now < end { try? await Task.sleep(for: .milliseconds(10)) }
    for channel in state.withLock({ Array($0.connections.values) }) { channel.close(promise: nil) }
  }
}
