internal import Base
internal import ScoringCore

/// The payload of one stem in the table of stem classes.
///
///     payload := varint(formCount << 1 | hasList), form*, [varint(documentFrequency)], [list payload of ScoringCore]
///     form    := LengthPair(bytes dropped from the end of the stem, suffixLength), suffix
///
/// Worked example, the stem `civilian` with the forms `civilian` and `civilians`, 12 documents, no list:
///
///     04  00  01 73  0C
///
/// A stem whose only form in the segment is the stem itself has no entry. `documentFrequency` is that of the union, so
/// that a query need not count it; it is left out for a class of one form, whose own list says it. The list holds
/// documents and summed frequencies without positions; it is there where the forms beside the commonest are worth it
/// (`listIsWorthIt`).
enum StemClassFormat {
  /// A union at query time costs the lists of all forms; a list of its own costs index. It pays where what the
  /// commonest form does not hold is more than four blocks and more than a quarter.
  static func listIsWorthIt(_ documentFrequencies: [UInt32]) -> Bool {
    guard documentFrequencies.count > 1, let largest = documentFrequencies.max() else { return false }
    let rest = documentFrequencies.reduce(0) { $0 + UInt64($1) } - UInt64(largest)
    return rest >= 512 && rest * 4 >= UInt64(largest)
  }

  static func encode(_ forms: StemClassForms, documentFrequency: UInt32, list: [UInt8]?) -> [UInt8] {
    var bytes: [UInt8] = []
    Varint.append(UInt64(forms.forms.count) << 1 | (list == nil ? 0 : 1), to: &bytes)
    for form in forms.forms {
      let shared = zip(form, forms.stem).prefix { $0 == $1 }.count
      LengthPair.append(forms.stem.count - shared, form.count - shared, to: &bytes)
      bytes.append(contentsOf: form[shared...])
    }
    if forms.forms.count > 1 { Varint.append(documentFrequency, to: &bytes) }
    if let list { bytes.append(contentsOf: list) }
    return bytes
  }

  struct Decoded {
    var forms: FormNames
    /// Nil for a class of one form.
    var documentFrequency: UInt32?
    var list: PostingListReference?
  }

  static func decode(_ payload: RawSpan, stem: [UInt8]) throws(ByteError) -> Decoded {
    var reader = ByteReader(payload)
    let head = try reader.varint()
    let formCount = head >> 1
    // Each form takes a byte at least.
    guard formCount <= UInt64(reader.remaining) else { throw .truncated(offset: reader.offset) }
    var forms = FormNames(capacity: Int(formCount), byteCapacity: Int(formCount) * (stem.count + 4))
    for _ in 0..<formCount {
      let (dropped, suffixLength) = try reader.lengthPair()
      guard dropped <= stem.count else { throw .truncated(offset: reader.offset) }
      try forms.append(stem, kept: stem.count - dropped, suffix: &reader, count: suffixLength)
    }
    let documentFrequency = formCount > 1 ? UInt32(truncatingIfNeeded: try reader.varint()) : nil
    guard head & 1 == 1 else { return Decoded(forms: forms, documentFrequency: documentFrequency) }
    do {
      let list = try PostingListReference(
        payload: payload.extracting(reader.offset..<payload.byteCount), withPositions: false)
      return Decoded(forms: forms, documentFrequency: documentFrequency, list: list)
    } catch {
      throw .truncated(offset: reader.offset)
    }
  }
}
