internal import Index

/// What a look at a file leads to.
enum FileDecision: Equatable {
  case unchanged
  /// Same size and times, but written so near to the last look that they do not tell: the content is compared.
  case compare
  case read

  /// - Parameter known: what the ledger has, nil for a file that is new.
  static func of(_ facts: FileFacts, known: FileRecord?, readerVersion: UInt32) -> FileDecision {
    guard let known, known.readerVersion == readerVersion, known.facts.byteCount == facts.byteCount else { return .read }
    switch known.state {
    case .reading: return .read
    // One that was skipped for its name has another configuration now; a program that was missing may be there.
    case .skipped where isSkippedUnread(known): return .read
    case .skipped, .indexed, .failed: break
    }
    // What could not be read may be readable now though nothing tells.
    if known.code == LineProblem.Code.unreadable.rawValue { return .read }
    let isSame =
      known.facts.modifiedNanoseconds == facts.modifiedNanoseconds
      && known.facts.changedNanoseconds == facts.changedNanoseconds && known.facts.inode == facts.inode
    if isSame, !known.facts.isRacy(lookedAtNanoseconds: known.lookedAtNanoseconds) { return .unchanged }
    // The device is no part of it: its number is another after a restart for some file systems.
    return known.contentHash == 0 ? .read : .compare
  }

  private static func isSkippedUnread(_ known: FileRecord) -> Bool {
    if known.code == LineProblem.Code.emptyFile.rawValue { return false }
    return known.contentHash == 0 || known.code == LineProblem.Code.noExtractor.rawValue
  }
}
