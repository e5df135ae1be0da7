internal import ArgumentParser
internal import Index

/// Indexes a file of normalised text for the comparison of engines.
struct IndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Index a file of id<TAB>text lines, without stored text, and compact it.",
    discussion: "Prints one JSON line: add_s, merge_s, docs, text_bytes, and bytes of the index and its sections.")

  @Option(help: "A file of id<TAB>text lines: lower-case words with one blank between.")
  var norm: String

  @Option(help: "Directory of the new index; what is there is an error.")
  var index: String

  @Option(help: "Cores that analyse documents; the index is the same for any number.")
  var threads = 1

  @Option(name: .customLong("phrase-words"), help: "Words of the phrase layer; 0 for an index without it.")
  var phraseWords = PhraseLayer().words

  @Flag(
    inversion: .prefixedNo,
    help: "Put documents that share words side by side, or never do; by default merges do and a lone segment is copied.")
  var reorder: Bool?

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads is at least 1") }
  }

  func run() throws {
    try OptimisedBuild.require()
    var file = try NormFile(path: norm)
    var ordering = DocumentOrdering(isOn: reorder ?? DocumentOrdering().isOn)
    ordering.takesLoneSegments = reorder == true
    let bulk = try BulkIndex(
      directory: index, storesText: false, threads: threads, phraseWords: phraseWords,
      ordering: ordering)
    let adding = Stopwatch()
    while let document = try file.next() { try bulk.add(document) }
    try bulk.flush()
    let addSeconds = adding.seconds
    let merging = Stopwatch()
    try bulk.finish()
    let sections = bulk.index.status().sections
    Console.result(
      JSONLine.object([
        ("add_s", .number(addSeconds)), ("merge_s", .number(merging.seconds)),
        ("docs", .number(Double(bulk.documentCount))), ("text_bytes", .number(Double(file.textBytes))),
        ("postings_bytes", .number(Double(sections.postings))), ("classes_bytes", .number(Double(sections.classPostings))),
        ("phrase_layer_bytes", .number(Double(sections.phraseLayer))),
        ("index_bytes", .number(Double(bulk.index.status().segmentBytes))),
      ]))
  }
}
