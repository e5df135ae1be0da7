internal import Foundation

/// The daemon's status for people: a line a subject, in words.
public enum StatusFormat {
  private struct Status: Decodable {
    struct Index: Decodable {
      var deletedDocuments: Int
      var words: Int
      var segments: Int
      var segmentBytes: Int
      var fields: [String]
    }

    struct Writer: Decodable {
      var waitingOperations: Int
      var waitingBytes: Int
      var commits: Int
      var operations: Int
      var failedCommits: Int
    }

    struct Searches: Decodable {
      var threads: Int
      var running: Int
      var waiting: Int
      var answered: Int
      var refused: Int
      var late: Int
      var streams: Int
      var keptSnapshots: Int
    }

    struct Watched: Decodable {
      var folders: Int
      var unwatchedFolders: Int
      var waiting: Int
      var done: Bool
    }

    struct Files: Decodable {
      var total: Int
      var indexed: Int
      var skipped: Int
      var failed: Int
      var reading: Int
      var refusedDocuments: Int
    }

    var uptimeS: Int
    var snapshot: Int
    var documents: Int
    var index: Index
    var writer: Writer
    var searches: Searches
    var watched: Watched
    var files: Files
  }

  /// Lines such as `documents   296, 181,223 words; 3 segments, 1.2 MB; snapshot 7`.
  public static func text(_ body: [UInt8]) throws -> String {
    guard let status = try? SearchSession.decoder.decode(Status.self, from: Data(body)) else {
      throw ClientError.badAnswer(String(decoding: body.prefix(200), as: UTF8.self))
    }
    var rows = [
      ("running", "for \(duration(status.uptimeS))"),
      ("documents", documents(status)),
      ("fields", status.index.fields.map(ConcordanceLine.flat).joined(separator: ", ")),
      ("changes", changes(status.writer)),
      ("searches", searches(status.searches)),
    ]
    if status.watched.folders > 0 || status.files.total > 0 { rows += watched(status) }
    return rows.map { TextWidth.padded($0.0, to: 10) + "  " + $0.1 + "\n" }.joined()
  }

  private static func documents(_ status: Status) -> String {
    let index = status.index
    var text = "\(grouped(status.documents)), \(grouped(index.words)) words; "
    text += "\(grouped(index.segments)) segment\(index.segments == 1 ? "" : "s"), \(bytes(index.segmentBytes)); "
    text += "snapshot \(status.snapshot)"
    if index.deletedDocuments > 0 { text += "; \(grouped(index.deletedDocuments)) replaced or removed, not yet merged away" }
    return text
  }

  private static func changes(_ writer: Status.Writer) -> String {
    var text = "\(grouped(writer.operations)) in \(grouped(writer.commits)) commit\(writer.commits == 1 ? "" : "s")"
    if writer.failedCommits > 0 { text += ", \(grouped(writer.failedCommits)) commits failed" }
    guard writer.waitingOperations > 0 else { return text + "; none waits" }
    return text + "; \(grouped(writer.waitingOperations)) wait (\(bytes(writer.waitingBytes)))"
  }

  private static func searches(_ searches: Status.Searches) -> String {
    var text = "\(grouped(searches.answered)) answered; \(searches.running) of \(searches.threads) threads busy"
    if searches.waiting > 0 { text += ", \(searches.waiting) waiting" }
    if searches.refused > 0 { text += "; \(grouped(searches.refused)) refused over capacity" }
    if searches.late > 0 { text += "; \(grouped(searches.late)) ended by their deadline" }
    if searches.streams > 0 { text += "; \(searches.streams) answers being sent" }
    if searches.keptSnapshots > 0 { text += "; \(searches.keptSnapshots) snapshots kept for paging" }
    return text
  }

  private static func watched(_ status: Status) -> [(String, String)] {
    let files = status.files
    var parts = ["\(grouped(files.indexed)) of \(grouped(files.total)) files indexed"]
    if files.reading > 0 { parts.append("\(grouped(files.reading)) being read") }
    if files.skipped > 0 { parts.append("\(grouped(files.skipped)) skipped") }
    if files.failed > 0 { parts.append("\(grouped(files.failed)) failed") }
    if files.refusedDocuments > 0 { parts.append("\(grouped(files.refusedDocuments)) documents refused") }
    var text = parts.joined(separator: ", ")
    if files.failed > 0 || files.refusedDocuments > 0 { text += " (kwic status --failed)" }
    let watched = status.watched
    var folders = "\(grouped(watched.folders)) folder\(watched.folders == 1 ? "" : "s"), "
    folders += watched.done ? "up to date" : "\(grouped(watched.waiting)) files wait to be read"
    if watched.unwatchedFolders > 0 {
      folders += "; \(grouped(watched.unwatchedFolders)) without a watch of the kernel, looked at every rescan_interval"
    }
    return [("files", text), ("watched", folders)]
  }

  /// `181,223`.
  static func grouped(_ number: Int) -> String {
    var digits = Array(String(number.magnitude))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return (number < 0 ? "-" : "") + String(digits)
  }

  /// `1.2 MB`, in powers of ten.
  static func bytes(_ count: Int) -> String {
    var value = Double(count)
    var unit = 0
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    while value >= 999.5, unit < units.count - 1 {
      value /= 1_000
      unit += 1
    }
    guard unit > 0 else { return "\(count) bytes" }
    let tenths = Int((value * 10).rounded())
    return tenths < 100 ? "\(tenths / 10).\(tenths % 10) \(units[unit])" : "\(Int(value.rounded())) \(units[unit])"
  }

  /// The two greatest units: `2 h 3 min`.
  static func duration(_ seconds: Int) -> String {
    let parts = [(seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")]
    guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return "0 s" }
    return parts[first..<min(first + 2, parts.count)].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }
}
