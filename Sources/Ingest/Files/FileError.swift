internal import Glibc
internal import Index

/// Why a file could not be read to its end.
public enum FileError: Error, Equatable, Sendable {
  /// The kernel refused; `errno` of the call.
  case system(errno: Int32)
  /// A folder, a pipe, a device or a socket: only regular files are read.
  case notRegular
  /// zlib is not installed.
  case noZlib
  /// Packed data that is cut off or damaged; in the library's own words where it has some.
  case damagedPacking(String)
  /// One byte of packed data brings more than `FileReader.expansionMax` bytes: made to fill the machine.
  case bomb
  /// More bytes than one value may have.
  case tooLarge(Int)
  /// An archive or a document whose structure does not hold.
  case damagedArchive(String)
  /// Something that is understood and not read: encryption, another way of packing.
  case unsupported(String)
  /// The library that unpacks it is not installed.
  case noLibrary(String, package: String)
  /// The program that reads the format is not installed.
  case noProgram(String, package: String)
  /// The program that reads the format has failed; its own words.
  case programFailed(String, String)
  /// The program that reads the format took longer than it may.
  case timedOut(String, seconds: Int)

  public var message: String {
    switch self {
    case .system(let errno): Self.text(errno)
    case .notRegular: "not a regular file"
    case .noZlib: ZlibLibrary.absenceMessage
    case .damagedPacking(let text): "damaged packed data: \(text)"
    case .bomb: "expands more than \(FileReader.expansionMax) times: refused as a decompression bomb"
    case .tooLarge(let max): "more than \(max) bytes in one value"
    case .damagedArchive(let text): text
    case .unsupported(let text): text
    case .noLibrary(let library, let package): "unpacking it needs \(library): apt-get install \(package)"
    case .noProgram(let program, let package): "reading it needs \(program): apt-get install \(package)"
    case .programFailed(let program, let text): "\(program) cannot read it\(text.isEmpty ? "" : ": \(text)")"
    case .timedOut(let program, let seconds): "\(program) has not read it within \(seconds) s"
    }
  }

  /// Nothing stands under the path any more, or something else than a file.
  var isAbsence: Bool { self == .system(errno: ENOENT) || self == .system(errno: ENOTDIR) || self == .notRegular }

  /// What the ledger calls it.
  var code: LineProblem.Code {
    switch self {
    case .damagedPacking, .bomb, .damagedArchive: .damagedFile
    case .system, .notRegular, .noZlib: .unreadable
    case .tooLarge: .tooLong
    case .unsupported: .unsupported
    case .noLibrary, .noProgram: .noExtractor
    case .programFailed, .timedOut: .extractorFailed
    }
  }

  /// Where the file then stands in the ledger: what only lacks a program is not at fault.
  var state: FileRecord.State { code.isSkip ? .skipped : .failed }

  /// The same trouble with one entry of a container, whose others are read.
  var entryCode: LineProblem.Code { code == .damagedFile || code == .unreadable ? .damagedEntry : code }

  private static func text(_ errno: Int32) -> String {
    // SAFETY: glibc's strerror answers a string that lives until this thread asks again; it is copied at once.
    unsafe strerror(errno).flatMap { unsafe String(validatingCString: $0) } ?? "error \(errno)"
  }
}
