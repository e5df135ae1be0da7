/// Walks all keys of a dictionary in order, for merges.
struct DictionaryCursor {
  private let reader: DictionaryReader
  private var block = 0
  private var scan: BlockScan?

  init(_ reader: DictionaryReader) { self.reader = reader }

  /// The key it stands on; empty before the first `next` and after the end.
  private(set) var key: [UInt8] = []
  private(set) var isAtEnd = false

  /// Goes to the next key; false at the end.
  mutating func next() throws(DictionaryReader.Damage) -> Bool {
    while !isAtEnd {
      if scan == nil {
        guard block < Int(reader.location.blockCount) else {
          isAtEnd = true
          key = []
          return false
        }
        scan = try BlockScan(reader: reader, block: block)
        block += 1
      }
      if try scan!.next() {
        key = scan!.key
        return true
      }
      scan = nil
    }
    return false
  }

  /// The payload of the key it stands on.
  func payload() -> [UInt8] { scan?.payload() ?? [] }
}
