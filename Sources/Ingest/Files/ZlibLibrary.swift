internal import Glibc

/// The few functions of zlib that reading a `.gz` file needs, found at run time.
///
/// Nothing is linked: the build needs no zlib, and a machine without it can do all but read `.gz`. The `gz…` family is
/// used because it takes plain integers and pointers, so no C structure has to be declared twice.
@safe
struct ZlibLibrary: Sendable {
  typealias DescriptorOpen = @convention(c) (CInt, UnsafePointer<CChar>) -> OpaquePointer?
  typealias Read = @convention(c) (OpaquePointer, UnsafeMutableRawPointer, CUnsignedInt) -> CInt
  typealias ErrorText = @convention(c) (OpaquePointer, UnsafeMutablePointer<CInt>) -> UnsafePointer<CChar>?
  typealias Offset = @convention(c) (OpaquePointer) -> CLong
  typealias Close = @convention(c) (OpaquePointer) -> CInt

  /// `gzdopen`, `gzread`, `gzerror`, `gzoffset`, `gzclose_r` of zlib.h.
  let open: DescriptorOpen
  let read: Read
  let errorText: ErrorText
  let offset: Offset
  let close: Close

  /// The library, loaded once and never unloaded; nil when the machine has none.
  static let shared: ZlibLibrary? = load("libz.so.1")

  /// What to tell a user whose machine has no zlib.
  static let absenceMessage = "reading .gz needs zlib, and libz.so.1 is not installed: apt-get install zlib1g"

  static func load(_ name: String) -> ZlibLibrary? {
    // SAFETY: dlopen copies the name; the handle is never closed, so the functions stay valid for the process.
    guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL),
      let open = unsafe dlsym(handle, "gzdopen"), let read = unsafe dlsym(handle, "gzread"),
      let errorText = unsafe dlsym(handle, "gzerror"), let offset = unsafe dlsym(handle, "gzoffset"),
      let close = unsafe dlsym(handle, "gzclose_r")
    else { return nil }
    // SAFETY: the types above are the declarations of zlib.h, whose ABI libz.so.1 has kept since 1.2.4.
    return unsafe ZlibLibrary(
      open: unsafeBitCast(open, to: DescriptorOpen.self), read: unsafeBitCast(read, to: Read.self),
      errorText: unsafeBitCast(errorText, to: ErrorText.self), offset: unsafeBitCast(offset, to: Offset.self),
      close: unsafeBitCast(close, to: Close.self))
  }
}
