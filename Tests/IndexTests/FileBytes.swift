import Foundation

/// Whole files, for tests that damage them.
enum FileBytes {
  static func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
  static func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
}

extension [UInt8] {
  /// Every place where `pattern` begins.
  func indices(of pattern: [UInt8]) -> [Int] {
    var found: [Int] = []
    var at = 0
    while at + pattern.count <= count {
      if self[at] == pattern[0], Array(self[at..<at + pattern.count]) == pattern { found.append(at) }
      at += 1
    }
    return found
  }
}
