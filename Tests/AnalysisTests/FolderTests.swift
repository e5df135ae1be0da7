import Base
import Foundation
import TestSupport
import Testing

@testable import Analysis

@Suite struct FolderTests {
  private func fold(_ text: String) -> String {
    String(decoding: Analyzer().fold(Array(text.utf8)), as: UTF8.self)
  }

  @Test(arguments: [
    ("Raqqa", "raqqa"), ("Straße", "strasse"), ("Łódź", "lodz"), ("Ærøskøbing", "aeroskobing"),
    ("İstanbul", "istanbul"),
    ("Kılıç", "kilic"), ("ﬁne", "fine"), ("Dvořák", "dvorak"), ("Việt Nam", "viet nam"), ("O’Neill", "o'neill"),
    ("Ｆｕｌｌ１２", "full12"), ("Ὀδυσσεύς", "οδυσσευσ"), ("ᾳ", "α"), ("Ёлка", "елка"), ("Йод", "йод"), ("Київ", "київ"),
    ("за́мок", "замок"), ("مُحَمَّد", "محمد"), ("محـــمد", "محمد"), ("أحمد", "احمد"), ("שָׁלוֹם", "שלום"), ("ﻣﺤﻤﺪ", "محمد"),
    ("हिन्दी", "हिन्दी"), ("தமிழ்", "தமிழ்"), ("ภาษาไทย", "ภาษาไทย"), ("한국어", "한국어"), ("がぎ", "がぎ"), ("ｶﾞ", "ガ"), ("漢字", "漢字"),
    ("co\u{AD}op", "coop"), ("wor*d?", "wor*d?"),
  ]) func examples(_ text: String, _ folded: String) {
    #expect(Array(fold(text).unicodeScalars) == Array(folded.unicodeScalars))
  }

  private static let assigned: [Unicode.Scalar] = (0...0x10FFFF).compactMap(Unicode.Scalar.init).filter {
    $0.properties.generalCategory != .unassigned && $0.properties.generalCategory != .privateUse
  }

  @Test func foldingTwiceIsFoldingOnce() {
    let wrong = Self.assigned.filter {
      fold(fold(String($0))).unicodeScalars.elementsEqual(fold(String($0)).unicodeScalars) == false
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(20))")
  }

  @Test func equivalentScalarsFoldAlike() {
    // Scalars that came after Unicode 15.0 fold to themselves, so their decompositions need not agree.
    let known = Self.assigned.filter { ($0.properties.age ?? (99, 0)).major <= 15 }
    let wrong = known.filter { scalar in
      let decomposed = String(scalar).decomposedStringWithCanonicalMapping
      return !fold(decomposed).unicodeScalars.elementsEqual(fold(String(scalar)).unicodeScalars)
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(20).map { String($0.value, radix: 16) })")
  }

  @Test func equivalentTextsFoldAlike() throws {
    let marks =
      "\u{300}\u{301}\u{306}\u{308}\u{323}\u{345}\u{5B0}\u{64B}\u{93C}\u{94D}\u{3099}\u{309A}\u{1DCE}\u{9BE}\u{DCA}"
    let bases = "aeUиЙїαשحकनগেか゛ガ한\u{1100}\u{1161}\u{11A8}\u{DD9}"
    let scalars = Array((marks + bases + bases).unicodeScalars)
    try Property.check("canonically equivalent texts have one form") { random in
      var text = ""
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        text.unicodeScalars.append(scalars.randomElement(using: &random) ?? "a")
      }
      let composed = fold(text.precomposedStringWithCanonicalMapping)
      let decomposed = fold(text.decomposedStringWithCanonicalMapping)
      try #require(fold(text).unicodeScalars.elementsEqual(composed.unicodeScalars), "\(Array(text.unicodeScalars))")
      try #require(fold(text).unicodeScalars.elementsEqual(decomposed.unicodeScalars), "\(Array(text.unicodeScalars))")
    }
  }

  @Test func formsAreCutBetweenScalars() {
    let long = Analyzed(String(repeating: "é漢x", count: 1) + String(repeating: "жz", count: 300))
    #expect(long.words.count == 3)
    #expect(long.words[2].forms[0].utf8.count == Limits.wordBytesMax)
    let cyrillic = Analyzed(String(repeating: "ж", count: 300)).words[0]
    #expect(cyrillic.forms == [String(repeating: "ж", count: 127)])
    #expect(cyrillic.bytes == 0..<600)
    #expect(Analyzed(String(repeating: "x", count: 300)).words[0].forms == [String(repeating: "x", count: 255)])
  }
}
