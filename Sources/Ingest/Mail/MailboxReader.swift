internal import Base

/// Cuts a mailbox (mbox) that arrives in pieces into its messages, and reads each.
///
/// A message begins with a line `From …` that has a time or a year in it and stands at the start or after a blank line;
/// `>From ` in its text loses one `>` (mboxrd). Memory is bounded by one message.
struct MailboxReader: RecordReader {
  private let path: String
  private let entries: EntryReader
  private var pending: [Item] = []
  private var line: [UInt8] = []
  private var message: [UInt8] = []
  private var envelope: String?
  private var hasMessage = false
  private var isTooLong = false
  private var isAfterBlank = true
  private var lineNumber = 0
  private var messageLine = 1
  private var number = 0

  init(path: String, entries: EntryReader) {
    self.path = path
    self.entries = entries
  }

  mutating func append(_ piece: [UInt8]) {
    var rest = piece[...]
    while let end = rest.firstIndex(of: 0x0A) {
      line.append(contentsOf: rest[...end])
      takeLine()
      rest = rest[(end + 1)...]
    }
    if line.count < Limits.documentBytesMax { line.append(contentsOf: rest) } else { isTooLong = true }
  }

  mutating func finish() {
    if !line.isEmpty { takeLine() }
    endMessage()
  }

  mutating func next() -> Item? { pending.isEmpty ? nil : pending.removeFirst() }

  private mutating func takeLine() {
    lineNumber += 1
    let isStart = isAfterBlank && Self.isEnvelope(line)
    let content = line.prefix { $0 != 0x0A && $0 != 0x0D }
    isAfterBlank = content.isEmpty
    if isStart {
      endMessage()
      envelope = String(decoding: content, as: UTF8.self)
      hasMessage = true
      messageLine = lineNumber
    } else {
      hasMessage = hasMessage || !content.isEmpty
      if line.first == UInt8(ascii: ">"), line.drop(while: { $0 == UInt8(ascii: ">") }).starts(with: "From ".utf8) {
        line.removeFirst()
      }
      if message.count + line.count > Limits.documentBytesMax { isTooLong = true }
      if !isTooLong { message.append(contentsOf: line) }
    }
    line.removeAll(keepingCapacity: line.capacity < 1 << 20)
  }

  private mutating func endMessage() {
    defer {
      message = []
      envelope = nil
      hasMessage = false
      isTooLong = false
    }
    guard hasMessage else { return }
    number += 1
    if isTooLong {
      let text = "a message of more than \(Limits.documentBytesMax) bytes"
      pending.append(.refused(LineProblem(.tooLong, text, line: messageLine)))
      return
    }
    pending += entries.mail(message[...], fallbackID: "\(path)#\(number)", line: messageLine, envelope: envelope, depth: 0)
  }

  /// `From somebody Mon Jun 01 10:00:00 2009`, and not a sentence that begins so.
  private static func isEnvelope(_ line: [UInt8]) -> Bool {
    guard line.starts(with: "From ".utf8) else { return false }
    let words = line.prefix(500).split { MarkupTokenizer.isBlank($0) }.dropFirst(2)
    return words.contains { word in
      let digits = word.count { (0x30...0x39).contains($0) }
      return digits == 4 && word.count == 4 || digits >= 3 && word.contains(UInt8(ascii: ":"))
    }
  }
}
