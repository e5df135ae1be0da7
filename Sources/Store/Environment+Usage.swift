/// What an environment takes on the disk.
public struct EnvironmentUsage: Equatable, Sendable {
  /// Length of the data file. It never shrinks.
  public let fileBytes: Int
  /// Pages inside it that hold nothing, some of which a running reader may still hold back.
  public let freeBytes: Int
  /// Records that list them. LMDB searches these one after the other when it places an extent: some hundreds are well,
  /// thousands are slow.
  public let freeRecords: Int

  /// What is neither free nor beyond the end: data, B-trees and meta pages.
  public var liveBytes: Int { fileBytes - freeBytes }
}

extension Environment {
  /// Length of the data file in bytes.
  public var fileBytes: Int {
    do {
      try enter()
    } catch {
      return FileSystem.status(of: path + "/" + Self.dataFileName)?.byteCount ?? 0
    }
    defer { leave() }
    return handle.fileBytes
  }

  /// Number of the last transaction that was committed.
  public var transactionCount: Int {
    do { try enter() } catch { return 0 }
    defer { leave() }
    return handle.lastTransaction
  }

  /// How full the file is. Reads the list of free pages: milliseconds.
  public func usage() throws(StoreError) -> EnvironmentUsage {
    try read { (transaction) throws(StoreError) in
      let entries = try EntryScan(transaction.access, TableHandle.freePages)
      var pages = 0
      var records = 0
      // SAFETY: a record's bytes are read at once, its length checked first, and nothing writes meanwhile.
      var entry = try unsafe entries.seek([])
      while let record = unsafe entry {
        // A record is a counted array of page numbers, each of the machine's word: the count, then the numbers.
        guard unsafe record.value.count >= MemoryLayout<Int>.size else {
          throw .corrupted("a list of free pages is cut")
        }
        pages += unsafe record.value.loadUnaligned(as: Int.self)
        records += 1
        unsafe entry = try unsafe entries.next()
      }
      return EnvironmentUsage(fileBytes: handle.fileBytes, freeBytes: pages * handle.pageBytes, freeRecords: records)
    }
  }
}
