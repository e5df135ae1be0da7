/// Why the daemon cannot be configured: where the setting stands, and what would be right.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A file, an environment variable or an option.
  public let source: String
  public let message: String

  public init(source: String, message: String) {
    self.source = source
    self.message = message
  }

  public var description: String { "\(source): \(message)" }
}
