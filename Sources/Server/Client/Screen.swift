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
  public static func ofStandardOutput() -> Screen {
    guard isatty(STDOUT_FILENO) == 1 else { return Screen() }
    let environment = ProcessInfo.processInfo.environment
    var size = winsize()
    // SAFETY: TIOCGWINSZ fills one `winsize` that outlives the call.
    let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let columns = environment["COLUMNS"].flatMap { Int($0) } ?? (isKnown ? Int(size.ws_col) : 80)
    return Screen(columns: columns, hasColours: environment["NO_COLOR"] == nil && environment["TERM"] != "dumb")
  }
}
