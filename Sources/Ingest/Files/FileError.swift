internal import Glibc

/// Why a file could not be read to its end.
public enum FileError: Error, Equatable, Sendable {
  /// The kernel refused; `errno` of the call.
  case system(errno: Int32)
  /// A folder, a pipe, a device or a socket: only regular files are read.
  case notRegular
  /// zlib is not installed.
  case noZlib
  /// Not gzip data, cut off, or damaged; zlib's own words.
  case damagedGzip(String)
  /// One byte of gzip data brings more than `FileReader.expansionMax` bytes: made to fill the machine.
  case bomb

  public var message: String {
    switch self {
    case .system(let errno): Self.text(errno)
    case .notRegular: "not a regular file"
    case .noZlib: ZlibLibrary.absenceMessage
    case .damagedGzip(let text): "damaged gzip data: \(text)"
    case .bomb: "expands more than \(FileReader.expansionMax) times: refused as a decompression bomb"
    }
  }

  /// Nothing stands under the path any more, or something else than a file.
  var isAbsence: Bool { self == .system(errno: ENOENT) || self == .system(errno: ENOTDIR) || self == .notRegular }

  /// What the ledger calls it.
  var code: LineProblem.Code {
    switch self {
    case .damagedGzip, .bomb: .damagedFile
    case .system, .notRegular, .noZlib: .unreadable
    }
  }

  private static func text(_ errno: Int32) -> String {
    // SAFETY: glibc's strerror answers a string that lives until this thread asks again; it is copied at once.
    unsafe strerror(errno).flatMap { unsafe String(validatingCString: $0) } ?? "error \(errno)"
  }
}
