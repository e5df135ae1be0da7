@testable import Server
import Testing

/// What `kwic search` prints, to the character.
@Suite("Concordance")
struct ConcordanceTests {
  /// A hit over `[marked]` words of `text`; what stands before `<` and after `>` is context.
  static func hit(_ text: String, field: String = "body", start: Int = 500) -> WireAnswer.Hit {
    let open = text.firstIndex(of: "<")!
    let close = text.firstIndex(of: ">")!
    let left = String(text[..<open])
    var match = ""
    var words: [WireAnswer.Word] = []
    var from = 0
    for character in text[text.index(after: open)..<close] {
      switch character {
      case "[": from = match.utf8.count
      case "]":
        words.append(
          WireAnswer.Word(form: "", position: words.count, bytes: [start + from, start + match.utf8.count]))
      default: match.append(character)
      }
    }
    return WireAnswer.Hit(
      field: field, lo: 0, hi: 9, bytes: [start, start + match.utf8.count], words: words, left: left, match: match,
      right: String(text[text.index(after: close)...]))
  }

  static func answer(_ documents: [(id: String, date: String?, hits: [WireAnswer.Hit])]) -> WireAnswer {
    WireAnswer(
      query: "q", parsed: "", total: nil, snapshot: 1, warnings: [],
      results: documents.map {
        WireAnswer.Document(id: $0.id, score: 1.5, title: "Title", date: $0.date, hitCount: $0.hits.count, hits: $0.hits)
      })
  }

  @Test("The line of interfaces.md")
  func seed() {
    let hit = Self.hit(
      "need to destroy the nest of terrorism. But in <[raqqa], too, live a peaceful citizens”, — said Putin. "
        + "According to him,\n\nthe “egg” began. Putin also reminded about the fact that [civilians]> are dying not only in")
    let text = ConcordanceFormat(screen: Screen()).text(Self.answer([("putin-aleppo-mosul", "2016-10-28T10:00:00Z", [hit])]))
    #expect(
      text == "2016-10-28  putin-aleppo-mosul  …need to destroy the nest of terrorism. But in [raqqa], too, live a … "
        + "fact that [civilians] are dying not only in…\n")
  }

  @Test("Hits stand below one another, short gaps are kept, a document without hits shows its title")
  func aligned() {
    let text = ConcordanceFormat(screen: Screen()).text(
      Self.answer([
        ("a", nil, [Self.hit("left <[one] or [two]> right"), Self.hit("<[one]>", start: 0)]), ("long-id", "2020", []),
      ]))
    #expect(
      text == """
              a        …left [one] or [two] right…
              a              [one]
        2020  long-id  Title

        """)
  }

  @Test("On a terminal lines are cut to its width and words are coloured")
  func terminal() {
    let hit = Self.hit("a long text that stands on the left side <[word]> and another long text that stands on the right")
    let narrow = ConcordanceFormat(screen: Screen(columns: 40, hasColours: false)).text(Self.answer([("id", nil, [hit])]))
    #expect(narrow == "id  …the left side [word] and anothe…\n" || TextWidth.columns(narrow.dropLast()) <= 40)
    #expect(narrow.contains("[word]"))
    let coloured = ConcordanceFormat(screen: Screen(columns: 80, hasColours: true)).text(Self.answer([("id", nil, [hit])]))
    #expect(coloured.contains("\u{1B}[1;31mword\u{1B}[0m"))
  }

  @Test("Nothing in a stored text can steer a terminal")
  func escapes() {
    let hit = Self.hit("a\u{1B}[2Jb <[x\u{7}]> c\u{9B}31m\td")
    let text = ConcordanceFormat(screen: Screen()).text(Self.answer([("i\u{1B}d", nil, [hit])]))
    #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
  }

  @Test("Wide characters take two columns")
  func width() {
    #expect(TextWidth.columns("漢字a") == 5)
    #expect(TextWidth.prefix("漢字漢字", columns: 5) == "漢字…")
    #expect(TextWidth.suffix("abcdef", columns: 3) == "…ef")
  }
}
