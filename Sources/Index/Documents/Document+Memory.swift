extension Document {
  /// About what the document takes in memory on its way into the index: its bytes, and what stands around them in blocks
  /// of the allocator and in the arrays that list it. A document of ten words takes ten times its bytes.
  ///
  /// Complexity: O(values), not their bytes.
  public var memoryBytes: Int {
    var bytes = Self.overheadBytes + Self.blockBytes(id.utf8.count) + Self.blockBytes(date?.utf8.count ?? 0)
    for value in texts {
      bytes += MemoryLayout<TextValue>.stride + Self.blockBytes(value.field.utf8.count) + Self.blockBytes(value.text.count)
    }
    for extra in extras {
      bytes += MemoryLayout<Extra>.stride + Self.blockBytes(extra.name.utf8.count) + Self.blockBytes(extra.json.count)
    }
    return bytes
  }

  /// The document's own entries in the queue, the batch and the index's list of what waits, with their spare room.
  private static let overheadBytes = 400

  /// A string or an array of so many bytes on the heap: a head of 32 bytes, rounded up to the next 16, and the allocator's
  /// own 16. Strings of up to 15 bytes need none, and are counted all the same.
  private static func blockBytes(_ count: Int) -> Int { count == 0 ? 0 : (count + 48 + 15) & ~15 }
}
