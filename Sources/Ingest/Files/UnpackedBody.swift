/// What comes out of a packed body, within its bounds.
struct UnpackedBody {
  /// Room for one step of unpacking.
  static let pieceBytes = 64 << 10

  private let packedCount: Int
  private let max: Int
  private(set) var bytes: [UInt8] = []

  /// - Parameter max: more bytes than these are not taken: `.tooLarge`.
  init(packedCount: Int, max: Int) {
    self.packedCount = packedCount
    self.max = max
  }

  mutating func append(_ piece: [UInt8]) throws(FileError) {
    bytes.append(contentsOf: piece)
    guard bytes.count <= max else { throw .tooLarge(max) }
    if bytes.count > FileReader.expansionFreeBytes, bytes.count / Swift.max(1, packedCount) > FileReader.expansionMax {
      throw .bomb
    }
  }
}
