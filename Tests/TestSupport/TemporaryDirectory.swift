internal import Foundation

/// A fresh directory that disappears with the object, whatever the test left in it.
///
/// `KWIC_KEEP=1` keeps it, for looking at the files of a failed test.
public final class TemporaryDirectory: Sendable {
  public let path: String

  public init(_ name: String = "kwic-test") throws {
    let base = Environment.value("TMPDIR") ?? "/tmp"
    path = "\(base)/\(name)-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    if !Environment.isSet("KWIC_KEEP") { try? FileManager.default.removeItem(atPath: path) }
  }

  /// The path of something inside.
  public func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file inside and returns its path.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    let target = path(name)
    try Data(bytes).write(to: URL(fileURLWithPath: target))
    return target
  }
}
