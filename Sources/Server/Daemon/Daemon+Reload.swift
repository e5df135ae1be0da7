internal import Index
internal import Ingest
internal import Logging
internal import Synchronization

extension Daemon {
  /// Takes what can be changed while running from a new configuration (which folders are watched and how), and says in
  /// the log of every other change when it comes into effect and what has to be indexed again. One call at a time.
  public func reload(_ new: Configuration) async {
    let running = running.withLock { $0 }
    let changes = running.changes(to: new)
    if changes.isEmpty { logger.notice("configuration read again: nothing has changed") }
    for change in changes { tell(change) }
    guard changes.contains(where: { $0.effect == .now }) else { return }
    var next = running
    next.watch = new.watch
    next.include = new.include
    next.exclude = new.exclude
    next.followsSymlinks = new.followsSymlinks
    next.rescanMilliseconds = new.rescanMilliseconds
    self.running.withLock { $0 = next }
    await service.stopWatching()
    let options = next.watchOptions(logger)
    tellUnwatched(Configuration.roots(running.watch, logger), options.folders)
    service.watch(options, logger: logger)
  }

  private func tell(_ change: ConfigurationChange) {
    var metadata: Logger.Metadata = ["old": "\(change.old)", "new": "\(change.new)"]
    switch change.effect {
    case .now: metadata["effect"] = "now"
    case .restart: metadata["effect"] = "when the daemon is started again"
    case .reindex(let what): metadata["effect"] = "when the daemon is started again; \(what)"
    }
    logger.notice("\(change.key.rawValue) has changed", metadata: metadata)
  }

  /// Documents of folders that are watched no more stay; the log says so.
  private func tellUnwatched(_ old: [String], _ new: [String]) {
    for folder in old where !new.contains(where: { folder == $0 || folder.hasPrefix($0 + "/") }) {
      logger.notice(
        "no longer watched: its documents stay as they are; watch it again, empty, to remove them",
        metadata: ["folder": "\(folder)"])
    }
  }
}
