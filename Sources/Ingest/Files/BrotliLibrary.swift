internal import Glibc

/// The three functions of Brotli that unpacking a body needs (RFC 7932), found at run time as those of zlib are.
@safe
struct BrotliLibrary: Sendable {
  typealias Create = @convention(c) (OpaquePointer?, OpaquePointer?, OpaquePointer?) -> OpaquePointer?
  typealias Unpack = @convention(c) (
    OpaquePointer, UnsafeMutablePointer<Int>, UnsafeMutablePointer<UnsafePointer<UInt8>?>, UnsafeMutablePointer<Int>,
    UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>?
  ) -> CInt
  typealias Destroy = @convention(c) (OpaquePointer) -> Void

  /// `BrotliDecoderCreateInstance`, `BrotliDecoderDecompressStream`, `BrotliDecoderDestroyInstance` of decode.h.
  let create: Create
  let unpack: Unpack
  let destroy: Destroy

  static let name = "libbrotlidec.so.1"
  static let package = "libbrotli1"
  /// The library, loaded once and never unloaded; nil when the machine has none.
  static let shared: BrotliLibrary? = load(name)

  /// `BrotliDecoderResult`: an error; all read; more output to come.
  private static let (success, moreOutput): (CInt, CInt) = (1, 3)

  static func load(_ name: String) -> BrotliLibrary? {
    // SAFETY: dlopen copies the name; the handle is never closed, so the functions stay valid for the process.
    guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL),
      let create = unsafe dlsym(handle, "BrotliDecoderCreateInstance"),
      let unpack = unsafe dlsym(handle, "BrotliDecoderDecompressStream"),
      let destroy = unsafe dlsym(handle, "BrotliDecoderDestroyInstance")
    else { return nil }
    // SAFETY: the types above are the declarations of decode.h, whose ABI libbrotlidec.so.1 keeps.
    return unsafe BrotliLibrary(
      create: unsafeBitCast(create, to: Create.self), unpack: unsafeBitCast(unpack, to: Unpack.self),
      destroy: unsafeBitCast(destroy, to: Destroy.self))
  }

  /// All of `packed`, at most `max` bytes of it. Memory: the stream's window, at most 16 MiB, and what comes out.
  static func unpack(_ packed: [UInt8], max: Int) throws(FileError) -> [UInt8] {
    guard let library = shared else { throw .noLibrary(name, package: package) }
    // SAFETY: null allocators mean malloc and free; the instance is destroyed at the end of this call.
    guard let state = unsafe library.create(nil, nil, nil) else { throw .damagedPacking("brotli refuses to start") }
    defer { unsafe library.destroy(state) }
    var output = UnpackedBody(packedCount: packed.count, max: max)
    var taken = 0
    var code: CInt
    repeat {
      var left = packed.count - taken
      var result: CInt = 0
      let piece = unsafe [UInt8](unsafeUninitializedCapacity: UnpackedBody.pieceBytes) { buffer, filled in
        var room = buffer.count
        var next = buffer.baseAddress
        // SAFETY: both buffers outlive the call, and the library is told their exact sizes.
        unsafe packed.withUnsafeBufferPointer { source in
          var input = unsafe source.baseAddress.map { unsafe $0 + taken }
          result = unsafe library.unpack(state, &left, &input, &room, &next, nil)
        }
        filled = buffer.count - room
      }
      taken = packed.count - left
      code = result
      try output.append(piece)
    } while code == Self.moreOutput
    guard code == Self.success else { throw .damagedPacking(code == 0 ? "no Brotli stream" : "the Brotli stream is cut off") }
    return output.bytes
  }
}
