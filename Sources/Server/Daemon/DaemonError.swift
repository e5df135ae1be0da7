internal import Index

/// Why the daemon could not start, with the exit status that says so to a service manager (sysexits.h).
public struct DaemonError: Error, Sendable, Equatable, CustomStringConvertible {
  public let message: String
  public let exitStatus: Int32

  public var description: String { message }

  /// Somebody else has the index or the socket: try again later (EX_TEMPFAIL).
  static func unavailable(_ message: String) -> DaemonError { DaemonError(message: message, exitStatus: 75) }

  /// The machine refused (EX_OSERR).
  static func system(_ message: String) -> DaemonError { DaemonError(message: message, exitStatus: 71) }

  init(message: String, exitStatus: Int32) {
    self.message = message
    self.exitStatus = exitStatus
  }

  init(opening path: String, _ error: IndexError) {
    switch error {
    case .store(let store): self = .unavailable("cannot open the index: \(store)")
    case .fieldKind(let field, let found, let asked):
      self.init(
        message: "the index in \(path) has \(field) as a \(found) field, the configuration as a \(asked) field: "
          + "give it another name, or index the sources again into a fresh directory", exitStatus: 78)
    case .tooManyFields:
      self.init(
        message: "the configuration names more keyword, number and date fields than an index has room for",
        exitStatus: 78)
    case .formatVersion, .analysisVersion, .stemming:
      self.init(
        message: "the index in \(path) was made by another version or with another stemming (\(error)): "
          + "index the sources again into a fresh directory", exitStatus: 78)
    case .corrupt, .readOnly, .closed, .segmentTooLarge: self = .system("cannot open the index in \(path): \(error)")
    }
  }

  init(_ problem: UnixSocket.Problem) {
    switch problem {
    case .occupied, .inUse: self = .unavailable(problem.message)
    case .pathTooLong, .system: self = .system(problem.message)
    }
  }
}
