internal import Base

/// The payload of one stem in the table of stem classes.
///
///     payload := formCount varint, form*, documentFrequency varint, hasList u8, [list payload of ScoringCore]
///     form    := shared u8 (bytes in common with the stem), suffix counted bytes
///
/// Worked example, the stem `civilian` with the forms `civilian` and `civilians`, 12 documents, no list:
///
///     02  08 00  08 01 73  0C  00
///
/// A stem whose only form in the segment is the stem itself has no entry. `documentFrequency` is that of the union,
/// so a query need not count it. The list holds documents and summed frequencies without positions; it is there where
/// the forms beside the commonest are worth it (`listIsWorthIt`).
enum StemClassFormat {
  /// A union at query time costs the lists of all forms; a list of its own costs index. It pays where what the
  /// commonest form does not hold is more than a block and more than an eighth.
  static func listIsWorthIt(_ documentFrequencies: [UInt32]) -> Bool {
    guard documentFrequencies.count > 1, let largest = documentFrequencies.max() else { return false }
    let rest = documentFrequencies.reduce(0) { $0 + UInt64($1) } - UInt64(largest)
    return rest >= 128 && rest * 8 >= UInt64(largest)
  }

  static func encode(_ forms: StemClassForms, documentFrequency: UInt32, list: [UInt8]?) -> [UInt8] {
    var bytes: [UInt8] = []
    Varint.append(UInt64(forms.forms.count), to: &bytes)
    for form in forms.forms {
      let shared = min(zip(form, forms.stem).prefix { $0 == $1 }.count, 255)
      bytes.append(UInt8(shared))
      bytes.appendCounted(form[shared...])
    }
    Varint.append(documentFrequency, to: &bytes)
    bytes.append(list == nil ? 0 : 1)
    if let list { bytes.append(contentsOf: list) }
    return bytes
  }

  static func decode(
    _ payload: [UInt8], stem: [UInt8]
  ) throws(ByteError) -> (forms: [[UInt8]], documentFrequency: UInt32, list: [UInt8]?) {
    var reader = ByteReader(payload)
    var forms: [[UInt8]] = []
    for _ in 0..<(try reader.varint()) {
      let shared = Int(try reader.byte())
      guard shared <= stem.count else { throw .truncated(offset: reader.offset) }
      forms.append(stem[..<shared] + (try reader.countedBytes()))
    }
    let documentFrequency = UInt32(truncatingIfNeeded: try reader.varint())
    guard try reader.byte() == 1 else { return (forms, documentFrequency, nil) }
    return (forms, documentFrequency, try reader.bytes(reader.remaining))
  }
}
