internal import Synchronization

/// What readers of a snapshot have worked out about it and want to find again: an object for each reader, which lives as
/// long as the snapshot does. So it never has to be told of a change: whatever is written makes another snapshot.
///
/// Readers bound what they keep. Thread-safe.
public final class SnapshotNotes: Sendable {
  /// Tells one reader from another.
  public final class Reader: Sendable {
    public init() {}
  }

  /// Readers whose notes are kept; a process has one or two.
  static let readersMax = 4

  private struct Entry: Sendable {
    /// Held, so that no other reader comes to be at its address.
    let reader: Reader
    let note: any AnyObject & Sendable
  }

  /// Latest first.
  private let entries = Mutex<[Entry]>([])

  init() {}

  /// The note of a reader, all of whose notes are of one type; made where there is none, or none any more.
  public func note<Note: AnyObject & Sendable>(of reader: Reader, _ make: () -> Note) -> Note {
    entries.withLock { entries in
      if let known = entries.first(where: { $0.reader === reader })?.note as? Note { return known }
      let made = make()
      entries.insert(Entry(reader: reader, note: made), at: 0)
      if entries.count > Self.readersMax { entries.removeLast() }
      return made
    }
  }
}
