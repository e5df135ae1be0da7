internal import Foundation

/// The forms in which `kwic search` prints an answer.
public enum AnswerFormat: String, CaseIterable, Sendable {
  /// Concordance lines.
  case kwic
  /// The daemon's object, one a line.
  case json
  /// Ids of the documents shown.
  case ids
  /// The number of documents that match.
  case count
  /// A row a hit, with a header.
  case csv
  /// `QUERY-ID Q0 DOCUMENT RANK SCORE kwic`, as trec_eval reads it.
  case trec

  /// Whether hits appear in it: where not, none are asked for.
  var showsHits: Bool { self == .kwic || self == .csv || self == .json }
}

/// Prints the answers to one query or to a list of them.
struct AnswerPrinter {
  let format: AnswerFormat
  let screen: Screen
  /// Several queries, answered in order: one line or object for each.
  let isList: Bool

  /// The answer to one query as text.
  /// - Parameter queryID: names the query in the trec format.
  func text(_ body: [UInt8], _ answer: WireAnswer, queryID: String) -> String {
    switch format {
    case .kwic: return ConcordanceFormat(screen: screen).text(answer)
    case .json: return String(decoding: body, as: UTF8.self)
    case .ids: return answer.results.map(\.id).joined(separator: isList ? "\t" : "\n") + (answer.results.isEmpty && !isList ? "" : "\n")
    case .count: return "\(answer.total?.documents ?? answer.results.count)\n"
    case .csv: return answer.results.map(Self.rows).joined()
    case .trec:
      return answer.results.enumerated().map { index, document in
        "\(queryID) Q0 \(document.id) \(index + 1) \(document.score) kwic\n"
      }.joined()
    }
  }

  /// What stands first.
  var header: String {
    format == .csv ? "document,date,title,score,field,lo,hi,byte_start,byte_end,left,match,right\r\n" : ""
  }

  /// What keeps the place of a query that was refused, in a list.
  func placeholder(_ body: [UInt8]) -> String {
    guard isList else { return "" }
    return switch format {
    case .json: String(decoding: body, as: UTF8.self)
    case .count: "-1\n"
    case .ids: "\n"
    case .kwic, .csv, .trec: ""
    }
  }

  /// RFC 4180.
  private static func rows(_ document: WireAnswer.Document) -> String {
    document.hits.map { hit in
      let cells = [
        document.id, document.date ?? "", document.title ?? "", "\(document.score)", hit.field, "\(hit.lo)", "\(hit.hi)",
        "\(hit.bytes.first ?? 0)", "\(hit.bytes.last ?? 0)", hit.left, hit.match, hit.right,
      ]
      return cells.map(cell).joined(separator: ",") + "\r\n"
    }.joined()
  }

  private static func cell(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
