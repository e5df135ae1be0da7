import Ingest
import Testing

@Suite("Glob patterns")
struct GlobPatternTests {
  @Test("Names, paths, stars and sets", arguments: [
    ("*.txt", "a.txt", true), ("*.txt", "deep/er/a.txt", true), ("*.txt", "a.txt.gz", false), ("a?c", "abc", true),
    ("a?c", "a/c", false), ("drafts/*.md", "drafts/a.md", true), ("drafts/*.md", "drafts/x/a.md", false),
    ("drafts/**/a.md", "drafts/a.md", true), ("drafts/**/a.md", "drafts/x/y/a.md", true), ("**/a.md", "a.md", true),
    ("**/a.md", "x/a.md", true), ("**/a.md", "x/ba.md", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false),
    ("[]]", "]", true), ("old/", "old", true), ("old/", "x/old", true), ("old/**", "old", true), ("/old", "x/old", false), ("/old", "old", true),
    ("x/old/", "x/old", true), ("x/old/", "y/x/old", false), ("*", "anything", true), ("ä*", "ärger", true),
    ("a*b*c*d", "a__b__b__c__cd", true), ("*a*a*a*a*a*a*a*b", String(repeating: "a", count: 200), false),
  ])
  func matches(pattern: String, path: String, expected: Bool) throws {
    #expect(try #require(GlobPattern(pattern)).matches(path) == expected)
  }

  @Test("What is no pattern is refused", arguments: ["", "/", "[a", "x[", "[!"])
  func refused(pattern: String) { #expect(GlobPattern(pattern) == nil) }

  @Test("Rules say why an entry is not read")
  func rules() throws {
    var rules = PathRules(exclude: [try #require(GlobPattern("drafts/")), try #require(GlobPattern("*.bak.txt"))])
    #expect(rules.skipOfFile("a.txt") == nil)
    #expect(rules.skipOfFile("x/.a.txt")?.code == "hidden")
    #expect(rules.skipOfFile("x/a.png")?.code == "unknown-format")
    #expect(rules.skipOfFile("x/a.bak.txt")?.code == "excluded")
    #expect(rules.skipOfFolder("drafts")?.code == "excluded")
    #expect(rules.skipOfFolder(".git")?.code == "hidden")
    #expect(rules.skipOfFolder("texts") == nil)
    rules.include = [try #require(GlobPattern("*.md"))]
    #expect(rules.skipOfFile("a.txt")?.code == "not-included")
    #expect(rules.skipOfFile("deep/a.md") == nil)
  }
}
