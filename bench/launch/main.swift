// `swift run bench …` builds this in debug; it re-executes the benchmark suite as an optimised build, since SwiftPM
// has no way to say that a product is to be run optimised. Arguments and exit status pass through.
import Glibc

/// The package this file was compiled from: three levels above bench/launch/main.swift.
func packageRoot() -> String {
  let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
  return root.isEmpty ? "/" : root
}

/// The folder this program was built into, where it is not the package's own `.build`: SCRATCH/TRIPLE/debug/bench.
func otherScratchPath(root: String) -> String? {
  // SAFETY: realpath allocates a terminated string, copied and freed here.
  guard let resolved = unsafe realpath("/proc/self/exe", nil) else { return nil }
  defer { unsafe free(resolved) }  // SAFETY: the one owner of what realpath allocated.
  let path = unsafe String(cString: resolved)  // SAFETY: terminated, as above.
  let parts = path.split(separator: "/", omittingEmptySubsequences: false)
  guard parts.count > 4, ["debug", "release"].contains(parts[parts.count - 2]) else { return nil }
  let scratch = parts.dropLast(3).joined(separator: "/")
  return scratch == "\(root)/.build" ? nil : scratch
}

func launch() -> Never {
  let root = packageRoot()
  let scratch = otherScratchPath(root: root)
  let arguments =
    ["swift", "run", "-c", "release", "--package-path", root]
    + (scratch.map { ["--scratch-path", $0] } ?? []) + ["bench-suite"] + CommandLine.arguments.dropFirst()
  // SAFETY: copies that stay until execvp replaces the process, or until it exits below.
  var argv: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
  unsafe execvp("swift", &argv)  // SAFETY: a nil-terminated array of terminated strings.
  let reason = unsafe String(cString: strerror(errno))  // SAFETY: a terminated string, copied at once; one thread.
  let scratchOption = scratch.map { " --scratch-path \($0)" } ?? ""
  let direct = ["\(scratch ?? "\(root)/.build")/release/bench-suite"] + CommandLine.arguments.dropFirst()
  let message = """
    bench: cannot start swift (\(reason)). With swift on the PATH build once with
      swift build -c release --package-path \(root)\(scratchOption) --product bench-suite
    then run the suite itself:
      \(direct.joined(separator: " "))

    """
  unsafe write(2, message, message.utf8.count)  // SAFETY: the bytes of the string, for the length of the call.
  exit(127)
}

launch()
