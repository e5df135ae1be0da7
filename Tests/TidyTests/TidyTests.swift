import Testing

/// The house rules that a program can check, over every file of the repository.
@Suite("House rules")
struct TidyTests {
  @Test("Imports follow the table of the architecture")
  func imports() {
    var violations: [String] = []
    for file in SourceTree.swift {
      let target = file.file.target
      guard let allowed = ImportTable.allowed(for: target) else {
        violations.append("\(file.path): the target '\(target)' is not in the import table")
        continue
      }
      for (module, line) in ImportTable.imports(of: file.text) where !allowed.contains(module) {
        violations.append("\(file.path):\(line): \(target) may not import \(module)")
      }
    }
    expectNone(violations)
  }

  @Test("No file is longer than 600 lines")
  func fileLengths() {
    expectNone(
      SourceTree.code.filter { $0.lineCount > 600 && !$0.isGenerated }.map { "\($0.path): \($0.lineCount) lines" })
  }

  @Test("No function is longer than 70 lines")
  func functionLengths() {
    expectNone(
      SourceTree.swift.flatMap { file in
        file.functions.filter { $0.lines.count > 70 }
          .map { "\(file.path):\($0.lines.lowerBound + 1): \($0.name) has \($0.lines.count) lines" }
      })
  }

  @Test("Library code neither prints nor gives up", arguments: ["fatalError(", "try!", " as! ", "print(", "dump("])
  func bannedCalls(call: String) {
    expectNone(
      SourceTree.swift.filter(\.file.isLibrary).flatMap { file in
        Self.lines(of: file.text.code, calling: call).map { "\(file.path):\($0): \(call)" }
      })
  }

  @Test("Nothing is left for later and nothing points outside the repository")
  func bannedWords() {
    // Put together here, so that this file does not contain what it looks for.
    let banned = ["TO" + "DO", "FIX" + "ME", "X" + "XX:", "HA" + "CK:", ".." + "/shared", "/wo" + "rk/"]
    expectNone(
      SourceTree.texts.flatMap { file in
        let text = String(decoding: file.contents, as: UTF8.self)
        let found = banned.filter { text.contains($0) }
        guard !found.isEmpty else { return [String]() }
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { number, line in
          found.filter { line.contains($0) }.map { "\(file.path):\(number + 1): \($0)" }
        }
      })
  }

  /// Numbers from 1 of the lines that call something, where the name is not the end of a longer one.
  static func lines(of code: [String], calling call: String) -> [Int] {
    code.indices.filter { line in
      var rest = Substring(code[line])
      while let range = rest.firstRange(of: call) {
        let before = rest[..<range.lowerBound].last
        let isWhole = before.map { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "." } ?? true
        if call.first == " " || isWhole { return true }
        rest = rest[range.upperBound...]
      }
      return false
    }.map { $0 + 1 }
  }
}

/// Records one failure that lists everything found.
func expectNone(_ violations: [String], sourceLocation: SourceLocation = #_sourceLocation) {
  guard !violations.isEmpty else { return }
  let list = Comment(rawValue: violations.joined(separator: "\n"))
  #expect(violations.isEmpty, list, sourceLocation: sourceLocation)
}
