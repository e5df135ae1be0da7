internal import Analysis
internal import Base
internal import CKernels
internal import Glibc

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
/// Complexity: one probe and some two bytes a word occurrence. Single thread.
@safe
struct TermTable: ~Copyable {
  /// What is known of one word. 64 bytes, a cache line: the first look at a word is the last miss but one.
  struct Entry: BitwiseCopyable {
    var key: WordKey
    var keyOffset: UInt32
    var head: UInt32
    var stream: kwic_posting_stream
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
  /// Keys of some tokens, and the entries they were found to be, plus one.
  private let chunkKeys: UnsafeMutablePointer<WordKey>
  private let chunkEntries: UnsafeMutablePointer<UInt32>
  private static let chunkCount = 128

  init(arenaBytes: Int) {
    arena = ByteArena(capacity: arenaBytes)
    slotMask = (1 << 14) - 1
    unsafe slots = LargePages.allocate(slotMask + 1, of: UInt64.self)
    unsafe slots.initialize(repeating: 0, count: slotMask + 1)
    entryCapacity = 1 << 13
    unsafe entries = Self.allocateEntries(entryCapacity)
    unsafe chunkKeys = .allocate(capacity: Self.chunkCount)
    unsafe chunkEntries = .allocate(capacity: Self.chunkCount)
  }

  deinit {
    unsafe slots.deallocate()
    unsafe entries.deallocate()
    unsafe chunkKeys.deallocate()
    unsafe chunkEntries.deallocate()
  }

  private static func allocateEntries(_ capacity: Int) -> UnsafeMutablePointer<Entry> {
    unsafe LargePages.allocate(capacity, of: Entry.self)
  }

  /// Bytes of memory that the table and its postings take.
  var byteCount: Int { arena.used + (slotMask + 1) * 8 + entryCapacity * MemoryLayout<Entry>.stride }

  /// Records all words of a text, the first of which has the position `base` in its document.
  ///
  /// In steps over some words at a time, so that the cache misses of many words are under way at once: the words are
  /// hashed, looked up by hash, compared, and only then written; memory that the next step needs is asked for before.
  mutating func add(_ batch: borrowing TokenBatch, document: UInt32, from base: UInt32) {
    // SAFETY: a token's form lies in the batch's form bytes; the table copies what it keeps. A chunk has at most
    // `chunkCount` tokens.
    unsafe batch.formBytes.withUnsafeBufferPointer { forms in
      guard let start = forms.baseAddress else { return }
      unsafe batch.tokens.withUnsafeBufferPointer { tokens in
        var first = 0
        while first < tokens.count {
          let count = min(Self.chunkCount, tokens.count - first)
          unsafe add(tokens.baseAddress! + first, count: count, start, forms.count, document: document, from: base)
          first += count
        }
      }
    }
  }

  /// The same for at most `chunkCount` words, whose forms lie in the `formBytes` bytes from `forms` on.
  @inline(__always)
  private mutating func add(
    _ tokens: UnsafePointer<Token>, count: Int, _ forms: UnsafePointer<UInt8>, _ formBytes: Int, document: UInt32,
    from base: UInt32
  ) {
    let (keys, found, slots, mask) = unsafe (chunkKeys, chunkEntries, self.slots, slotMask)
    for i in 0..<count {
      let offset = unsafe Int(tokens[i].formOffset)
      let key = unsafe WordKey(forms + offset, count: Int(tokens[i].formLength), readable: formBytes &- offset)
      unsafe keys[i] = key
      unsafe kwic_prefetch(slots + (Int(key.hash) & mask))
    }
    for i in 0..<count {
      let entry = unsafe probe(keys[i].hash)
      unsafe found[i] = entry
      unsafe kwic_prefetch(entries + (Int(max(entry, 1)) &- 1))
    }
    for i in 0..<count {
      let key = unsafe keys[i]
      let form = unsafe forms + Int(tokens[i].formOffset)
      var entry = unsafe Int(found[i]) &- 1
      if unsafe entry < 0 || !matches(entry, key, form) {
        entry = unsafe find(key, form)
        unsafe found[i] = UInt32(truncatingIfNeeded: entry &+ 1)
      }
      unsafe kwic_prefetch(arena.base + Int(entries[entry].stream.write))
    }
    var next = 0
    while true {
      // SAFETY: an entry holds its stream, a token its position, in each at the same place; `found` are entries, plus one.
      unsafe next = kwic_append_postings(
        stream(0), MemoryLayout<Entry>.stride, found, Self.position(of: tokens), MemoryLayout<Token>.stride, next, count,
        arena.base.assumingMemoryBound(to: UInt8.self), document, base)
      if next == count { break }
      unsafe add(Int(found[next]) &- 1, document: document, position: base &+ tokens[next].position)
      next &+= 1
    }
  }

  private static func position(of token: UnsafePointer<Token>) -> UnsafePointer<UInt32> {
    let offset = MemoryLayout<Token>.offset(of: \.position) ?? 0
    return unsafe (UnsafeRawPointer(token) + offset).assumingMemoryBound(to: UInt32.self)
  }

  /// Records that the word `form` stands at `position` of `document`. Documents never go back; within one document a
  /// word's positions ascend, and one that is not above the last is the same occurrence seen twice and is dropped.
  mutating func add(_ form: UnsafePointer<UInt8>, count length: Int, document: UInt32, position: UInt32) {
    let key = unsafe WordKey(form, count: length, readable: length)
    unsafe add(find(key, form), document: document, position: position)
  }

  /// Step by step: what `kwic_append_postings` does where there is room.
  private mutating func add(_ index: Int, document: UInt32, position: UInt32) {
    let stream = unsafe stream(index)
    let documentGap = unsafe document &+ 1 &- stream.pointee.lastDocument
    var last = unsafe stream.pointee.lastPosition
    if documentGap > 0 {
      if unsafe stream.pointee.documentFrequency > 0 { unsafe append(0, to: stream) }
      unsafe append(documentGap, to: stream)
      unsafe stream.pointee.lastDocument = document &+ 1
      unsafe stream.pointee.documentFrequency &+= 1
      last = .max
    } else if position <= last {
      return
    }
    unsafe append(position &- last, to: stream)
    unsafe stream.pointee.lastPosition = position
    unsafe stream.pointee.totalFrequency &+= 1
  }

  private func stream(_ index: Int) -> UnsafeMutablePointer<kwic_posting_stream> {
    let offset = MemoryLayout<Entry>.offset(of: \.stream) ?? 0
    return unsafe (UnsafeMutableRawPointer(entries + index) + offset).assumingMemoryBound(to: kwic_posting_stream.self)
  }

  /// Forgets all words; keeps the table's size.
  mutating func reset() {
    unsafe slots.update(repeating: 0, count: slotMask + 1)
    count = 0
    arena.reset()
  }

  // MARK: Words

  /// Makes room for some words, if there are none yet: growing step by step would copy them again and again.
  mutating func reserve(words: Int) {
    guard count == 0 else { return }
    var capacity = entryCapacity
    while capacity < words { capacity *= 2 }
    if capacity > entryCapacity { growEntries(to: capacity) }
    var mask = slotMask
    while mask < 2 * capacity { mask = 2 * mask + 1 }
    if mask > slotMask { growSlots(to: mask) }
  }

  /// One more than the first entry whose hash this is, 0 for none.
  @inline(__always)
  private func probe(_ hash: UInt32) -> UInt32 {
    var slot = Int(hash) & slotMask
    while true {
      let value = unsafe slots[slot]
      if value == 0 || UInt32(truncatingIfNeeded: value >> 32) == hash { return UInt32(truncatingIfNeeded: value) }
      slot = (slot + 1) & slotMask
    }
  }

  /// The word's entry, a new one where it has none.
  private mutating func find(_ key: WordKey, _ form: UnsafePointer<UInt8>) -> Int {
    var slot = Int(key.hash) & slotMask
    while true {
      let value = unsafe slots[slot]
      if value == 0 { return unsafe insert(key, form, slot) }
      if UInt32(truncatingIfNeeded: value >> 32) == key.hash {
        let index = Int(UInt32(truncatingIfNeeded: value)) - 1
        if unsafe matches(index, key, form) { return index }
      }
      slot = (slot + 1) & slotMask
    }
  }

  @inline(__always)
  private func matches(_ index: Int, _ key: WordKey, _ form: UnsafePointer<UInt8>) -> Bool {
    let entry = unsafe entries + index
    guard unsafe entry.pointee.key == key else { return false }
    let length = Int(key.length)
    if length <= 16 { return true }
    return unsafe memcmp(arena.base + Int(entry.pointee.keyOffset), form, length) == 0
  }

  private mutating func insert(_ key: WordKey, _ form: UnsafePointer<UInt8>, _ slot: Int) -> Int {
    if count == entryCapacity { growEntries(to: entryCapacity * 2) }
    let length = Int(key.length)
    let copy = arena.allocate(length)
    unsafe (arena.base + Int(copy)).copyMemory(from: form, byteCount: length)
    let head = arena.allocate(Self.firstSliceBytes)
    unsafe (entries + count).initialize(
      to: Entry(
        key: key, keyOffset: copy, head: head,
        stream: kwic_posting_stream(
          write: head, sliceEnd: head + UInt32(Self.firstSliceBytes - Self.linkBytes),
          sliceBytes: UInt32(Self.firstSliceBytes), lastDocument: 0, lastPosition: 0, documentFrequency: 0,
          totalFrequency: 0)))
    unsafe slots[slot] = UInt64(key.hash) << 32 | UInt64(count + 1)
    count += 1
    if count * 2 > slotMask { growSlots(to: slotMask * 2 + 1) }
    return count - 1
  }

  private mutating func growEntries(to capacity: Int) {
    let larger = unsafe Self.allocateEntries(capacity)
    unsafe larger.moveInitialize(from: entries, count: count)
    unsafe entries.deallocate()
    unsafe entries = larger
    entryCapacity = capacity
  }

  private mutating func growSlots(to mask: Int) {
    let larger = unsafe LargePages.allocate(mask + 1, of: UInt64.self)
    unsafe larger.initialize(repeating: 0, count: mask + 1)
    for index in 0..<count {
      let hash = unsafe entries[index].key.hash
      var slot = Int(hash) & mask
      while unsafe larger[slot] != 0 { slot = (slot + 1) & mask }
      unsafe larger[slot] = UInt64(hash) << 32 | UInt64(index + 1)
    }
    unsafe slots.deallocate()
    unsafe slots = larger
    slotMask = mask
  }

  // MARK: Streams

  private mutating func append(_ value: UInt32, to stream: UnsafeMutablePointer<kwic_posting_stream>) {
    var rest = value
    while rest >= 0x80 {
      unsafe appendByte(UInt8(truncatingIfNeeded: rest) | 0x80, to: stream)
      rest >>= 7
    }
    unsafe appendByte(UInt8(truncatingIfNeeded: rest), to: stream)
  }

  @inline(__always)
  private mutating func appendByte(_ byte: UInt8, to stream: UnsafeMutablePointer<kwic_posting_stream>) {
    if unsafe stream.pointee.write == stream.pointee.sliceEnd { unsafe nextSlice(stream) }
    unsafe arena.base.storeBytes(of: byte, toByteOffset: Int(stream.pointee.write), as: UInt8.self)
    unsafe stream.pointee.write &+= 1
  }

  private mutating func nextSlice(_ stream: UnsafeMutablePointer<kwic_posting_stream>) {
    let bytes = min(unsafe Int(stream.pointee.sliceBytes) * 2, Self.lastSliceBytes)
    let slice = arena.allocate(bytes)
    unsafe (arena.base + Int(stream.pointee.sliceEnd)).storeBytes(of: slice, as: UInt32.self)
    unsafe stream.pointee.write = slice
    unsafe stream.pointee.sliceEnd = slice + UInt32(bytes - Self.linkBytes)
    unsafe stream.pointee.sliceBytes = UInt32(bytes)
  }

  /// Bytes of slice after a slice of `bytes`, for the reader.
  static func sliceBytes(after bytes: Int) -> Int { min(bytes * 2, lastSliceBytes) }
  static func payloadBytes(ofSlice bytes: Int) -> Int { bytes - linkBytes }
  static var firstSlice: Int { firstSliceBytes }
}
