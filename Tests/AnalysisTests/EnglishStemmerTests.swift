import Testing

@testable import Analysis

@Suite struct EnglishStemmerTests {
  /// Words of the Snowball project's list, at least one for each step and exception.
  @Test(arguments: [
    ("consign", "consign"), ("consistency", "consist"), ("knightly", "knight"), ("caresses", "caress"), ("ties", "tie"),
    ("cries", "cri"), ("gas", "gas"), ("kiwis", "kiwi"), ("agreed", "agre"), ("feed", "feed"),
    ("luxuriating", "luxuri"),
    ("hopping", "hop"), ("hoping", "hope"), ("adding", "add"), ("vying", "vie"), ("dying", "die"), ("cry", "cri"),
    ("by", "by"), ("say", "say"), ("youth", "youth"), ("boyish", "boyish"), ("generously", "generous"),
    ("communism", "communism"), ("organization", "organiz"), ("internal", "internal"), ("paste", "paste"),
    ("geologist", "geolog"), ("national", "nation"), ("rationalize", "ration"), ("hopefulness", "hope"),
    ("formative", "format"), ("adoption", "adopt"), ("replacement", "replac"), ("controlling", "control"),
    ("rate", "rate"), ("parable", "parabl"), ("skis", "ski"), ("news", "news"), ("inning", "inning"),
    ("succeeded", "succeed"), ("civilians", "civilian"), ("strikes", "strike"), ("bombing", "bomb"), ("bombed", "bomb"),
    ("a", "a"), ("as", "as"), ("'", "'"), ("there's", "there"),
  ])
  func stems(_ word: String, _ stem: String) {
    #expect(String(decoding: EnglishStemmer.stem(Array(word.utf8)), as: UTF8.self) == stem)
  }

  @Test(arguments: [
    ("iraq's", "iraq"), ("states'", "state"), ("cities'", "citi"), ("u.s.", "u.s."), ("u.s.'s", "u.s."), ("us", "us"),
    ("u.s", "u.s."), ("u.s's", "u.s."), ("1990s", "1990s"), ("mp3s", "mp3s"),
    ("virginia_senators", "virginia_senators"), ("страны", "страны"),
    ("don't", "don't"),
  ])
  func stemsOfForms(_ form: String, _ stem: String) {
    #expect(String(decoding: Analyzer().stem(Array(form.utf8)), as: UTF8.self) == stem)
  }

  @Test func withoutStemming() {
    let analyzer = Analyzer(stemming: .none)
    #expect(analyzer.stem(Array("strikes".utf8)) == Array("strikes".utf8))
    #expect(analyzer.stem(Array("iraq's".utf8)) == Array("iraq".utf8))
  }

  @Test(arguments: ["", "'", "''", "'s", "s'", "a's", "as'", "x's'", "yyy", "'ying", "ing", "eed", "sses", "ational"])
  func degenerateFormsAreSafe(_ form: String) {
    let bytes = Array(form.utf8)
    #expect(Analyzer().stem(bytes).count <= bytes.count + 1)
    #expect(EnglishStemmer.stem(bytes).count <= bytes.count + 1)
  }
}
