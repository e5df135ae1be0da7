internal import Foundation
internal import Glibc

/// Where things lie when nobody says otherwise: the daemon and its client must agree.
public enum DefaultPaths {
  /// `kwic.sock` in the runtime directory: systemd's for services, the session's, `/run` for root, else one of our own.
  public static var socket: String { socket(environment: ProcessInfo.processInfo.environment, user: geteuid()) }

  /// `/var/lib/kwic` for root, else the user's data directory.
  public static var index: String { index(environment: ProcessInfo.processInfo.environment, user: geteuid()) }

  static func socket(environment: [String: String], user: uid_t) -> String {
    let folder =
      environment["RUNTIME_DIRECTORY"] ?? environment["XDG_RUNTIME_DIR"] ?? (user == 0 ? "/run" : "/tmp/kwic-\(user)")
    return folder + "/kwic.sock"
  }

  static func index(environment: [String: String], user: uid_t) -> String {
    if user == 0 { return "/var/lib/kwic" }
    let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "/tmp/kwic-\(user)") + "/.local/share"
    return data + "/kwic"
  }
}
