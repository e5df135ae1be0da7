/// How work is met that takes longer than most: pieces of a segment that nobody has read since the index was opened, and
/// long lists of a stem that are to be merged.
public enum UnreadPieces {
  @TaskLocal static var areRefused = false

  /// Runs `body` so that it meets no such piece: what would read one for the first time, from the disk and against its
  /// checksum, or merge such lists, throws `IndexError.corrupt` instead. For work that must not wait for a disk; whoever gets an error here
  /// runs the same without this before he believes it.
  public static func refusing<R>(_ body: () -> R) -> R { $areRefused.withValue(true, operation: body) }
}
