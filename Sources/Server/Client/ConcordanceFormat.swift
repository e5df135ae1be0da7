/// Writes an answer for people: one line a hit, the first words of all hits in one column.
///
/// `2016-10-28  putin-aleppo-mosul  …But in [raqqa], too, live a … fact that [civilians] are dying…`
struct ConcordanceFormat {
  /// Ids are cut to this on a terminal.
  private static let idColumnsMax = 32
  private static let gap = "  "

  let screen: Screen

  func text(_ answer: WireAnswer) -> String {
    var rows: [(document: WireAnswer.Document, line: ConcordanceLine?)] = []
    for document in answer.results {
      if document.hits.isEmpty { rows.append((document, nil)) }
      for hit in document.hits { rows.append((document, ConcordanceLine(hit))) }
    }
    let dateColumns = rows.map { TextWidth.columns(Self.date($0.document)) }.max() ?? 0
    let idColumnsMax = screen.columns == nil ? Int.max : Self.idColumnsMax
    let idColumns = min(idColumnsMax, rows.map { TextWidth.columns($0.document.id) }.max() ?? 0)
    let used = (dateColumns > 0 ? dateColumns + Self.gap.count : 0) + idColumns + Self.gap.count
    let room = screen.columns.map { max(20, $0 - used) }
    let leftColumns = min(rows.compactMap { $0.line.map { TextWidth.columns($0.left) } }.max() ?? 0, (room ?? 500) * 2 / 5)
    var text = ""
    for (document, line) in rows {
      if dateColumns > 0 { text += dim(TextWidth.padded(Self.date(document), to: dateColumns)) + Self.gap }
      text += dim(TextWidth.padded(TextWidth.prefix(ConcordanceLine.flat(document.id), columns: idColumns), to: idColumns))
      text += Self.gap
      if let line {
        text += self.text(line, leftColumns: leftColumns, room: room)
      } else {
        text += ConcordanceLine.flat(document.title ?? "")
      }
      text += "\n"
    }
    return text
  }

  private func text(_ line: ConcordanceLine, leftColumns: Int, room: Int?) -> String {
    var text = TextWidth.rightAligned(TextWidth.suffix(line.left, columns: leftColumns), to: leftColumns)
    var left = room.map { $0 - leftColumns } ?? .max
    for piece in line.pieces + [ConcordanceLine.Piece(text: line.right, isWord: false)] {
      guard left > 0 else { break }
      let shown = TextWidth.prefix(piece.text, columns: left)
      left -= TextWidth.columns(shown) + (piece.isWord && !screen.hasColours ? 2 : 0)
      text += piece.isWord ? marked(shown) : shown
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
    String(document.date?.prefix(10) ?? "")
  }
}
