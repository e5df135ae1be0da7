/// Why the daemon gave the client no answer.
public enum ClientError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Nobody listens on the socket.
  case notReachable(socket: String, reason: String)
  /// The connection ended before the answer did.
  case cutOff(socket: String)
  /// The answer is not what this client understands: another version listens there.
  case badAnswer(String)

  public var description: String {
    switch self {
    case .notReachable(let socket, let reason):
      "no daemon on \(socket) (\(reason)): start one with kwicd --socket \(socket), or name its socket with --socket"
    case .cutOff(let socket): "the daemon on \(socket) ended the connection before the answer was complete"
    case .badAnswer(let what): "this is no answer of a kwicd of this version: \(what)"
    }
  }
}
