internal import Base
internal import Foundation
internal import Ingest
internal import Logging

extension Configuration {
  /// How the daemon watches folders. What cannot be watched is said in the log.
  func watchOptions(_ logger: Logger) -> WatchOptions {
    var options = WatchOptions()
    options.folders = Self.roots(watch, logger)
    options.rules = PathRules(
      include: include.compactMap { GlobPattern($0) }, exclude: exclude.compactMap { GlobPattern($0) },
      followsLinks: followsSymlinks)
    options.rescanSeconds = max(1, rescanMilliseconds / 1_000)
    options.waitingBytesMax = watchedBytesMax
    options.csvColumns = CSVColumns(csvColumns)
    options.readThreads = indexingThreads
    options.readerVersion = readerVersion
    return options
  }

  /// A number that changes when files would be read otherwise: then they are read again at the next start.
  var readerVersion: UInt32 {
    UInt32(truncatingIfNeeded: SipHash128.hash("3 \(textFields) \(csvColumns)".utf8))
  }

  /// Absolute paths without a slash at the end, none inside another.
  static func roots(_ folders: [String], _ logger: Logger) -> [String] {
    let working = FileManager.default.currentDirectoryPath
    var roots: [String] = []
    for folder in folders {
      let path = URL(fileURLWithPath: folder, relativeTo: URL(fileURLWithPath: working, isDirectory: true))
        .standardizedFileURL.path
      if path == "/" {
        logger.error("the root of all files is not watched; name folders below it")
      } else if !roots.contains(path) {
        roots.append(path)
      }
    }
    return roots.filter { path in
      let outer = roots.first { path.hasPrefix($0 + "/") }
      if let outer { logger.notice("watched already", metadata: ["folder": "\(path)", "in": "\(outer)"]) }
      return outer == nil
    }
  }
}
