internal import Glibc

/// Settings of a test run that come from the environment.
public enum Environment {
  /// The value of a variable, or nil where it is unset or empty.
  public static func value(_ name: String) -> String? {
    // SAFETY: tests never call setenv, so the string that getenv points to stays; it is copied here.
    guard let text = unsafe getenv(name).map({ unsafe String(cString: $0) }), !text.isEmpty else { return nil }
    return text
  }

  /// Whether a switch such as `KWIC_LONG` is on: set, and not `0`.
  public static func isSet(_ name: String) -> Bool { value(name).map { $0 != "0" } ?? false }

  public static func integer(_ name: String) -> UInt64? { value(name).flatMap { UInt64($0) } }

  /// The folder of test data too large or not free enough to ship (variable `KWIC_SHARED`); tests that want it are
  /// skipped where it is nil.
  public static var sharedFolder: String? { value("KWIC_SHARED") }
}
