internal import Base

/// What the ledger says of one file: what became of it, why, when, and what it brought.
public struct FileRecord: Sendable, Equatable {
  public enum State: UInt8, Sendable, CaseIterable {
    /// Its first documents are in, the rest is on its way. After a crash such a file is read again.
    case reading
    /// Read to its end.
    case indexed
    /// Not read, as configured or by its kind.
    case skipped
    /// Could not be read, or not to its end; documents before the trouble are kept.
    case failed

    public var name: String {
      switch self {
      case .reading: "reading"
      case .indexed: "indexed"
      case .skipped: "skipped"
      case .failed: "failed"
      }
    }
  }

  public var path: String
  public var state: State
  /// As they were when reading began.
  public var facts: FileFacts
  /// When reading began, in nanoseconds since 1970.
  public var lookedAtNanoseconds: Int64
  /// Of the bytes of the file; 0 where they were not read to the end.
  public var contentHash: UInt128
  /// What reads files, as a number that changes with everything that would read the same bytes otherwise.
  public var readerVersion: UInt32
  /// Stable name of the reason for skipping or failing, or of the first refused document; empty where there is none.
  public var code: String
  /// The same for people, with what to do about it.
  public var reason: String
  /// Documents that were not taken, the others of the file were.
  public var refused: UInt32 = 0
  /// Those of them whose id belongs to another file or sender.
  public var clashes: UInt32 = 0
  /// Documents the file owns, and their words when they were read. Counted by the index.
  public internal(set) var documents: UInt32 = 0
  public internal(set) var words: UInt64 = 0
  /// The one document has the file's path as its id, so no list names it.
  var ownsPath = false
  /// Lists of the other documents' ids: one, and while the file is read a second.
  var lists: [IDList] = []

  /// Chunks of ids in the table `file_ids` under one number.
  struct IDList: Sendable, Equatable {
    var number: UInt32
    var chunks: UInt32
  }

  public init(
    path: String, state: State, facts: FileFacts, lookedAtNanoseconds: Int64 = 0, contentHash: UInt128 = 0,
    readerVersion: UInt32 = 0, code: String = "", reason: String = ""
  ) {
    self.path = path
    self.state = state
    self.facts = facts
    self.lookedAtNanoseconds = lookedAtNanoseconds
    self.contentHash = contentHash
    self.readerVersion = readerVersion
    self.code = code
    self.reason = reason
  }
}

// MARK: The bytes

extension FileRecord {
  //     record := state u8, facts 5 * u64, lookedAt i64, contentHash u128, readerVersion u32, documents varint,
  //               words varint, refused varint, clashes varint, ownsPath u8, lists varint (number varint, chunks
  //               varint)*, path counted, code counted, reason counted

  /// Longest reason that is kept: a record must stay small, whatever a file holds.
  static let reasonBytesMax = 400

  func encoded() -> [UInt8] {
    var bytes: [UInt8] = [state.rawValue]
    facts.append(to: &bytes)
    bytes.appendInteger(lookedAtNanoseconds)
    bytes.appendInteger(contentHash)
    bytes.appendInteger(readerVersion)
    Varint.append(documents, to: &bytes)
    Varint.append(words, to: &bytes)
    Varint.append(refused, to: &bytes)
    Varint.append(clashes, to: &bytes)
    bytes.append(ownsPath ? 1 : 0)
    Varint.append(UInt64(lists.count), to: &bytes)
    for list in lists {
      Varint.append(list.number, to: &bytes)
      Varint.append(list.chunks, to: &bytes)
    }
    bytes.appendCounted(path.utf8)
    bytes.appendCounted(code.utf8)
    bytes.appendCounted(Self.cut(reason).utf8)
    return bytes
  }

  init(_ bytes: [UInt8]) throws(IndexError) {
    do {
      var reader = ByteReader(bytes)
      guard let state = State(rawValue: try reader.byte()) else { throw Self.damage }
      self.state = state
      facts = try FileFacts(&reader)
      lookedAtNanoseconds = try reader.integer(Int64.self)
      let low = try reader.integer(UInt64.self)
      contentHash = UInt128(try reader.integer(UInt64.self)) << 64 | UInt128(low)
      readerVersion = try reader.integer(UInt32.self)
      documents = UInt32(truncatingIfNeeded: try reader.varint())
      words = try reader.varint()
      refused = UInt32(truncatingIfNeeded: try reader.varint())
      clashes = UInt32(truncatingIfNeeded: try reader.varint())
      ownsPath = try reader.byte() == 1
      for _ in 0..<(try reader.varint()) {
        let number = UInt32(truncatingIfNeeded: try reader.varint())
        lists.append(IDList(number: number, chunks: UInt32(truncatingIfNeeded: try reader.varint())))
      }
      path = String(decoding: try reader.countedBytes(), as: UTF8.self)
      code = String(decoding: try reader.countedBytes(), as: UTF8.self)
      reason = String(decoding: try reader.countedBytes(), as: UTF8.self)
    } catch {
      throw Self.damage
    }
  }

  static let damage = IndexError.corrupt(segment: 0, structure: .files, address: 0)

  private static func cut(_ text: String) -> Substring {
    var end = text.utf8.index(text.startIndex, offsetBy: reasonBytesMax, limitedBy: text.endIndex) ?? text.endIndex
    while end > text.startIndex, end.samePosition(in: text) == nil { end = text.utf8.index(before: end) }
    return text[..<end]
  }
}
