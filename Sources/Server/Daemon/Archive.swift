internal import Foundation

/// The archive that comes with the source: where it lies on this machine.
public enum Archive {
  static let folder = "config/archive"

  /// The folder of the archive: beside the program or the working directory, or above either of them.
  public static func find() -> String? {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let working = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    return find(from: [working.path, program.path])
  }

  static func find(from starts: [String]) -> String? {
    for start in starts {
      var place = URL(fileURLWithPath: start, isDirectory: true)
      while true {
        let candidate = place.appendingPathComponent(folder).path
        if FileManager.default.fileExists(atPath: candidate) { return candidate }
        let parent = place.deletingLastPathComponent()
        guard parent.path != place.path, place.path != "/" else { break }
        place = parent
      }
    }
    return nil
  }
}
