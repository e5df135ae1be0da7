internal import Base
internal import CKernels

/// Looks keys up in a dictionary that lies in a segment. A value; shares the segment's bytes.
///
/// Complexity of a lookup: log2(blocks) probes of 16 bytes and the scan of one block. Data that does not decode is an
/// error, never a trap.
struct DictionaryReader: Sendable {
  let memory: SegmentMemory
  let location: DictionaryLocation

  /// Thrown where the bytes are not a dictionary.
  typealias Damage = SegmentMemory.Damage

  /// The payload of `key`, or nil where it is not there.
  func payload(of key: [UInt8]) throws(Damage) -> [UInt8]? {
    guard let block = try block(for: key) else { return nil }
    var scan = try BlockScan(reader: self, block: block)
    return try scan.find(key.span) ? scan.payload() : nil
  }

  /// Calls `read` with the payload of each key that is there, in their order. The blocks of all keys are asked for before
  /// the first is read, so that they come from memory side by side.
  func forEachPayload(
    of keys: [[UInt8]], _ read: (_ place: Int, _ payload: RawSpan) throws(Damage) -> Void
  ) throws(Damage) {
    var blocks: [DictionaryBlock?] = []
    blocks.reserveCapacity(keys.count)
    for key in keys {
      let block = try block(for: key).map { number throws(Damage) in try bytes(ofBlock: number) }
      block?.prefetch()
      blocks.append(block)
    }
    for (place, block) in blocks.enumerated() {
      guard let block else { continue }
      var scan = BlockScan(block)
      let key = keys[place]
      guard try scan.find(key.span) else { continue }
      try scan.withPayload { payload throws(Damage) in try read(place, payload) }
    }
  }

  /// Calls `body` with each key from `first` on, in order, until it returns false.
  func forEach(
    from first: [UInt8], _ body: (_ key: [UInt8], _ payload: [UInt8]) throws(Damage) -> Bool
  ) throws(Damage) {
    var block = try block(for: first) ?? 0
    while block < Int(location.blockCount) {
      var scan = try BlockScan(reader: self, block: block)
      while try scan.next() {
        if scan.key.lexicographicallyPrecedes(first) { continue }
        guard try body(scan.key, scan.payload()) else { return }
      }
      block += 1
    }
  }

  /// The last block whose first key is not above `key`, or nil where all are.
  private func block(for key: [UInt8]) throws(Damage) -> Int? {
    let prefix = DictionaryFormat.prefix(key)
    let high = try headCount(upTo: prefix)
    guard high > 0 else { return nil }
    if try headPrefix(high - 1) < prefix { return high - 1 }
    return try block(for: key, from: prefix == 0 ? 0 : try headCount(upTo: prefix - 1), to: high)
  }

  /// The same where the blocks of a range begin with the key's first eight bytes: their own first keys decide.
  private func block(for key: [UInt8], from first: Int, to end: Int) throws(Damage) -> Int? {
    var low = first  // Blocks below `low` begin at or below the key; blocks from `high` on begin above it.
    var high = end
    while low < high {
      let middle = (low + high) / 2
      var scan = try BlockScan(reader: self, block: middle)
      guard try scan.next() else { throw Damage(address: location.headsAddress) }
      if key.lexicographicallyPrecedes(scan.key) { high = middle } else { low = middle + 1 }
    }
    return low == 0 ? nil : low - 1
  }

  /// How many blocks begin with a prefix of at most `prefix`: a search in each extent that heads lie in.
  private func headCount(upTo prefix: UInt64) throws(Damage) -> Int {
    let blockCount = Int(location.blockCount)
    var first = 0
    while first < blockCount {
      let address = headAddress(first)
      let (extent, offset) = memory.extents.locate(address)
      guard extent < memory.extents.extentCount else { throw Damage(address: address) }
      let left = (memory.extents.usableBytes(ofExtent: extent) - offset) / DictionaryFormat.headBytes
      let count = min(left, blockCount - first)
      guard count > 0 else { throw Damage(address: address) }
      let heads = unsafe try memory.pointer(at: address, byteCount: count * DictionaryFormat.headBytes)
      // SAFETY: so many heads are there.
      let found = unsafe Int(kwic_heads_up_to(heads, count, prefix))
      first += found
      if found < count { break }
    }
    return first
  }

  private func headAddress(_ block: Int) -> UInt64 {
    location.headsAddress + UInt64(block * DictionaryFormat.headBytes)
  }

  private func headPrefix(_ block: Int) throws(Damage) -> UInt64 { try memory.integer(at: headAddress(block), as: UInt64.self) }

  func bytes(ofBlock block: Int) throws(Damage) -> DictionaryBlock {
    let value = try memory.integer(at: headAddress(block) + 8, as: UInt64.self)
    let address = value >> DictionaryFormat.locationLengthBits
    let byteCount = Int(value & (1 << DictionaryFormat.locationLengthBits - 1))
    // SAFETY: so many bytes are there.
    return unsafe DictionaryBlock(
      base: try memory.pointer(at: address, byteCount: byteCount), byteCount: byteCount, address: address)
  }

  // MARK: Forms of a stem

  /// Hands out the payload of `key`, if it is there.
  func withPayload(of key: [UInt8], _ body: (RawSpan) -> Void) throws(Damage) {
    guard let block = try block(for: key) else { return }
    var scan = try BlockScan(reader: self, block: block)
    if try scan.find(key.span) { try scan.withPayload { payload throws(Damage) in body(payload) } }
  }

  /// Calls `read` with the payload of each form, in their order; false where one is not there. Neighbours share a search
  /// and a scan: forms of a stem mostly lie in one block.
  func forEachForm(_ forms: FormNames, _ read: (RawSpan) -> Void) throws(Damage) -> Bool {
    var scan: BlockScan?
    // The first key behind the block that is scanned begins so.
    var following: UInt64 = 0
    for place in 0..<forms.count {
      let form = forms[place]
      var matched = 0
      if scan != nil {
        let (shared, ascends) = forms.order(place)
        if ascends, DictionaryFormat.prefix(form) < following { matched = shared } else { scan = nil }
      }
      if scan == nil {
        guard let block = try block(for: Array(form)) else { return false }
        scan = try BlockScan(reader: self, block: block)
        following = block + 1 < Int(location.blockCount) ? try headPrefix(block + 1) : .max
      }
      guard try scan?.find(form.span, matched: matched) == true else { return false }
      try scan?.withPayload { payload throws(Damage) in read(payload) }
    }
    return true
  }
}
