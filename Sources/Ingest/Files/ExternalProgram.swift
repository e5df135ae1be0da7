internal import Glibc

/// A program that reads a format for us, and the Debian package that has it.
struct ExternalProgram: Equatable, Sendable {
  let name: String
  let package: String

  static let zstd = ExternalProgram(name: "zstd", package: "zstd")
  static let pdfToText = ExternalProgram(name: "pdftotext", package: "poppler-utils")
  static let libreOffice = ExternalProgram(
    name: "soffice", package: "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui")

  /// Where it is looked for: not in the daemon's own path, which anybody may have set.
  private static let folders = ["/usr/local/bin", "/usr/bin", "/bin"]

  /// Where it is; nil where it is not installed. Asked each time, so that one installed meanwhile is found.
  func path() -> String? {
    Self.folders.map { "\($0)/\(name)" }.first { path in
      unsafe access(path, X_OK) == 0  // SAFETY: the path is copied by the call.
    }
  }
}
