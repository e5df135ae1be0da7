/// What `kwic` tells the shell. Of several queries the highest counts.
public enum CommandStatus: Int32, Comparable, Sendable {
  case matches = 0
  case none = 1
  case queryError = 2
  case notReachable = 3
  case timeout = 4

  public static func < (a: CommandStatus, b: CommandStatus) -> Bool { a.rawValue < b.rawValue }

  /// The status of a refusal.
  init(refusal status: Int) {
    switch status {
    case 504: self = .timeout
    case 429, 500...: self = .notReachable
    default: self = .queryError
    }
  }
}
