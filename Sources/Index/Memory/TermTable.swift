internal import Base

/// The words of the buffer and their postings: an open-addressing table over an arena.
///
/// A word's postings are one byte stream, kept as a chain of slices that double in size:
///
///     slice  := payload bytes …  next slice's offset u32      (sizes 16, 32, … 2,048 bytes, link included)
///     stream := document*        document := varint(gap + 1) varint(position gap + 1)+ 0
///
/// Gaps are differences to the value before (document: from -1 at first; position: from -1 in each document), so
/// every number written is at least 1 and 0 ends a document. Nothing is ever moved: a flush walks the chains.
///
/// Complexity: one probe and some five bytes a word occurrence. Single thread.
@safe
struct TermTable: ~Copyable {
  /// What is known of one word. 44 bytes.
  struct Entry: BitwiseCopyable {
    var hash: UInt32
    var keyOffset: UInt32
    var keyLength: UInt32
    var head: UInt32
    var write: UInt32
    var sliceEnd: UInt32
    var sliceBytes: UInt32
    var lastDocument: UInt32
    var lastPosition: UInt32
    var documentFrequency: UInt32
    var totalFrequency: UInt32
  }

  private static let firstSliceBytes = 16
  private static let lastSliceBytes = 2_048
  private static let linkBytes = 4

  // SAFETY (whole type): `slots` has `slotMask + 1` entries, `entries` has `entryCapacity`, `count` of them
  // initialised; offsets kept in entries were given by `arena`; both buffers are freed in deinit only.
  private var slots: UnsafeMutablePointer<UInt64>
  private var slotMask: Int
  private(set) var entries: UnsafeMutablePointer<Entry>
  private var entryCapacity: Int
  private(set) var count = 0
  private(set) var arena: ByteArena

  init(arenaBytes: Int) {
    arena = ByteArena(capacity: arenaBytes)
    slotMask = (1 << 14) - 1
    unsafe slots = .allocate(capacity: slotMask + 1)
    unsafe slots.initialize(repeating: 0, count: slotMask + 1)
    entryCapacity = 1 << 13
    unsafe entries = .allocate(capacity: entryCapacity)
  }

  deinit {
    unsafe slots.deallocate()
    unsafe entries.deallocate()
  }

  /// Bytes of memory that the table and its postings take.
  var byteCount: Int { arena.used + (slotMask + 1) * 8 + entryCapacity * MemoryLayout<Entry>.stride }

  /// Records that the word `form` stands at `position` of `document`. Documents never go back; within one document a
  /// word's positions ascend, and one that is not above the last is the same occurrence seen twice and is dropped.
  @inline(__always)
  mutating func add(_ form: UnsafePointer<UInt8>, count length: Int, document: UInt32, position: UInt32) {
    let index = unsafe find(form, length)
    let entry = unsafe entries + index
    if unsafe entry.pointee.lastDocument != document &+ 1 {
      if unsafe entry.pointee.documentFrequency > 0 { unsafe append(0, to: entry) }
      unsafe append(document &+ 1 &- entry.pointee.lastDocument, to: entry)
      unsafe append(position &+ 1, to: entry)
      unsafe entry.pointee.lastDocument = document &+ 1
      unsafe entry.pointee.documentFrequency &+= 1
    } else {
      if unsafe position <= entry.pointee.lastPosition { return }
      unsafe append(position &- entry.pointee.lastPosition, to: entry)
    }
    unsafe entry.pointee.lastPosition = position
    unsafe entry.pointee.totalFrequency &+= 1
  }

  /// Forgets all words; keeps the table's size.
  mutating func reset() {
    unsafe slots.update(repeating: 0, count: slotMask + 1)
    count = 0
    arena.reset()
  }

  // MARK: Words

  @inline(__always)
  private mutating func find(_ form: UnsafePointer<UInt8>, _ length: Int) -> Int {
    let hash = unsafe Self.hash(form, length)
    var slot = Int(hash) & slotMask
    while true {
      let value = unsafe slots[slot]
      if value == 0 { return unsafe insert(form, length, hash, slot) }
      if UInt32(truncatingIfNeeded: value >> 32) == hash {
        let index = Int(UInt32(truncatingIfNeeded: value)) - 1
        if unsafe equals(index, form, length) { return index }
      }
      slot = (slot + 1) & slotMask
    }
  }

  @inline(__always)
  private func equals(_ index: Int, _ form: UnsafePointer<UInt8>, _ length: Int) -> Bool {
    let entry = unsafe entries + index
    guard unsafe Int(entry.pointee.keyLength) == length else { return false }
    let key = unsafe (arena.base + Int(entry.pointee.keyOffset)).assumingMemoryBound(to: UInt8.self)
    var at = 0
    while at + 8 <= length {
      if unsafe Self.load64(key + at) != Self.load64(form + at) { return false }
      at += 8
    }
    while at < length {
      if unsafe key[at] != form[at] { return false }
      at += 1
    }
    return true
  }

  private mutating func insert(_ form: UnsafePointer<UInt8>, _ length: Int, _ hash: UInt32, _ slot: Int) -> Int {
    if count == entryCapacity { growEntries() }
    let key = arena.allocate(length)
    unsafe (arena.base + Int(key)).copyMemory(from: form, byteCount: length)
    let head = arena.allocate(Self.firstSliceBytes)
    unsafe (entries + count).initialize(
      to: Entry(
        hash: hash, keyOffset: key, keyLength: UInt32(length), head: head, write: head,
        sliceEnd: head + UInt32(Self.firstSliceBytes - Self.linkBytes), sliceBytes: UInt32(Self.firstSliceBytes),
        lastDocument: 0, lastPosition: 0, documentFrequency: 0, totalFrequency: 0))
    unsafe slots[slot] = UInt64(hash) << 32 | UInt64(count + 1)
    count += 1
    if count * 2 > slotMask { growSlots() }
    return count - 1
  }

  private mutating func growEntries() {
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: entryCapacity * 2)
    unsafe larger.moveInitialize(from: entries, count: count)
    unsafe entries.deallocate()
    unsafe entries = larger
    entryCapacity *= 2
  }

  private mutating func growSlots() {
    let mask = slotMask * 2 + 1
    let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: mask + 1)
    unsafe larger.initialize(repeating: 0, count: mask + 1)
    for index in 0..<count {
      let hash = unsafe entries[index].hash
      var slot = Int(hash) & mask
      while unsafe larger[slot] != 0 { slot = (slot + 1) & mask }
      unsafe larger[slot] = UInt64(hash) << 32 | UInt64(index + 1)
    }
    unsafe slots.deallocate()
    unsafe slots = larger
    slotMask = mask
  }

  /// Multiply and fold over eight bytes at a time, in the manner of wyhash; the table is private, so nothing depends
  /// on its values.
  @inline(__always)
  private static func hash(_ form: UnsafePointer<UInt8>, _ length: Int) -> UInt32 {
    var state = 0x9E37_79B9_7F4A_7C15 ^ UInt64(length)
    var at = 0
    while at + 8 <= length {
      state = unsafe fold(state ^ load64(form + at))
      at += 8
    }
    if at < length {
      var rest: UInt64 = 0
      var shift: UInt64 = 0
      while at < length {
        rest |= UInt64(unsafe form[at]) &<< shift
        shift &+= 8
        at += 1
      }
      state = fold(state ^ rest)
    }
    return UInt32(truncatingIfNeeded: state ^ (state >> 32))
  }

  @inline(__always)
  private static func fold(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }

  @inline(__always)
  private static func load64(_ pointer: UnsafePointer<UInt8>) -> UInt64 {
    unsafe UnsafeRawPointer(pointer).loadUnaligned(as: UInt64.self)
  }

  // MARK: Streams

  @inline(__always)
  private mutating func append(_ value: UInt32, to entry: UnsafeMutablePointer<Entry>) {
    var rest = value
    while rest >= 0x80 {
      unsafe appendByte(UInt8(truncatingIfNeeded: rest) | 0x80, to: entry)
      rest >>= 7
    }
    unsafe appendByte(UInt8(truncatingIfNeeded: rest), to: entry)
  }

  @inline(__always)
  private mutating func appendByte(_ byte: UInt8, to entry: UnsafeMutablePointer<Entry>) {
    if unsafe entry.pointee.write == entry.pointee.sliceEnd { unsafe nextSlice(entry) }
    unsafe arena.base.storeBytes(of: byte, toByteOffset: Int(entry.pointee.write), as: UInt8.self)
    unsafe entry.pointee.write &+= 1
  }

  @inline(never)
  private mutating func nextSlice(_ entry: UnsafeMutablePointer<Entry>) {
    let bytes = min(unsafe Int(entry.pointee.sliceBytes) * 2, Self.lastSliceBytes)
    let slice = arena.allocate(bytes)
    unsafe (arena.base + Int(entry.pointee.sliceEnd)).storeBytes(of: slice, as: UInt32.self)
    unsafe entry.pointee.write = slice
    unsafe entry.pointee.sliceEnd = slice + UInt32(bytes - Self.linkBytes)
    unsafe entry.pointee.sliceBytes = UInt32(bytes)
  }

  /// Bytes of slice after a slice of `bytes`, for the reader.
  static func sliceBytes(after bytes: Int) -> Int { min(bytes * 2, lastSliceBytes) }
  static func payloadBytes(ofSlice bytes: Int) -> Int { bytes - linkBytes }
  static var firstSlice: Int { firstSliceBytes }
}
