@testable import Server
import TestSupport
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

  static func text(_ answer: WireAnswer, _ screen: Screen = Screen()) -> String {
    var format = ConcordanceFormat(screen: screen)
    return format.text(answer.results)
  }

  @Test("The line of interfaces.md")
  func seed() {
    let hit = Self.hit(
      "need to destroy the nest of terrorism. But in <[raqqa], too, live a peaceful citizens”, — said Putin. "
        + "According to him,\n\nthe “egg” began. Putin also reminded about the fact that [civilians]> are dying not only in")
    let text = Self.text(Self.answer([("putin-aleppo-mosul", "2016-10-28T10:00:00Z", [hit])]))
    #expect(
      text == "2016-10-28  putin-aleppo-mosul  …need to destroy the nest of terrorism. But in [raqqa], too, live a … "
        + "fact that [civilians] are dying not only in…\n")
  }

  @Test("Hits stand below one another, short gaps are kept, a document without hits shows its title")
  func aligned() {
    let text = Self.text(
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
    let narrow = Self.text(Self.answer([("id", nil, [hit])]), Screen(columns: 40, hasColours: false))
    #expect(TextWidth.columns(narrow.dropLast()) <= 40)
    #expect(narrow.contains("[word]"))
    let coloured = Self.text(Self.answer([("id", nil, [hit])]), Screen(columns: 80, hasColours: true))
    #expect(coloured.contains("\u{1B}[1;31mword\u{1B}[0m"))
  }

  @Test("Nothing in a stored text can steer a terminal")
  func escapes() {
    let hit = Self.hit("a\u{1B}[2Jb <[x\u{7}]> c\u{9B}31m\td")
    let text = Self.text(Self.answer([("i\u{1B}d", nil, [hit])]))
    #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
  }

  @Test("No direction can be turned by a stored text, and letters of both directions stay")
  func direction() {
    let hit = Self.hit("שלום \u{202E}abc <[\u{2066}עולם]\u{2069}> مرحبا\u{202C}")
    let text = Self.text(Self.answer([("id\u{202D}", nil, [hit])]))
    #expect(text == "id  …שלום abc [עולם] مرحبا…\n")
  }

  @Test("Whatever stands in the texts, lines keep within the screen, hits stand below one another, words are marked")
  func widths() throws {
    let alphabet = ["a", "漢", "e\u{301}", "😀", "👩‍👩‍👧", "🇫🇷", "\u{200B}", "ع", " ", "\t", "\u{AD}", "❤\u{FE0F}", "\u{1B}", "ﾊ"]
    try Property.check("concordance keeps within the screen", seconds: 2) { random in
      func text(_ longest: Int) -> String {
        (0..<Int.random(in: 0...longest, using: &random)).map { _ in alphabet.randomElement(using: &random)! }.joined()
      }
      let columns = Int.random(in: 30...140, using: &random)
      let documents = (0..<6).map { number in
        (id: "d\(number)" + text(30), date: Bool.random(using: &random) ? "2020-01-0\(number)" : nil,
          hits: [Self.hit("\(text(60))<[w\(text(5))]\(text(40))[x]>\(text(60))")])
      }
      for hasColours in [false, true] {
        let printed = Self.text(Self.answer(documents), Screen(columns: columns, hasColours: hasColours))
        var places: Set<Int> = []
        for line in printed.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
          let plain = line.replacing(/\u{1B}\[[0-9;]*m/, with: "")
          try #require(TextWidth.columns(plain) <= columns, "\(plain)")
          let mark = hasColours ? "\u{1B}[1;31m" : "["
          let start = try #require(line.firstRange(of: mark))
          places.insert(TextWidth.columns(line[..<start.lowerBound].replacing(/\u{1B}\[[0-9;]*m/, with: "")))
        }
        try #require(places.count == 1)
      }
    }
  }

  @Test("Wide characters take two columns")
  func width() {
    #expect(["😀", "🇫🇷", "❤\u{FE0F}", "👩‍👩‍👧", "e\u{301}", "\u{200B}", "ع"].map { TextWidth.columns($0) } == [2, 2, 2, 2, 1, 0, 1])
    #expect(TextWidth.columns("漢字a") == 5)
    #expect(TextWidth.prefix("漢字漢字", columns: 5) == "漢字…")
    #expect(TextWidth.suffix("abcdef", columns: 3) == "…ef")
  }
}
