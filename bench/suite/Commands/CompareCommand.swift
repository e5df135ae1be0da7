internal import ArgumentParser

/// Holds two reports of `run --json` against each other.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two reports of `run --json`: what became slower or faster.",
    discussion: """
      The best time of each benchmark counts, the steadiest figure on a shared machine. Exit status 1 if one became \
      slower by more than the tolerance. Reports of different machines are compared with a warning.
      """)

  @Argument(help: "The report to compare with.")
  var old: String

  @Argument(help: "The newer report.")
  var new: String

  @Option(help: "How much slower is still called equal, in percent.")
  var tolerance = 10.0

  private struct Entry {
    let name: String
    let best: Double
  }

  func run() throws {
    let before = try Self.entries(old)
    let after = try Self.entries(new)
    guard !before.isEmpty, !after.isEmpty else { throw CorpusProblem("a report without benchmarks") }
    if try Self.machine(old) != Self.machine(new) { Console.progress("the reports are of different machines") }
    var slower = 0
    for entry in after {
      guard let known = before.first(where: { $0.name == entry.name }) else {
        Console.result("  new     \(entry.name)  \(Report.duration(entry.best))")
        continue
      }
      let ratio = entry.best / known.best
      let isSlower = ratio > 1 + tolerance / 100
      if isSlower { slower += 1 }
      let mark = isSlower ? "slower" : ratio < 1 - tolerance / 100 ? "faster" : "      "
      Console.result(
        "\(mark)  \(Decimals.format(ratio, places: 2))  \(entry.name)  "
          + "\(Report.duration(known.best)) -> \(Report.duration(entry.best))")
    }
    for entry in before where !after.contains(where: { $0.name == entry.name }) {
      Console.result("  gone    \(entry.name)")
    }
    Console.result("\(slower) slower by more than \(Decimals.format(tolerance, places: 0)) %")
    if slower > 0 { throw ExitCode.failure }
  }

  /// A report has one benchmark a line.
  private static func entries(_ path: String) throws -> [Entry] {
    try TextFile.lines(path).compactMap { line in
      guard let group = text(of: "group", in: line), let name = text(of: "name", in: line),
        let best = number(of: "best_ns", in: line), best > 0
      else { return nil }
      return Entry(name: "\(group) / \(name)", best: best)
    }
  }

  private static func machine(_ path: String) throws -> String? {
    try TextFile.lines(path).first { $0.hasPrefix("{\"machine\"") }.flatMap { text(of: "processor", in: $0) }
  }

  private static func text(of member: String, in line: String) -> String? {
    rest(of: line, behind: "\"\(member)\": \"").map { String($0.prefix { $0 != "\"" }) }
  }

  private static func number(of member: String, in line: String) -> Double? {
    rest(of: line, behind: "\"\(member)\": ").flatMap { Double($0.prefix { $0.isNumber || $0 == "." || $0 == "e" }) }
  }

  private static func rest(of line: String, behind mark: String) -> Substring? {
    var rest = line[...]
    while !rest.isEmpty {
      if rest.hasPrefix(mark) { return rest.dropFirst(mark.count) }
      rest = rest.dropFirst()
    }
    return nil
  }
}
