/// Unpacks gzip data (several members one after the other too) from an open file.
///
/// Owns the file descriptor. Use from one thread.
@safe
struct GzipStream: ~Copyable {
  private let zlib: ZlibLibrary
  private let stream: OpaquePointer
  private var unpackedBytes = 0

  /// Takes over `descriptor`, which stays the caller's when this throws.
  init(descriptor: CInt) throws(FileError) {
    guard let zlib = ZlibLibrary.shared else { throw .noZlib }
    // SAFETY: the mode is copied by the call.
    guard let stream = unsafe zlib.open(descriptor, "rb") else { throw .damagedGzip("no memory for the stream") }
    self.zlib = zlib
    unsafe self.stream = stream  // SAFETY: valid until `deinit`, the only place that closes it.
  }

  deinit {
    _ = unsafe zlib.close(stream)  // SAFETY: opened in `init`; the owner cannot be copied, so it is closed once.
  }

  /// Unpacks at most `count` bytes; empty at the end.
  mutating func read(_ count: Int) throws(FileError) -> [UInt8] {
    var taken: CInt = 0
    // SAFETY: the buffer has room for `count` bytes and zlib writes at most so many, answering how many.
    let chunk = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      guard let base = buffer.baseAddress else { return }
      taken = unsafe zlib.read(stream, base, CUnsignedInt(clamping: count))
      filled = max(0, Int(taken))
    }
    if taken <= 0 { try requireNoError() }
    unpackedBytes += chunk.count
    let packed = max(1, unsafe zlib.offset(stream))  // SAFETY: an open stream.
    if unpackedBytes > FileReader.expansionFreeBytes, unpackedBytes / packed > FileReader.expansionMax { throw .bomb }
    return chunk
  }

  /// A file that is cut off reads as an end: only `gzerror` tells the two apart.
  private func requireNoError() throws(FileError) {
    var code: CInt = 0
    // SAFETY: the text belongs to the open stream and is copied at once.
    let text = unsafe zlib.errorText(stream, &code).flatMap { unsafe String(validatingCString: $0) }
    if code != 0 { throw .damagedGzip(text ?? "zlib error \(code)") }
  }
}
