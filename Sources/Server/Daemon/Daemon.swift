public import Logging
internal import Base
internal import Glibc
internal import Index
internal import Ingest
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The daemon: one index, one writer, one socket.
///
/// Starts in the order lock → index → socket, so that a second daemon on the same index fails before it touches anything,
/// and stops in the reverse order: no new requests, those under way finished, what waits committed, the index closed,
/// the socket removed. Thread-safe.
public final class Daemon: Sendable {
  public let configuration: Configuration
  private let index: Index
  let service: Service
  private let listener: Listener
  private let group: MultiThreadedEventLoopGroup
  private let serving: Task<Void, Never>
  let logger: Logger
  /// The configuration with what was reloaded since.
  let running: Mutex<Configuration>

  /// Bounds what the process keeps of freed memory. Call before threads are started.
  public static func boundFreedMemory() { FreedMemory.bound() }

  /// Opens the index (making it where there is none), listens, and begins to read the watched folders.
  public static func start(_ configuration: Configuration, logger: Logger) async throws(DaemonError) -> Daemon {
    try SocketFolder.prepare(forSocket: configuration.socket, isOpenToGroup: configuration.isOpenToGroup)
    let index: Index
    let activity = QueryActivity(time: SystemTime())
    var options = configuration.indexOptions
    options.isBusy = { activity.isRecent }
    do throws(IndexError) {
      index = try Index.open(directory: configuration.index, options: options)
    } catch {
      throw DaemonError(opening: configuration.index, error)
    }
    let descriptor: CInt
    do throws(UnixSocket.Problem) {
      try UnixSocket.removeStale(path: configuration.socket)
      descriptor = try UnixSocket.listen(path: configuration.socket, isOpenToGroup: configuration.isOpenToGroup)
    } catch {
      index.close()
      throw DaemonError(error)
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let service = Service(
      configuration: configuration, index: index, loop: group.next(), time: SystemTime(), logger: logger,
      activity: activity)
    var listening = Listener.Options()
    listening.connectionsMax = configuration.connectionsMax
    listening.idleTimeout = .milliseconds(Int64(configuration.idleTimeoutMilliseconds))
    listening.isOpenToGroup = configuration.isOpenToGroup
    do {
      let listener = try await Listener(
        descriptor: descriptor, group: group, service: service, options: listening, logger: logger)
      return Daemon(configuration, index, service, listener, group, logger)
    } catch {
      await service.stop()
      index.close()
      await service.stopMaintenance()
      throw .system("cannot listen on \(configuration.socket): \(error)")
    }
  }

  private init(
    _ configuration: Configuration, _ index: Index, _ service: Service, _ listener: Listener,
    _ group: MultiThreadedEventLoopGroup, _ logger: Logger
  ) {
    self.configuration = configuration
    self.index = index
    self.service = service
    self.listener = listener
    self.group = group
    self.logger = logger
    SocketFolder.note(socket: configuration.socket, index: configuration.index)
    let status = index.status()
    logger.info(
      "serving",
      metadata: [
        "socket": "\(configuration.socket)", "index": "\(configuration.index)", "documents": "\(status.documents)",
        "snapshot": "\(status.generation)",
      ])
    serving = Task { await listener.run() }
    running = Mutex(configuration)
    service.watch(configuration.watchOptions(logger), logger: logger)
  }

  /// Documents that can be found now.
  public var documentCount: Int { index.snapshot().documentCount }

  /// Returns when the watched folders have been read and all of it can be found.
  public func waitForImport() async {
    await service.waitForFiles()
  }

  /// Finishes the requests that have begun (within `stop_grace`), commits what was taken in, closes the index and
  /// removes the socket. Call once.
  public func stop() async {
    logger.info("stopping")
    service.beginStopping()
    await listener.stop(grace: .milliseconds(configuration.stopGraceMilliseconds))
    await serving.value
    await service.stopWatching()
    await service.stop()
    // SAFETY: the paths are copied by the calls.
    _ = unsafe unlink(configuration.socket)
    _ = unsafe unlink(SocketFolder.noteFile(index: configuration.index))
    index.close()
    await service.stopMaintenance()
    try? await group.shutdownGracefully()
    logger.info("stopped")
  }
}
