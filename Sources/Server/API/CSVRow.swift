internal import Foundation
internal import Query

/// Rows of CSV (RFC 4180).
enum CSVRow {
  static let exportHeader = text(["id", "title", "date", "field", "lo", "hi", "byte_start", "byte_end", "words", "left", "match", "right"])

  /// A line of an export; the words of a hit stand in one cell, with blanks between them.
  static func text(of line: DocumentHit) -> String {
    let hit = line.hit
    return text([
      line.id, line.title, line.date ?? "", hit.field, "\(hit.lo)", "\(hit.hi)", "\(hit.bytes.lowerBound)",
      "\(hit.bytes.upperBound)", hit.words.map(\.form).joined(separator: " "), hit.left, hit.match, hit.right,
    ])
  }

  /// The cells joined by commas, with the line end.
  static func text(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

  private static func cell(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
