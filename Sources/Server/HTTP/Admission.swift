internal import Glibc
internal import Logging
internal import NIOCore
internal import Synchronization

/// Who may connect, and how many at one time. Thread-safe.
final class Admission: Sendable {
  private struct State {
    var connections: [ObjectIdentifier: any Channel] = [:]
    var isClosed = false
  }

  private let options: Listener.Options
  private let metrics: Metrics
  private let logger: Logger
  private let state = Mutex(State())

  init(_ options: Listener.Options, metrics: Metrics, logger: Logger) {
    self.options = options
    self.metrics = metrics
    self.logger = logger
  }

  var count: Int { state.withLock { $0.connections.count } }
  var channels: [any Channel] { state.withLock { Array($0.connections.values) } }

  /// Takes no more; the connections that are open.
  func close() -> [any Channel] {
    state.withLock {
      $0.isClosed = true
      return Array($0.connections.values)
    }
  }

  /// Whether a connection that was accepted is served; on its event loop, before anything is read from it. It counts
  /// until it is closed.
  func admit(_ channel: any Channel) -> EventLoopFuture<Bool> {
    let key = ObjectIdentifier(channel)
    let isTaken = state.withLock { state in
      guard !state.isClosed, state.connections.count < options.connectionsMax else { return false }
      state.connections[key] = channel
      return true
    }
    guard isTaken else {
      metrics.refuseConnection(.full)
      logger.warning("connection refused", metadata: ["connections_max": "\(options.connectionsMax)"])
      return channel.eventLoop.makeSucceededFuture(false)
    }
    metrics.connections.add(1, ordering: .relaxed)
    channel.closeFuture.whenComplete { [self] _ in
      metrics.connections.subtract(1, ordering: .relaxed)
      state.withLock { _ = $0.connections.removeValue(forKey: key) }
    }
    return isAllowed(channel)
  }

  /// Whether the user at the other end may ask. The rights of the file say so already; this is the second wall.
  private func isAllowed(_ channel: any Channel) -> EventLoopFuture<Bool> {
    if options.isOpenToGroup { return channel.eventLoop.makeSucceededFuture(true) }
    return UnixSocket.peerUser(of: channel).map { [metrics, logger] user in
      if user == 0 || user == geteuid() { return true }
      metrics.refuseConnection(.user)
      logger.warning("connection of another user refused", metadata: ["uid": "\(user)"])
      return false
    }
  }
}
