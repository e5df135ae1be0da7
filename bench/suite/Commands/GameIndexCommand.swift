internal import ArgumentParser
internal import Index
internal import Ingest

/// The indexing side of the public search-benchmark-game.
struct GameIndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "game-index",
    abstract: "Index the {\"id\", \"text\"} lines of standard input for the search-benchmark-game.")

  @Argument(help: "Directory of the new index.")
  var directory: String

  func run() throws {
    try OptimisedBuild.require()
    let parser = DocumentParser(textFields: ["text"])
    let bulk = try BulkIndex(directory: directory, storesText: false)
    var number = 0
    while let line = readLine() {
      number += 1
      try bulk.add(try document(line, number, parser))
    }
    try bulk.finish()
    Console.progress("\(bulk.documentCount) documents")
  }

  private func document(_ line: String, _ number: Int, _ parser: DocumentParser) throws -> Document {
    do throws(LineProblem) {
      return try parser.parse(Array(line.utf8), fallbackID: String(number))
    } catch {
      throw CorpusProblem("line \(number): \(error.message)")
    }
  }
}
