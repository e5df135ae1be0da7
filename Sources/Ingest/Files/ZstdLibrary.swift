internal import Glibc

/// The functions of Zstandard that unpacking a body needs (RFC 8878), found at run time as those of zlib are.
///
/// For bodies inside of other files; a whole file that ends in `.zst` is read by the program (`FileReader`), which may take
/// more memory than this process should.
@safe
struct ZstdLibrary: Sendable {
  /// `ZSTD_inBuffer` and `ZSTD_outBuffer` of zstd.h.
  @unsafe struct Input {  // SAFETY: made and used inside `unpack` only.
    var bytes: UnsafeRawPointer?
    var count: Int
    var taken: Int
  }

  @unsafe struct Output {  // SAFETY: as `Input`.
    var bytes: UnsafeMutableRawPointer?
    var count: Int
    var filled: Int
  }

  typealias Create = @convention(c) () -> OpaquePointer?
  typealias SetParameter = @convention(c) (OpaquePointer, CInt, CInt) -> Int
  typealias Unpack = @convention(c) (OpaquePointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int
  typealias IsError = @convention(c) (Int) -> CUnsignedInt
  typealias Free = @convention(c) (OpaquePointer) -> Int

  /// `ZSTD_createDStream`, `ZSTD_DCtx_setParameter`, `ZSTD_decompressStream`, `ZSTD_isError`, `ZSTD_freeDStream`.
  let create: Create
  let setParameter: SetParameter
  let unpack: Unpack
  let isError: IsError
  let free: Free

  static let name = "libzstd.so.1"
  static let package = "libzstd1"
  /// The library, loaded once and never unloaded; nil when the machine has none.
  static let shared: ZstdLibrary? = load(name)

  /// `ZSTD_d_windowLogMax`, and 8 MiB: what RFC 8878 and RFC 9659 ask of who reads HTTP bodies.
  private static let (windowLogMax, windowLog): (CInt, CInt) = (100, 23)

  static func load(_ name: String) -> ZstdLibrary? {
    // SAFETY: dlopen copies the name; the handle is never closed, so the functions stay valid for the process.
    guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL),
      let create = unsafe dlsym(handle, "ZSTD_createDStream"),
      let setParameter = unsafe dlsym(handle, "ZSTD_DCtx_setParameter"),
      let unpack = unsafe dlsym(handle, "ZSTD_decompressStream"), let isError = unsafe dlsym(handle, "ZSTD_isError"),
      let free = unsafe dlsym(handle, "ZSTD_freeDStream")
    else { return nil }
    // SAFETY: the types above are the declarations of zstd.h, whose ABI libzstd.so.1 keeps.
    return unsafe ZstdLibrary(
      create: unsafeBitCast(create, to: Create.self), setParameter: unsafeBitCast(setParameter, to: SetParameter.self),
      unpack: unsafeBitCast(unpack, to: Unpack.self), isError: unsafeBitCast(isError, to: IsError.self),
      free: unsafeBitCast(free, to: Free.self))
  }

  /// All of `packed`, at most `max` bytes of it. Memory: the stream's window, at most 8 MiB, and what comes out.
  static func unpack(_ packed: [UInt8], max: Int) throws(FileError) -> [UInt8] {
    guard let library = shared else { throw .noLibrary(name, package: package) }
    // SAFETY: the stream is freed at the end of this call.
    guard let stream = unsafe library.create() else { throw .damagedPacking("zstd refuses to start") }
    defer { _ = unsafe library.free(stream) }
    _ = unsafe library.setParameter(stream, windowLogMax, windowLog)
    var output = UnpackedBody(packedCount: packed.count, max: max)
    var taken = 0
    var result = 0
    var count = 0
    repeat {
      let piece = unsafe [UInt8](unsafeUninitializedCapacity: UnpackedBody.pieceBytes) { buffer, filled in
        // SAFETY: both buffers outlive the call, and the library is told their exact sizes.
        unsafe packed.withUnsafeBytes { source in
          var input = unsafe Input(bytes: source.baseAddress, count: source.count, taken: taken)
          var room = unsafe Output(bytes: UnsafeMutableRawPointer(buffer.baseAddress), count: buffer.count, filled: 0)
          result = unsafe library.unpack(stream, &room, &input)
          taken = unsafe input.taken
          filled = unsafe room.filled
        }
      }
      guard library.isError(result) == 0 else { throw .damagedPacking("no Zstandard stream that can be read") }
      count = piece.count
      try output.append(piece)
    } while taken < packed.count || count == UnpackedBody.pieceBytes
    guard result == 0 else { throw .damagedPacking("the Zstandard stream is cut off") }
    return output.bytes
  }
}
