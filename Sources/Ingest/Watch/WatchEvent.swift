/// What the kernel told of a watched folder, as far as it matters here.
public enum WatchEvent: Equatable, Sendable {
  /// A file was closed after writing, or moved in, or is there by a link: its content is whole.
  case settled(watch: Int32, name: String)
  /// A file was made or written to and is still open, or its rights changed: look when it has been quiet for a while.
  case touched(watch: Int32, name: String)
  /// A folder was made or moved in.
  case folderCame(watch: Int32, name: String)
  /// A file was deleted or moved away.
  case fileWent(watch: Int32, name: String)
  /// A folder was deleted or moved away.
  case folderWent(watch: Int32, name: String)
  /// The watched folder itself was deleted or moved, or its file system unmounted.
  case selfWent(watch: Int32)
  /// The kernel has let the watch go.
  case watchEnded(watch: Int32)
  /// Events were lost.
  case overflow
}
