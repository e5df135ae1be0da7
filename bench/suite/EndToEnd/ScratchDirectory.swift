internal import Foundation

/// A directory for the indexes of one run, removed when it ends.
final class ScratchDirectory {
  private let root: String

  init() throws {
    let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    root = "\(base)/kwic-bench-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ name: String) -> String { "\(root)/\(name)" }

  /// Bytes of all files below something inside.
  func byteCount(_ name: String) -> Int {
    let files = FileManager.default.enumerator(atPath: path(name))?.compactMap { $0 as? String } ?? []
    return files.reduce(0) { sum, file in
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path(name))/\(file)")
      return sum + (attributes?[.size] as? Int ?? 0)
    }
  }
}
