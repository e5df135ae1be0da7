internal import Foundation
internal import Glibc

/// Where answers are shown: how wide it is, and whether it has colours.
public struct Screen: Sendable, Equatable {
  /// Columns that a line may take; nil for files and pipes, where nothing is cut.
  public var columns: Int?
  public var hasColours: Bool

  public init(columns: Int? = nil, hasColours: Bool = false) {
    self.columns = columns
    self.hasColours = hasColours
  }

  /// What standard output is: a terminal of some width, or a file or pipe. `NO_COLOR` in the environment is respected.
  public static func ofStandardOutput() -> Screen { Screen(descriptor: STDOUT_FILENO) }

  /// The same of standard error, where progress and errors go.
  public static func ofStandardError() -> Screen { Screen(descriptor: STDERR_FILENO) }

  private init(descriptor: CInt) {
    self.init()
    guard isatty(descriptor) == 1 else { return }
    let environment = ProcessInfo.processInfo.environment
    var size = winsize()
    // SAFETY: TIOCGWINSZ fills one `winsize` that outlives the call.
    let isKnown = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let columns = environment["COLUMNS"].flatMap { Int($0) } ?? (isKnown ? Int(size.ws_col) : 80)
    self.columns = columns
    hasColours = environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
  }
}
