internal import CKernels

/// Words that ASCII bytes alone delimit, which are most words of most texts: a kernel finds them, many at a time.
enum PlainWords {
  /// Words of one call.
  static let most = 128

  /// Where the kernel writes: kept with the batch, so that a text costs no allocation.
  struct Scratch: Sendable {
    fileprivate var starts: [UInt32] = []
    fileprivate var lengths: [UInt8] = []
  }

  /// Appends words from `offset` on, the first of which has the number `position`, until one needs a closer look, `limit`
  /// or `most` of them are found or the text ends; sets `offset` to where to go on. Returns how many.
  @inline(__always)
  static func take(
    _ text: Span<UInt8>, _ offset: inout Int, position: UInt32, limit: Int, into batch: inout TokenBatch
  ) -> Int {
    if batch.scratch.starts.isEmpty {
      batch.scratch.starts = Array(repeating: 0, count: most)
      batch.scratch.lengths = Array(repeating: 0, count: most)
    }
    var form = UInt32(truncatingIfNeeded: batch.formBytes.count)
    let found = scan(text, &offset, limit: min(limit, most), &batch.scratch, &batch.formBytes)
    let scratch = batch.scratch
    let (starts, lengths) = (scratch.starts.span, scratch.lengths.span)
    batch.tokens.append(addingCapacity: found) { output in
      for i in 0..<found {
        let (start, length) = (starts[i], lengths[i])
        output.append(
          Token(
            formOffset: form, formLength: UInt16(length), kind: .word,
            position: position &+ UInt32(truncatingIfNeeded: i), byteStart: start, byteEnd: start &+ UInt32(length)))
        form &+= UInt32(length)
      }
    }
    batch.wordCount &+= UInt32(truncatingIfNeeded: found)
    return found
  }

  /// Steps over words as `take` finds them, at most `limit`; sets `offset` to where to go on. Returns how many.
  @inline(__always)
  static func skip(_ text: Span<UInt8>, _ offset: inout Int, limit: Int) -> Int {
    // SAFETY: `offset` is inside the text, of which nothing else is read.
    unsafe text.withUnsafeBufferPointer { bytes in
      unsafe kwic_skip_words(bytes.baseAddress, bytes.count, &offset, limit)
    }
  }

  private static func scan(
    _ text: Span<UInt8>, _ offset: inout Int, limit: Int, _ scratch: inout Scratch, _ forms: inout [UInt8]
  ) -> Int {
    var found = 0
    // SAFETY: `offset` is inside the text; both arrays have room for `limit` words, and their forms, as long as they may
    // be, fit into what is added. The forms' bytes are as many as the lengths say.
    forms.append(addingCapacity: limit * Int(KWIC_PLAIN_WORD_MAX) + 16) { output in
      unsafe output.withUnsafeMutableBufferPointer { target, count in
        unsafe text.withUnsafeBufferPointer { bytes in
          unsafe scratch.starts.withUnsafeMutableBufferPointer { starts in
            unsafe scratch.lengths.withUnsafeMutableBufferPointer { lengths in
              found = unsafe kwic_scan_words(
                bytes.baseAddress, bytes.count, &offset, limit, starts.baseAddress, lengths.baseAddress,
                target.baseAddress! + count)
              for i in 0..<found { unsafe count += Int(lengths[i]) }
            }
          }
        }
      }
    }
    return found
  }
}
