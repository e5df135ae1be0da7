internal import Glibc

/// The few functions of zlib that unpacking needs, found at run time.
///
/// Nothing is linked: the build needs no zlib, and a machine without it can do all but read what is packed by it. The
/// `z_stream` of `inflate` is declared in `Inflater`.
@safe
struct ZlibLibrary: Sendable {
  typealias InflateInit = @convention(c) (UnsafeMutableRawPointer, CInt, UnsafePointer<CChar>, CInt) -> CInt
  typealias Inflate = @convention(c) (UnsafeMutableRawPointer, CInt) -> CInt
  typealias InflateEnd = @convention(c) (UnsafeMutableRawPointer) -> CInt
  typealias Checksum = @convention(c) (CUnsignedLong, UnsafeRawPointer?, CUnsignedInt) -> CUnsignedLong

  /// `inflateInit2_`, `inflate`, `inflateEnd`, `crc32` of zlib.h.
  let inflateInit: InflateInit
  let inflate: Inflate
  let inflateEnd: InflateEnd
  let checksum: Checksum

  /// The library, loaded once and never unloaded; nil when the machine has none.
  static let shared: ZlibLibrary? = load("libz.so.1")

  /// What to tell a user whose machine has no zlib.
  static let absenceMessage = "unpacking needs zlib, and libz.so.1 is not installed: apt-get install zlib1g"

  static func load(_ name: String) -> ZlibLibrary? {
    // SAFETY: dlopen copies the name; the handle is never closed, so the functions stay valid for the process.
    guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL),
      let inflateInit = unsafe dlsym(handle, "inflateInit2_"),
      let inflate = unsafe dlsym(handle, "inflate"), let inflateEnd = unsafe dlsym(handle, "inflateEnd"),
      let checksum = unsafe dlsym(handle, "crc32")
    else { return nil }
    // SAFETY: the types above are the declarations of zlib.h, whose ABI libz.so.1 has kept since 1.2.4.
    return unsafe ZlibLibrary(
      inflateInit: unsafeBitCast(inflateInit, to: InflateInit.self),
      inflate: unsafeBitCast(inflate, to: Inflate.self), inflateEnd: unsafeBitCast(inflateEnd, to: InflateEnd.self),
      checksum: unsafeBitCast(checksum, to: Checksum.self))
  }

  /// CRC-32 of all bytes so far, from that of the bytes before (0 at first).
  func checksum(_ before: UInt32, _ bytes: [UInt8]) -> UInt32 {
    // SAFETY: the pointer covers the array's bytes for the length of the call.
    let sum = unsafe bytes.withUnsafeBytes { unsafe checksum(CUnsignedLong(before), $0.baseAddress, CUnsignedInt($0.count)) }
    return bytes.isEmpty ? before : UInt32(truncatingIfNeeded: sum)
  }
}
