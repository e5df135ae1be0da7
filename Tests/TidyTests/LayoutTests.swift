import Testing

/// The fixed shape of the repository.
@Suite("Layout")
struct LayoutTests {
  @Test("The top level holds what it is meant to hold")
  func topLevel() {
    let fixed: Set<String> = ["Package.swift", "Sources", "Tests", "bench", "config", "README.md"]
    // Made by the build and not committed.
    let ignored: Set<String> = ["Package.resolved"]
    let entries = Set(SourceTree.entries(of: "").filter { !$0.hasPrefix(".") }).subtracting(ignored)
    #expect(entries == fixed)
  }

  @Test("Every module has a chapter", arguments: [
    "Base", "Store", "Analysis", "ScoringCore", "Index", "Query", "Ingest", "Server",
  ])
  func chapter(module: String) throws {
    let chapter = try #require(SourceTree.file("Sources/\(module)/\(module).docc/\(module).md"))
    #expect(chapter.lineCount >= 20)
    #expect(chapter.contents.starts(with: "# ".utf8))
  }

  @Test("The benchmark suite has one too")
  func benchChapter() throws {
    let chapter = try #require(SourceTree.file("bench/suite/Bench.docc/Bench.md"))
    #expect(chapter.lineCount >= 20)
  }

  @Test("Every folder of sources is a target of the import table")
  func targets() {
    #expect(SourceTree.entries(of: "Sources").filter { ImportTable.targets[$0] == nil } == [])
    #expect(SourceTree.entries(of: "bench").sorted() == ["launch", "suite"])
    #expect(SourceTree.entries(of: "Tests").filter { ImportTable.allowed(for: $0) == nil } == [])
  }

  @Test("A file is named for what it declares")
  func fileNames() {
    // Several nouns in one file are fine where the file bears the name of one of them or of the aspect it adds.
    expectNone(
      SourceTree.swift.filter { $0.file.name.first?.isLowercase == true && $0.file.name != "main.swift" }.map(\.path))
  }
}
