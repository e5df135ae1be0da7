/// Takes the bytes of a container as they come and gives its documents, one after the other.
protocol RecordReader {
  typealias Item = JSONLinesReader.Item

  /// Gives the next bytes. Call `next()` until it answers nil before giving more.
  mutating func append(_ piece: [UInt8])
  /// Says that bytes are missing here, and why: the last `doubtful` ones that were given are left out, the others are
  /// whole, and what comes next begins a record. Only formats whose packing tells where a record begins are ever asked.
  mutating func breakOff(_ why: String, doubtful: Int)
  /// Says that no more bytes come.
  mutating func finish()
  /// The next document or problem, nil when more bytes are needed.
  mutating func next() -> Item?
}

extension RecordReader {
  mutating func breakOff(_ why: String, doubtful: Int) {}
}

extension JSONLinesReader: RecordReader {
  mutating func append(_ piece: [UInt8]) { append(piece[...]) }
}
