internal import Foundation

/// The files under a folder that can be read, in the order of their paths.
///
/// Symbolic links are not followed, hidden files and folders are left out. The listing is taken once, at the call.
public enum FolderScan {
  public struct File: Equatable, Sendable {
    public let path: String
    public let format: SourceFormat
  }

  public enum Problem: Error, Equatable, Sendable {
    case notAFolder(path: String)
  }

  /// - Complexity: one directory read a folder; the paths are held in memory and sorted.
  public static func files(under folder: String) throws(Problem) -> [File] {
    let root = URL(fileURLWithPath: folder, isDirectory: true)
    var isFolder: ObjCBool = false
    // SAFETY: the call writes one ObjCBool, which outlives it.
    guard unsafe FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder), isFolder.boolValue,
      let entries = FileManager.default.enumerator(
        at: root, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
    else { throw .notAFolder(path: folder) }
    var files: [File] = []
    for case let entry as URL in entries {
      let values = try? entry.resourceValues(forKeys: [.isRegularFileKey])
      guard values?.isRegularFile == true, let format = SourceFormat(path: entry.path) else { continue }
      files.append(File(path: entry.path, format: format))
    }
    return files.sorted { $0.path < $1.path }
  }
}
