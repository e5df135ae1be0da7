internal import Analysis

/// The words of the buffers by stem and then by form, without possessives: the order of the table of stem classes.
struct StemOrder {
  /// One stem and its forms.
  struct Class {
    fileprivate let members: Range<Int>
    /// Whether it has one form.
    let isAlone: Bool
    /// Whether its first form is the stem.
    let isStem: Bool
  }

  /// A word, and where its stem stands in `bytes`.
  private struct Member: BitwiseCopyable {
    /// The first sixteen bytes of the stem as numbers that sort as they do.
    var prefix: UInt64
    var second: UInt64
    var start: UInt32
    var length: UInt16
    var isStem: Bool
    var word: UInt32
  }

  private var bytes: [UInt8] = []
  private var members: [Member] = []
  private var at = 0

  init(_ words: MemoryWords, _ analyzer: Analyzer) {
    guard analyzer.stemming != .none else { return }
    members.reserveCapacity(words.count)
    let keys = words.keys
    var stem: [UInt8] = []
    for word in 0..<words.count {
      let form = keys[word]
      if Analyzer.isPossessive(form) { continue }
      analyzer.stem(of: form, into: &stem)
      members.append(
        Member(
          prefix: DictionaryFormat.prefix(stem), second: DictionaryFormat.prefix(stem.dropFirst(8)),
          start: UInt32(bytes.count), length: UInt16(stem.count), isStem: Self.isEqual(stem, form),
          word: UInt32(word)))
      bytes.append(contentsOf: stem)
    }
    // Words ascend by form, so ties of stems are settled by their number.
    let bytes = self.bytes
    members.sort { a, b in
      if a.prefix != b.prefix { return a.prefix < b.prefix }
      if a.second != b.second { return a.second < b.second }
      if a.length <= 16 || b.length <= 16 { return a.length == b.length ? a.word < b.word : a.length < b.length }
      let left = Self.stem(a, bytes)
      let right = Self.stem(b, bytes)
      if left.elementsEqual(right) { return a.word < b.word }
      return left.lexicographicallyPrecedes(right)
    }
  }

  private static func isEqual(_ stem: [UInt8], _ form: Span<UInt8>) -> Bool {
    guard stem.count == form.count else { return false }
    for i in form.indices where stem[i] != form[i] { return false }
    return true
  }

  private static func stem(_ member: Member, _ bytes: [UInt8]) -> ArraySlice<UInt8> {
    bytes[Int(member.start)..<Int(member.start) + Int(member.length)]
  }

  /// The next class; nil after the last.
  mutating func next() -> Class? {
    guard at < members.count else { return nil }
    let first = at
    at += 1
    while at < members.count, isSame(members[first], members[at]) { at += 1 }
    return Class(members: first..<at, isAlone: at == first + 1, isStem: members[first].isStem)
  }

  private func isSame(_ a: Member, _ b: Member) -> Bool {
    guard a.prefix == b.prefix, a.second == b.second, a.length == b.length else { return false }
    return a.length <= 16 || Self.stem(a, bytes).elementsEqual(Self.stem(b, bytes))
  }

  /// The word some places ahead, where its class has several forms.
  func word(ahead: Int) -> Int? {
    let place = at + ahead
    guard place + 1 < members.count else { return nil }
    let hasNeighbour = isSame(members[place - 1], members[place]) || isSame(members[place], members[place + 1])
    return hasNeighbour ? Int(members[place].word) : nil
  }

  func stem(of found: Class) -> [UInt8] { [UInt8](Self.stem(members[found.members.lowerBound], bytes)) }

  /// The words of a class, ascending by form.
  func words(of found: Class) -> [Int] { members[found.members].map { Int($0.word) } }
}
