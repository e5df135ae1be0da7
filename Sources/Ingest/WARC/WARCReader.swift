internal import Base

/// Cuts a web archive (WARC 1.0 and 1.1, ISO 28500) that arrives in pieces into its records.
///
/// A record whose `Content-Length` is wrong is told and left out, and reading goes on where the next one begins: at the
/// next line `WARC/…` after a blank one. Where a member of a `.warc.gz` is damaged, the record that ends there is told and
/// left out, and reading goes on with the next member (`breakOff`). Memory is bounded by one record.
struct WARCReader: RecordReader {
  static let recordBegins = [UInt8]("WARC/".utf8)
  /// Bytes of a record's head.
  private static let headBytesMax = 1 << 20

  private enum State {
    /// Before a record; its line `WARC/1.0` comes next.
    case between
    /// Past a record whose length is wrong, or past no record at all.
    case lost
    /// In a block that is too long to keep: so many bytes are still to come.
    case skipping(Int)
  }

  private let builder: WARCDocument
  private var buffer: [UInt8] = []
  /// `buffer[start...]` is not yet read.
  private var start = 0
  private var state = State.between
  private var pending: [Item] = []
  private var number = 0
  private var isEnded = false
  private var hasDocument = false

  init(path: String, entries: EntryReader) {
    builder = WARCDocument(path: path, entries: entries)
  }

  mutating func append(_ piece: [UInt8]) {
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    buffer.append(contentsOf: piece)
  }

  mutating func finish() { isEnded = true }

  mutating func breakOff(_ why: String, doubtful: Int) {
    let end = max(start, buffer.count - doubtful)
    let damaged = Array(buffer[end...])
    buffer.removeSubrange(end...)
    // What stands before was whole in its packing, and no more of it comes.
    isEnded = true
    while step() {}
    isEnded = false
    number += 1
    (buffer, start, state) = (damaged, 0, .between)
    var head: HeaderBlock?
    if let headEnd = headEnd() {
      let lineEnd = buffer.firstIndex(of: 0x0A) ?? headEnd
      head = HeaderBlock.read(buffer[min(headEnd, lineEnd + 1)..<headEnd]).0
    }
    tell(why, head)
    buffer = []
  }

  mutating func next() -> Item? {
    while pending.isEmpty {
      guard step() else { break }
    }
    if pending.isEmpty { return isEnded ? noDocuments() : nil }
    hasDocument = true
    return pending.removeFirst()
  }

  /// The one answer of an archive that has nothing but heads, requests and the like.
  private mutating func noDocuments() -> Item? {
    guard !hasDocument else { return nil }
    hasDocument = true
    return .refused(LineProblem(.emptyFile, number == 0 ? "no WARC record in it" : "none of its \(number) records is a response or a resource"))
  }

  // MARK: Steps

  /// Reads on by one record, or finds the next; false when more bytes are needed.
  private mutating func step() -> Bool {
    switch state {
    case .between:
      let blanks = buffer[start...].prefix { $0 == 0x0D || $0 == 0x0A }
      guard isEnded || buffer.count - blanks.endIndex >= 5 else { return false }
      start = blanks.endIndex
      guard start < buffer.count else { return false }
      guard buffer[start...].starts(with: "WARC/".utf8) else {
        tell("bytes that are no record")
        state = .lost
        return true
      }
      return readRecord()
    case .lost: return findRecord()
    case .skipping(let count):
      let taken = min(count, buffer.count - start)
      start += taken
      state = taken == count ? .between : .skipping(count - taken)
      return taken == count
    }
  }

  private mutating func findRecord() -> Bool {
    if let place = Self.recordStart(buffer[start...]) {
      start = place
      state = .between
      return true
    }
    // The mark may be cut in two by the end of the piece.
    start = isEnded ? buffer.count : max(start, buffer.count - 16)
    return false
  }

  /// Where a line `WARC/…` begins behind a blank line.
  private static func recordStart(_ bytes: ArraySlice<UInt8>) -> Int? {
    var place = bytes.startIndex
    while let end = bytes[place...].firstIndex(of: 0x0A) {
      let rest = bytes[(end + 1)...]
      let before = bytes[bytes.startIndex..<end].suffix(2)
      let isBlankBefore = before.last == 0x0A || before.elementsEqual([0x0A, 0x0D])
      if isBlankBefore, rest.starts(with: "WARC/".utf8) { return end + 1 }
      place = end + 1
    }
    return nil
  }

  private mutating func readRecord() -> Bool {
    guard let headEnd = headEnd() else {
      if buffer.count - start > Self.headBytesMax || isEnded {
        number += 1
        tell(isEnded ? "the file ends in its head" : "its head has more than \(Self.headBytesMax) bytes")
        start = min(buffer.count, start + 5)
        state = .lost
        return true
      }
      return false
    }
    let lineEnd = buffer[start...].firstIndex(of: 0x0A) ?? headEnd
    let (head, _) = HeaderBlock.read(buffer[min(headEnd, lineEnd + 1)..<headEnd])
    guard let length = head["content-length"].flatMap({ Int($0) }), length >= 0 else {
      number += 1
      tell("its head has no Content-Length", head)
      start = headEnd
      state = .lost
      return true
    }
    if length > Limits.documentBytesMax {
      number += 1
      if WARCDocument.isWanted(head) {
        refuse(.tooLong, "a record of \(length) bytes, at most \(Limits.documentBytesMax) are taken", head)
      }
      start = headEnd
      state = .skipping(length)
      return true
    }
    // The two line ends after the block, and the start of the next record, tell whether the length is right.
    let end = headEnd + length
    guard buffer.count >= end + 9 || isEnded else { return false }
    number += 1
    takeBlock(head, headEnd, end)
    return true
  }

  private mutating func takeBlock(_ head: HeaderBlock, _ headEnd: Int, _ end: Int) {
    if end > buffer.count {
      if let next = Self.recordStart(buffer[headEnd...]) {
        tell("its Content-Length goes beyond the next record", head)
        start = next
      } else {
        tell("the file ends inside of it", head)
        start = buffer.count
      }
      return
    }
    let after = buffer[end...].drop { $0 == 0x0D || $0 == 0x0A }
    if after.isEmpty || after.starts(with: "WARC/".utf8) {
      pending += builder.items(head, Array(buffer[headEnd..<end]), number)
      start = end
    } else if let next = Self.recordStart(buffer[headEnd..<min(buffer.count, end + 5)]), next < end {
      tell("its Content-Length goes beyond the next record", head)
      start = next
    } else {
      tell("its Content-Length is wrong: another record should follow and does not", head)
      start = end
      state = .lost
    }
  }

  /// Where the block begins: after the first blank line.
  private func headEnd() -> Int? {
    var place = start
    while let end = buffer[place...].firstIndex(of: 0x0A), end - start <= Self.headBytesMax {
      let line = buffer[place..<end]
      if line.isEmpty || line.elementsEqual([0x0D]) { return end + 1 }
      place = end + 1
    }
    return nil
  }

  // MARK: Problems

  private mutating func tell(_ text: String, _ head: HeaderBlock? = nil) { refuse(.damagedEntry, text, head) }

  private mutating func refuse(_ code: LineProblem.Code, _ text: String, _ head: HeaderBlock?) {
    let url = head.flatMap(WARCDocument.url).map { " (\($0.prefix(200)))" } ?? ""
    pending.append(.refused(LineProblem(code, "record \(max(1, number))\(url): \(text)")))
  }
}
