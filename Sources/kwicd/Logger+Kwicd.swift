internal import Logging

extension Logger {
  /// Logs to standard error, where a service manager picks it up.
  static func kwicd(level: Logger.Level) -> Logger {
    var logger = Logger(label: "kwicd") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = level
    return logger
  }
}
