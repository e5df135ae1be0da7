public import Base

/// Cuts a stream of bytes that arrives in pieces into lines, holding at most one line's bytes.
///
/// Lines end at LF; a CR before it belongs to the ending. A byte order mark at the start of the stream is dropped. The
/// last line needs no ending. A line above the limit is dropped while it arrives (memory stays at the limit) and is
/// told as `.tooLong`, so the lines after it are read as if nothing had happened.
public struct LineSplitter: Sendable {
  public enum Line: Equatable, Sendable {
    /// Line number from 1, and its bytes without the ending.
    case bytes(number: Int, [UInt8])
    /// A line of `count` bytes, more than the limit; its bytes are gone.
    case tooLong(number: Int, count: Int)
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Lines longer than this are dropped.
  public let lineBytesMax: Int
  /// Bytes received and not yet given out: `buffer[start...]`.
  private var buffer: [UInt8] = []
  private var start = 0
  /// `buffer[start..<scanned]` holds no line end.
  private var scanned = 0
  /// Bytes of a line above the limit that were dropped already; 0 outside such a line.
  private var dropped = 0
  private var number = 0
  private var isEnded = false
  private var mayHaveMark = true

  public init(lineBytesMax: Int = Limits.documentBytesMax) {
    self.lineBytesMax = lineBytesMax
  }

  /// Gives the next bytes of the stream. Call `next()` until it answers nil before giving more.
  public mutating func append(_ chunk: some Collection<UInt8>) {
    if start > 0 {
      buffer.removeFirst(start)
      scanned -= start
      start = 0
    }
    buffer.append(contentsOf: chunk)
  }

  /// Bytes that were received and not given out.
  public var heldBytes: Int { buffer.count - start }

  /// Says that no more bytes come: what is left is the last line.
  public mutating func finish() {
    isEnded = true
  }

  /// The next whole line, or nil when more bytes are needed (after `finish`: when there is none).
  public mutating func next() -> Line? {
    guard dropMark() else { return nil }
    while scanned < buffer.count {
      if buffer[scanned] == 0x0A {
        let line = takeLine(upTo: scanned)
        scanned += 1
        start = scanned
        return line
      }
      scanned += 1
    }
    if isEnded {
      guard start < buffer.count || dropped > 0 else { return nil }
      let line = takeLine(upTo: buffer.count)
      start = buffer.count
      return line
    }
    // One byte of grace, for the CR of a line that is exactly at the limit.
    if scanned - start > lineBytesMax + 1 || dropped > 0 { dropHead() }
    return nil
  }

  /// Forgets the bytes of a line above the limit, all but a CR at their end, which may belong to the line's ending.
  private mutating func dropHead() {
    guard scanned > start else { return }
    let hasReturn = buffer[scanned - 1] == 0x0D
    dropped += scanned - start - (hasReturn ? 1 : 0)
    buffer.removeAll(keepingCapacity: true)
    if hasReturn { buffer.append(0x0D) }
    start = 0
    scanned = buffer.count
  }

  private mutating func takeLine(upTo end: Int) -> Line {
    number += 1
    let hasReturn = end > start && buffer[end - 1] == 0x0D
    let count = dropped + end - start - (hasReturn ? 1 : 0)
    dropped = 0
    guard count <= lineBytesMax else { return .tooLong(number: number, count: count) }
    guard count >= Self.handedOverMin else { return .bytes(number: number, Array(buffer[start..<start + count])) }
    return .bytes(number: number, takeLong(count, upTo: end))
  }

  /// A line from this size on is not copied: the buffer itself is given out, and what stands behind the line is the new
  /// one. So a long line is in memory once, and its room is not kept.
  private static let handedOverMin = 1 << 20

  private mutating func takeLong(_ count: Int, upTo end: Int) -> [UInt8] {
    var line = buffer
    buffer = []
    let rest = Array(line[end...])
    line.removeSubrange((start + count)...)
    if start > 0 { line.removeFirst(start) }
    buffer = rest
    (start, scanned) = (0, 0)
    return line
  }

  /// Drops a byte order mark; false while too few bytes are there to tell.
  private mutating func dropMark() -> Bool {
    guard mayHaveMark else { return true }
    let head = buffer.prefix(Self.byteOrderMark.count)
    guard Self.byteOrderMark.starts(with: head) else {
      mayHaveMark = false
      return true
    }
    if head.count == Self.byteOrderMark.count {
      mayHaveMark = false
      start = head.count
      scanned = head.count
      return true
    }
    return isEnded
  }
}
