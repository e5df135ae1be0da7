/// Writes results for people: one line a hit, the first words of all hits in one column.
///
/// `2016-10-28  putin-aleppo-mosul  …But in [raqqa], too, live a … fact that [civilians] are dying…`
///
/// Results that come together stand below one another; columns grow with later ones and never shrink.
struct ConcordanceFormat {
  /// Ids are cut to this on a terminal, and to a quarter of a narrow one.
  private static let idColumnsMax = 32
  /// Columns of the text before a hit where nothing limits the line.
  private static let leftColumnsMax = 200
  private static let gap = "  "

  let screen: Screen
  private var dateColumns = 0
  private var idColumns = 0
  private var leftColumns = 0

  init(screen: Screen) { self.screen = screen }

  mutating func text(_ documents: [WireAnswer.Document]) -> String {
    let groups = documents.map { document -> [Row] in
      var rows = document.hits.map { Row(document: document, line: ConcordanceLine($0)) }
      if rows.isEmpty { rows.append(Row(document: document)) }
      rows[rows.count - 1].note = Self.copies(of: document)
      return rows
    }
    let room = fitColumns(Array(groups.joined()))
    var text = ""
    for (document, rows) in zip(documents, groups) {
      text += self.text(rows, room: room)
      // Names and values of the document may stand in it.
      for line in document.explanation?.lines ?? [] { text += Self.gap + dim(ConcordanceLine.printable(line)) + "\n" }
    }
    return text
  }

  private func text(_ rows: [Row], room: Int?) -> String {
    var text = ""
    for row in rows {
      let document = row.document
      if dateColumns > 0 { text += dim(TextWidth.padded(Self.date(document), to: dateColumns)) + Self.gap }
      text += dim(TextWidth.padded(TextWidth.prefix(ConcordanceLine.flat(document.id), columns: idColumns), to: idColumns))
      text += Self.gap
      if let line = row.line {
        text += self.text(line, leftColumns: leftColumns, room: room)
      } else {
        let title = ConcordanceLine.flat(document.title ?? "")
        text += room.map { TextWidth.prefix(title, columns: $0) } ?? title
      }
      text += "\n"
      if let note = row.note {
        let indent = dateColumns + (dateColumns > 0 ? Self.gap.count : 0) + idColumns + Self.gap.count
        text += String(repeating: " ", count: indent) + dim(note) + "\n"
      }
    }
    return text
  }

  /// A hit, or the title of a document without one; and what is said below it.
  private struct Row {
    var document: WireAnswer.Document
    var line: ConcordanceLine?
    var note: String?
  }

  /// `+ 2 near-duplicates, first 1987-03-02`.
  private static func copies(of document: WireAnswer.Document) -> String? {
    guard let copies = document.copies, copies > 1 else { return nil }
    let first = document.firstDate.map { ", first \($0.prefix(10))" } ?? ""
    return ConcordanceLine.flat("+ \(copies - 1) near-duplicate\(copies == 2 ? "" : "s")\(first)")
  }

  /// Widens the columns for these rows. Answers what is left for the hit and its context, nil for any width.
  private mutating func fitColumns(_ rows: [Row]) -> Int? {
    dateColumns = max(dateColumns, rows.map { TextWidth.columns(Self.date($0.document)) }.max() ?? 0)
    let ids = rows.map { TextWidth.columns(ConcordanceLine.flat($0.document.id)) }.max() ?? 0
    idColumns = max(idColumns, min(ids, screen.columns.map { min(Self.idColumnsMax, max(4, $0 / 4)) } ?? .max))
    let used = (dateColumns > 0 ? dateColumns + Self.gap.count : 0) + idColumns + Self.gap.count
    let room = screen.columns.map { max(1, $0 - used) }
    let lefts = rows.compactMap { $0.line.map { TextWidth.columns($0.left) } }.max() ?? 0
    leftColumns = max(leftColumns, min(lefts, room.map { $0 * 2 / 5 } ?? Self.leftColumnsMax))
    return room
  }

  private func text(_ line: ConcordanceLine, leftColumns: Int, room: Int?) -> String {
    var text = TextWidth.rightAligned(TextWidth.suffix(line.left, columns: leftColumns), to: leftColumns)
    var left = room.map { $0 - leftColumns } ?? .max
    for piece in line.pieces + [ConcordanceLine.Piece(text: line.right, isWord: false)] {
      let brackets = piece.isWord && !screen.hasColours ? 2 : 0
      // A word is marked whole or cut with its mark; where not even one letter fits, nothing follows.
      guard left > brackets else { break }
      let shown = TextWidth.prefix(piece.text, columns: left - brackets)
      left -= TextWidth.columns(shown) + brackets
      text += piece.isWord ? marked(shown) : shown
      if shown != piece.text { break }
    }
    return text
  }

  private func marked(_ word: String) -> String {
    screen.hasColours ? "\u{1B}[1;31m\(word)\u{1B}[0m" : "[\(word)]"
  }

  private func dim(_ text: String) -> String {
    screen.hasColours ? "\u{1B}[2m\(text)\u{1B}[0m" : text
  }

  private static func date(_ document: WireAnswer.Document) -> String {
    ConcordanceLine.flat(String(document.date?.prefix(10) ?? ""))
  }
}
