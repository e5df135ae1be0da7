internal import Base

/// Walks the entries of one block of a dictionary, without allocation but for the key.
@safe
struct BlockScan {
  private let address: UInt64
  // SAFETY (whole type): `byteCount` readable bytes from `base` on, handed out by the segment's memory; they live as long
  // as the segment, which outlives the scan. Every access is below `byteCount`, checked before it.
  private let base: UnsafeRawPointer
  private let byteCount: Int
  private var at = 0
  /// The payload's first byte, where it stands in the entry's head, and where the rest of it begins.
  private var payloadCode = 0
  private var payloadStart = 0
  /// The entry the scan stands on.
  private(set) var key: [UInt8] = []

  init(reader: DictionaryReader, block: Int) throws(DictionaryReader.Damage) {
    self.init(try reader.bytes(ofBlock: block))
  }

  init(_ block: DictionaryBlock) {
    unsafe base = block.base
    address = block.address
    byteCount = block.byteCount
  }

  /// Goes to the next entry; false at the end.
  mutating func next() throws(DictionaryReader.Damage) -> Bool {
    guard at < byteCount else { return false }
    let (shared, suffix) = try lengths()
    guard shared <= key.count else { throw damage }
    key.removeLast(key.count - shared)
    unsafe key.append(contentsOf: UnsafeRawBufferPointer(start: base + at, count: suffix))  // Range checked above.
    at += suffix
    try passPayload()
    return true
  }

  /// Goes to the entry of `target`; false where there is none. No key is put together: of each entry only the bytes
  /// behind what it has in common with both the one before and the target are looked at.
  ///
  /// - Parameter matched: Bytes that the entry the scan stands on, which precedes the target, has in common with it; 0 at
  ///   the beginning of the block.
  mutating func find(_ target: Span<UInt8>, matched: Int = 0) throws(DictionaryReader.Damage) -> Bool {
    var matched = matched
    var place = at
    while place < byteCount {
      let pair = Int(byte(place))
      var (shared, suffix) = (pair >> 4, pair & 15)
      place &+= 1
      if shared == LengthPair.escape || suffix == LengthPair.escape {
        at = place - 1
        (shared, suffix) = try lengths()
        place = at
      }
      let start = place
      guard suffix < byteCount &- place else { throw damage(at: place) }
      place &+= suffix
      let head = Int(byte(place))
      place &+= 1
      var rest = head & DictionaryFormat.restEscape
      if rest == DictionaryFormat.restEscape {
        at = place
        rest &+= try varint()
        place = at
      }
      guard rest <= byteCount &- place else { throw damage(at: place) }
      if shared < matched { return false }
      if shared == matched {
        var equal = 0
        while equal < suffix, matched &+ equal < target.count, byte(start &+ equal) == target[matched &+ equal] {
          equal &+= 1
        }
        matched &+= equal
        if equal == suffix {
          if matched == target.count {
            (payloadCode, payloadStart, at) = (head >> DictionaryFormat.restBits, place, place &+ rest)
            return true
          }
        } else if matched == target.count || byte(start &+ equal) > target[matched] {
          return false
        }
      }
      place &+= rest
    }
    return false
  }

  /// Reads the lengths at the beginning of an entry: of what it has in common with the one before, and of the rest.
  @inline(__always)
  private mutating func lengths() throws(DictionaryReader.Damage) -> (shared: Int, suffix: Int) {
    let pair = Int(byte(at))
    at += 1
    var shared = pair >> 4
    var suffix = pair & 15
    if shared == LengthPair.escape { shared += try varint() }
    if suffix == LengthPair.escape { suffix += try varint() }
    guard suffix <= byteCount - at else { throw damage }
    return (shared, suffix)
  }

  /// A copy of the payload of the entry the scan stands on.
  func payload() -> [UInt8] {
    // `next` checked the range.
    let rest = unsafe UnsafeRawBufferPointer(start: base + payloadStart, count: at - payloadStart)
    guard payloadCode > 0 else { return unsafe [UInt8](rest) }
    var payload: [UInt8] = []
    payload.reserveCapacity(rest.count + 1)
    payload.append(DictionaryFormat.frequentFirsts[payloadCode - 1])
    unsafe payload.append(contentsOf: rest)
    return payload
  }

  /// Hands out the payload of the entry the scan stands on, where it lies if that is possible.
  func withPayload<R>(_ body: (RawSpan) throws(DictionaryReader.Damage) -> R) throws(DictionaryReader.Damage) -> R {
    let restCount = at - payloadStart
    guard payloadCode > 0 else {
      // SAFETY: `find` and `next` checked the range.
      return try body(unsafe RawSpan(_unsafeStart: base + payloadStart, byteCount: restCount))
    }
    guard restCount < Self.shortBytesMax else {
      let bytes = payload()
      return try body(unsafe bytes.span.bytes)  // SAFETY: bytes have no padding that could be uninitialised.
    }
    var copy = InlineArray<64, UInt8>(repeating: 0)
    copy[0] = DictionaryFormat.frequentFirsts[payloadCode - 1]
    for i in 0..<restCount { copy[1 + i] = byte(payloadStart + i) }
    // SAFETY: bytes have no padding that could be uninitialised.
    return try body(unsafe copy.span.bytes.extracting(first: restCount + 1))
  }

  /// Payloads up to this length are put together without an allocation: those of nearly all lists.
  private static let shortBytesMax = 64

  /// Goes past head and payload.
  @inline(__always)
  private mutating func passPayload() throws(DictionaryReader.Damage) {
    guard at < byteCount else { throw damage }
    let head = Int(byte(at))
    at += 1
    payloadCode = head >> DictionaryFormat.restBits
    var rest = head & DictionaryFormat.restEscape
    if rest == DictionaryFormat.restEscape { rest += try varint() }
    guard rest <= byteCount - at else { throw damage }
    payloadStart = at
    at += rest
  }

  private var damage: DictionaryReader.Damage { damage(at: at) }

  private func damage(at place: Int) -> DictionaryReader.Damage { DictionaryReader.Damage(address: address + UInt64(place)) }

  @inline(__always)
  private func byte(_ offset: Int) -> UInt8 { unsafe base.load(fromByteOffset: offset, as: UInt8.self) }

  private mutating func varint() throws(DictionaryReader.Damage) -> Int {
    var value = 0
    var shift = 0
    while at < byteCount, shift < 28 {
      let next = byte(at)
      at += 1
      value |= Int(next & 0x7F) << shift
      if next < 0x80 { return value }
      shift += 7
    }
    throw damage
  }
}
