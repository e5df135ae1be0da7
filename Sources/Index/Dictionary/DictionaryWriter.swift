internal import Base

/// Collects sorted keys with their payloads and lays them out as `DictionaryFormat` says.
///
/// Memory: the encoded blocks, since they follow the postings they point to. Single thread.
struct DictionaryWriter {
  private var blocks: [UInt8] = []
  private var blockEnds: [Int] = []
  private var prefixes: [UInt64] = []
  private var last: [UInt8] = []
  private var inBlock = 0
  private(set) var keyCount = 0

  var byteCount: Int { blocks.count + blockEnds.count * 16 }

  /// Appends a key above all before it.
  mutating func append(_ key: [UInt8], payload: [UInt8]) {
    var shared = 0
    let most = min(last.count, key.count)
    while shared < most && last[shared] == key[shared] { shared += 1 }
    let ascends = shared == most ? last.count < key.count : last[shared] < key[shared]
    precondition(keyCount == 0 || ascends, "keys must ascend")
    if inBlock == DictionaryFormat.keysPerBlock {
      blockEnds.append(blocks.count)
      inBlock = 0
    }
    if inBlock == 0 {
      prefixes.append(DictionaryFormat.prefix(key))
      shared = 0
    }
    LengthPair.append(shared, key.count - shared, to: &blocks)
    append(key, from: shared)
    appendPayload(payload)
    last = key
    inBlock += 1
    keyCount += 1
  }

  private mutating func appendPayload(_ payload: [UInt8]) {
    let code = payload.first.map { Int(DictionaryFormat.codes[Int($0)]) } ?? 0
    let start = code > 0 ? 1 : 0
    let rest = payload.count - start
    blocks.append(UInt8(code << DictionaryFormat.restBits | min(rest, DictionaryFormat.restEscape)))
    if rest >= DictionaryFormat.restEscape { Varint.append(UInt64(rest - DictionaryFormat.restEscape), to: &blocks) }
    append(payload, from: start)
  }

  /// The few bytes of a key or payload from `start` on.
  private mutating func append(_ bytes: [UInt8], from start: Int) {
    blocks.append(addingCapacity: bytes.count - start) { output in
      for i in start..<bytes.count { output.append(bytes[i]) }
    }
  }

  /// Writes blocks and heads. Returns where they lie.
  func finish<E: Error>(into writer: inout ExtentWriter<E>) throws(E) -> DictionaryLocation {
    var heads: [UInt8] = []
    heads.reserveCapacity(prefixes.count * DictionaryFormat.headBytes)
    var start = 0
    for (number, prefix) in prefixes.enumerated() {
      let end = number < blockEnds.count ? blockEnds[number] : blocks.count
      let address = try writer.appendTogether(blocks.span.extracting(start..<end))
      heads.appendInteger(prefix)
      heads.appendInteger(address << DictionaryFormat.locationLengthBits | UInt64(end - start))
      start = end
    }
    try writer.reserve(0, alignment: 16)
    let headsAddress = try writer.append(heads.span)
    return DictionaryLocation(
      headsAddress: headsAddress, blockCount: UInt64(prefixes.count), keyCount: UInt64(keyCount))
  }
}
