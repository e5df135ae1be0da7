internal import Base

/// The forms of a stem end to end in one array: a class is looked up with every query, and an array for each of its forms
/// would take longer than the lookup.
struct FormNames: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  init(capacity: Int = 0, byteCapacity: Int = 0) {
    bytes.reserveCapacity(byteCapacity)
    ends.reserveCapacity(capacity)
  }

  init(_ forms: [[UInt8]]) {
    for form in forms {
      bytes.append(contentsOf: form)
      ends.append(bytes.count)
    }
  }

  var count: Int { ends.count }
  /// Memory that the names take.
  var byteCount: Int { bytes.count + ends.count * MemoryLayout<Int>.size }

  private func start(_ place: Int) -> Int { place == 0 ? 0 : ends[place - 1] }

  subscript(place: Int) -> ArraySlice<UInt8> { bytes[start(place)..<ends[place]] }

  /// Adds the form that is `kept` bytes of the stem and the next `suffixLength` bytes of the reader.
  mutating func append(_ stem: [UInt8], kept: Int, suffix reader: inout ByteReader, count: Int) throws(ByteError) {
    bytes.append(contentsOf: stem[0..<kept])
    for _ in 0..<count { bytes.append(try reader.byte()) }
    ends.append(bytes.count)
  }

  /// How many bytes a form has in common with the one before, and whether it comes behind it.
  func order(_ place: Int) -> (shared: Int, ascends: Bool) {
    let (first, second, end) = (start(place - 1), ends[place - 1], ends[place])
    var shared = 0
    while first + shared < second, second + shared < end, bytes[first + shared] == bytes[second + shared] { shared += 1 }
    if second + shared == end { return (shared, false) }
    return (shared, first + shared == second || bytes[first + shared] < bytes[second + shared])
  }
}
