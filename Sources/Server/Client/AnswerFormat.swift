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

/// Prints the answers to one query or to a list of them, each piece by piece: `begin`, its results, `end`.
struct AnswerPrinter {
  let format: AnswerFormat
  /// Several queries, answered in order: one line or object for each.
  let isList: Bool
  private var concordance: ConcordanceFormat
  private var queryID = ""
  /// Results of this answer printed so far.
  var count = 0

  init(format: AnswerFormat, screen: Screen, isList: Bool) {
    self.format = format
    self.isList = isList
    concordance = ConcordanceFormat(screen: screen)
  }

  /// - Parameter queryID: names the query in the trec format.
  mutating func begin(queryID: String) {
    self.queryID = queryID
    count = 0
    concordance = ConcordanceFormat(screen: concordance.screen)
  }

  /// The next results of an answer as text.
  mutating func text(_ documents: [WireAnswer.Document]) -> String {
    defer { count += documents.count }
    switch format {
    case .kwic: return concordance.text(documents)
    case .json, .count: return ""
    case .ids:
      guard isList else { return documents.map { $0.id + "\n" }.joined() }
      return (count > 0 && !documents.isEmpty ? "\t" : "") + documents.map(\.id).joined(separator: "\t")
    case .csv: return documents.map(Self.rows).joined()
    case .trec:
      return documents.enumerated().map { place, document in
        "\(queryID) Q0 \(document.id) \(count + place + 1) \(document.score) kwic\n"
      }.joined()
    }
  }

  /// What stands behind the results of an answer.
  func end(_ answer: WireAnswer) -> String {
    switch format {
    case .count: "\(answer.total?.documents ?? count)\n"
    case .ids: isList ? "\n" : ""
    case .kwic: Self.table(answer)
    case .json, .csv, .trec: ""
    }
  }

  /// The counts by group, one a line, their values and numbers below one another.
  private static func table(_ answer: WireAnswer) -> String {
    guard let groups = answer.groups else { return "" }
    var rows = groups.map { (ConcordanceLine.flat($0.value), $0.documents) }
    if let missing = answer.groupsMissing, missing > 0 { rows.append(("(none)", missing)) }
    let valueColumns = rows.map { TextWidth.columns($0.0) }.max() ?? 0
    let numberColumns = rows.map { String($0.1).count }.max() ?? 0
    return rows.map { value, documents in
      TextWidth.padded(value, to: valueColumns) + "  " + TextWidth.rightAligned(String(documents), to: numberColumns) + "\n"
    }.joined()
  }

  /// What stands first.
  var header: String {
    guard format == .csv else { return "" }
    return CSVRow.text([
      "document", "date", "title", "score", "field", "lo", "hi", "byte_start", "byte_end", "left", "match", "right",
    ])
  }

  /// What stands in a list of queries for one that was refused.
  func refusedLine(_ body: [UInt8]) -> String {
    guard isList else { return "" }
    return switch format {
    case .json: String(decoding: body, as: UTF8.self)
    case .count: "-1\n"
    case .ids: "\n"
    case .kwic, .csv, .trec: ""
    }
  }

  private static func rows(_ document: WireAnswer.Document) -> String {
    document.hits.map { hit in
      CSVRow.text([
        document.id, document.date ?? "", document.title ?? "", "\(document.score)", hit.field, "\(hit.lo)", "\(hit.hi)",
        "\(hit.bytes.first ?? 0)", "\(hit.bytes.last ?? 0)", hit.left, hit.match, hit.right,
      ])
    }.joined()
  }
}
