public import Index

/// What the ledger of watched files says was not searched, or not wholly: counts by reason, and the files themselves as
/// far as they are named.
public struct LedgerAccount: Sendable, Equatable {
  /// Why files were not searched.
  public struct Reason: Sendable, Hashable {
    /// `skipped`, `failed`, `reading`, or `indexed` where some of a file's documents were refused.
    public let state: String
    /// The stable code of the ledger; empty for a file that is being read.
    public let code: String
  }

  public struct ReasonCount: Sendable, Equatable {
    public let reason: Reason
    public let files: Int
  }

  public struct File: Sendable, Equatable {
    public let path: String
    public let reason: Reason
    /// Its documents that were not taken, where the others were.
    public let refusedDocuments: Int
  }

  /// Files that a receipt names.
  public static let namedMax = 100

  public private(set) var counts = FileCounts()
  /// Files by reason; most first, then by name.
  public private(set) var reasons: [ReasonCount] = []
  /// Files not searched or not wholly.
  public private(set) var fileCount = 0
  /// Failed ones first, then those that are being read, those with refused documents and those skipped; by path.
  public private(set) var files: [File] = []

  public init() {}

  /// Reads the ledger of a snapshot. Complexity: linear in the files.
  init(_ snapshot: Snapshot, checkTime: () throws(SearchError) -> Void) throws(SearchError) {
    var byReason: [Reason: Int] = [:]
    var cursor: FileCursor? = FileCursor()
    do throws(IndexError) { counts = try snapshot.fileCounts() } catch { throw .index(error) }
    while let place = cursor {
      try checkTime()
      let page: (records: [FileRecord], next: FileCursor?)
      do throws(IndexError) { page = try snapshot.files(from: place, most: 1_024) } catch { throw .index(error) }
      for record in page.records where record.state != .indexed || record.refused > 0 {
        let file = File(
          path: record.path, reason: Reason(state: record.state.name, code: record.code),
          refusedDocuments: Int(record.refused))
        byReason[file.reason, default: 0] += 1
        files.append(file)
      }
      if files.count >= 4 * Self.namedMax { cut() }
      cursor = page.next
    }
    cut()
    fileCount = byReason.values.reduce(0, +)
    reasons = byReason.map { ReasonCount(reason: $0.key, files: $0.value) }.sorted { a, b in
      guard a.files == b.files else { return a.files > b.files }
      return (a.reason.state, a.reason.code) < (b.reason.state, b.reason.code)
    }
  }

  private mutating func cut() {
    files.sort { ($0.urgency, $0.path) < ($1.urgency, $1.path) }
    if files.count > Self.namedMax { files.removeLast(files.count - Self.namedMax) }
  }
}

extension LedgerAccount.File {
  fileprivate var urgency: Int { ["failed", "reading", "indexed"].firstIndex(of: reason.state) ?? 3 }
}
