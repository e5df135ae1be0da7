/// Unpacks a deflate stream that arrives in pieces. Use from one thread.
@safe
struct Inflater: ~Copyable {
  /// What stands around the stream, as `inflateInit2` numbers it: nothing, RFC 1950, RFC 1952.
  enum Wrapping: CInt {
    case raw = -15
    case zlib = 15
    case gzip = 31
  }

  /// `z_stream` of zlib.h. `inflateInit2_` compares its size with the library's own, so another layout is refused.
  @unsafe private struct Stream {  // SAFETY: only `init`, `step` and `deinit` touch one.
    var nextIn: UnsafeMutableRawPointer?
    var availableIn: CUnsignedInt = 0
    var totalIn: CUnsignedLong = 0
    var nextOut: UnsafeMutableRawPointer?
    var availableOut: CUnsignedInt = 0
    var totalOut: CUnsignedLong = 0
    var message: UnsafePointer<CChar>?
    var state: OpaquePointer?
    var allocate: UnsafeRawPointer?
    var release: UnsafeRawPointer?
    var opaque: UnsafeRawPointer?
    var dataType: CInt = 0
    var adler: CUnsignedLong = 0
    var reserved: CUnsignedLong = 0
  }

  /// Bytes given to the library at a time: they become at most 1,032 times as many.
  private static let pieceBytes = 8 << 10
  private static let (endOfStream, noProgress): (CInt, CInt) = (1, -5)

  private let zlib: ZlibLibrary
  /// On the heap, since the library remembers the address.
  private let stream: UnsafeMutablePointer<Stream>
  private var packedBytes = 0
  private var unpackedBytes = 0
  /// The end of the stream was met; bytes after it are ignored.
  private(set) var isFinished = false
  /// Bytes of the last piece that stand behind the end of the stream.
  private var unusedBytes = 0

  init(_ wrapping: Wrapping) throws(FileError) {
    guard let zlib = ZlibLibrary.shared else { throw .noZlib }
    let stream = UnsafeMutablePointer<Stream>.allocate(capacity: 1)
    // SAFETY: freshly allocated for one `Stream`; zlib reads and writes no more than the size it is told.
    unsafe stream.initialize(to: Stream())
    let size = CInt(unsafe MemoryLayout<Stream>.size)
    guard unsafe zlib.inflateInit(stream, wrapping.rawValue, "1", size) == 0 else {
      unsafe stream.deallocate()
      throw .damagedPacking("zlib refuses to start")
    }
    self.zlib = zlib
    unsafe self.stream = stream
  }

  deinit {
    // SAFETY: begun and allocated in `init`; the owner cannot be copied, so both end once.
    _ = unsafe zlib.inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Unpacks a piece of at most some KiB, up to the end of the stream. Answers how many bytes of it were taken; what came
  /// before an error is in `unpacked` all the same.
  mutating func take(_ piece: [UInt8], _ unpacked: inout [UInt8]) throws(FileError) -> Int {
    try step(piece, &unpacked)
    return piece.count - unusedBytes
  }

  /// All of `packed` in one go, at most `max` bytes of it.
  static func unpack(_ packed: [UInt8], _ wrapping: Wrapping, max: Int) throws(FileError) -> [UInt8] {
    var inflater = try Inflater(wrapping)
    let bytes = try inflater.append(packed, max: max)
    guard inflater.isFinished else { throw .damagedPacking("cut off") }
    return bytes
  }

  /// What the stream brings up to the end of `packed`, which is its next piece.
  ///
  /// - Parameter max: more bytes than these are not taken: `.tooLarge`.
  mutating func append(_ packed: [UInt8], max: Int) throws(FileError) -> [UInt8] {
    var unpacked: [UInt8] = []
    var start = 0
    while start < packed.count, !isFinished {
      let end = Swift.min(packed.count, start + Self.pieceBytes)
      try step(Array(packed[start..<end]), &unpacked)
      start = end
      guard unpacked.count <= max else { throw .tooLarge(max) }
    }
    return unpacked
  }

  private mutating func step(_ piece: [UInt8], _ unpacked: inout [UInt8]) throws(FileError) {
    var input = piece
    var code: CInt = 0
    let room = 64 << 10
    var left = input.count
    packedBytes += input.count
    repeat {
      // SAFETY: both buffers outlive the call, and the stream is told their exact sizes.
      let output = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
        unsafe input.withUnsafeMutableBytes { source in
          unsafe stream.pointee.nextIn = source.baseAddress?.advanced(by: source.count - left)
          unsafe stream.pointee.availableIn = CUnsignedInt(left)
          unsafe stream.pointee.nextOut = UnsafeMutableRawPointer(buffer.baseAddress)
          unsafe stream.pointee.availableOut = CUnsignedInt(room)
          code = unsafe zlib.inflate(stream, 0)
          left = Int(unsafe stream.pointee.availableIn)
          filled = room - Int(unsafe stream.pointee.availableOut)
        }
      }
      unpackedBytes += output.count
      unpacked.append(contentsOf: output)
      if unpackedBytes > FileReader.expansionFreeBytes, unpackedBytes / packedBytes > FileReader.expansionMax { throw .bomb }
      if code == Self.endOfStream {
        isFinished = true
        unusedBytes = left
        return
      }
      guard code == 0 || code == Self.noProgress else { throw .damagedPacking(problem(code)) }
      if output.count < room { return }
    } while true
  }

  private func problem(_ code: CInt) -> String {
    // SAFETY: zlib's messages are constants of the library.
    let text = unsafe stream.pointee.message.flatMap { unsafe String(validatingCString: $0) }
    return text ?? "not what it should be (zlib \(code))"
  }
}
