/// Which module may import which: the table of the architecture. An arrow against it is a design error.
enum ImportTable {
  /// Parts of the toolchain that every target may use.
  static let toolchain: Set<String> = ["Swift", "Glibc", "Dispatch", "Synchronization"]

  /// Library targets and programs. Foundation is left to those at the edge, where no posting passes.
  static let targets: [String: Set<String>] = [
    "CLMDB": [],
    "CKernels": [],
    "Base": [],
    "Store": ["Base", "CLMDB"],
    "Analysis": ["Base", "CKernels"],
    "ScoringCore": ["Base", "CKernels"],
    "Index": ["Base", "CKernels", "Analysis", "ScoringCore", "Store"],
    "Query": ["Base", "Analysis", "ScoringCore", "Index"],
    "Ingest": ["Base", "Analysis", "Index", "Logging", "Foundation"],
    "Server": [
      "Base", "Query", "Ingest", "Index", "Crypto", "Logging", "NIOCore", "NIOPosix", "NIOHTTP1", "Foundation",
    ],
    "kwicd": ["Server", "ArgumentParser", "Logging", "Foundation"],
    "kwic": ["Server", "ArgumentParser", "Foundation"],
    "bench": [],
    "bench-suite": [
      "Base", "CKernels", "Analysis", "ScoringCore", "Index", "Query", "Ingest", "Server", "ArgumentParser", "Histogram",
      "Logging", "NIOCore", "NIOPosix", "NIOHTTP1", "Foundation",
    ],
    "TestSupport": ["Base", "Foundation"],
  ]

  /// What a target may import, or nil for a target that the table does not know.
  static func allowed(for target: String) -> Set<String>? {
    if let row = targets[target] { return row.union(toolchain) }
    guard target.hasSuffix("Tests") else { return nil }
    let module = String(target.dropLast("Tests".count))
    let tools: Set<String> = ["Testing", "TestSupport", "Base", "Foundation"]
    // A suite that is not about one module (oracle, crash, fuzz) drives them all.
    let subjects = targets[module]?.union([module]) ?? Set(targets.keys)
    return tools.union(toolchain).union(subjects)
  }

  /// The modules that a source imports, with their line numbers from 1.
  static func imports(of text: SwiftText) -> [(module: String, line: Int)] {
    text.code.enumerated().compactMap { number, line in
      var words = SwiftText.words(of: line)[...]
      let access = ["public", "internal", "private", "package"]
      while let first = words.first, first.hasPrefix("@") || access.contains(first) { words.removeFirst() }
      guard words.first == "import", words.count >= 2 else { return nil }
      let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      let module = kinds.contains(words[words.startIndex + 1]) ? words.dropFirst(2).first : words.dropFirst().first
      return module.map { ($0, number + 1) }
    }
  }
}
