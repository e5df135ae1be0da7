internal import Glibc
internal import Ingest

/// What a record must say about where it was taken.
struct Machine {
  let processor: String
  let cores: Int
  /// Runnable processes averaged over a minute when the run began: how quiet the machine was.
  let load: Double
  let kernel: String
  let commit: String

  init(root: String) {
    processor =
      Self.lines("/proc/cpuinfo").first { $0.hasPrefix("model name") }?.split(separator: ":").last
      .map { $0.drop { $0 == " " }.description } ?? "unknown"
    cores = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    load = Self.lines("/proc/loadavg").first?.split(separator: " ").first.flatMap { Double($0) } ?? 0
    kernel = Self.lines("/proc/sys/kernel/osrelease").first ?? "unknown"
    commit = Self.commit(root: root)
  }

  var summary: String { "\(processor), \(cores) cores, load \(Decimals.format(load, places: 2)), commit \(commit)" }

  var json: String {
    JSONLine.object([
      ("processor", .string(processor)), ("cores", .number(Double(cores))), ("load", .number(load)),
      ("kernel", .string(kernel)), ("commit", .string(commit)),
    ])
  }

  /// The commit checked out in the repository, or `unknown` in a copy without history.
  private static func commit(root: String) -> String {
    guard let head = lines("\(root)/.git/HEAD").first else { return "unknown" }
    guard head.hasPrefix("ref: ") else { return String(head.prefix(12)) }
    return lines("\(root)/.git/\(head.dropFirst(5))").first.map { String($0.prefix(12)) } ?? "unknown"
  }

  /// The lines of a small file; none where it cannot be read (what it would say is then left out of the record).
  private static func lines(_ path: String) -> [String] {
    var bytes: [UInt8] = []
    do throws(FileError) {
      var file = try FileReader(path: path)
      while true {
        let chunk = try file.read(1 << 16)
        if chunk.isEmpty { break }
        bytes += chunk
      }
    } catch {
      return []
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
