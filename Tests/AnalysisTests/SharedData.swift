import Foundation
import TestSupport
import Testing

/// The conformance data beside the project, where `KWIC_SHARED` says.
enum SharedData {
  static let isThere = Environment.sharedFolder != nil
  static let comment: Comment = "KWIC_SHARED is not set: the data are not here"

  /// Lines of a file under the shared folder, split at line feeds only.
  static func lines(_ path: String) throws -> [[UInt8]] {
    let folder = try #require(Environment.sharedFolder)
    let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + path))
    return data.split(separator: 0x0A, omittingEmptySubsequences: false).map { [UInt8]($0) }
  }
}
