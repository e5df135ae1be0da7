/// How pieces of a segment are met that nobody has read since the index was opened.
public enum UnreadPieces {
  @TaskLocal static var areRefused = false

  /// Runs `body` so that it meets no such piece: what would read one for the first time, from the disk and against its
  /// checksum, throws `IndexError.corrupt` instead. For work that must not wait for a disk; whoever gets an error here
  /// runs the same without this before he believes it.
  public static func refusing<R>(_ body: () -> R) -> R { $areRefused.withValue(true, operation: body) }
}
