/// The daemon's answer to a search, as programs read it (the shape of interfaces.md). Unknown members are ignored.
public struct WireAnswer: Decodable, Sendable {
  public struct Total: Decodable, Sendable {
    public var documents: Int?
    public var hits: Int?
    /// Where near-duplicates are collapsed.
    public var stories: Int?
    public var partial: Bool?
  }

  public struct Warning: Decodable, Sendable {
    public var code: String
    public var message: String
    public var suggestions: [String]?
  }

  public struct Group: Decodable, Sendable {
    public var value: String
    public var documents: Int
  }

  public struct Document: Decodable, Sendable {
    public var id: String
    public var score: Double
    public var title: String?
    public var date: String?
    public var hitCount: Int?
    /// Where near-duplicates are collapsed: how many there are, this one included, and their earliest date.
    public var copies: Int?
    public var firstDate: String?
    public var hits: [Hit]
    /// Lines that say why it matches, where they were asked for; an object in answers that are passed on as JSON.
    public var explanation: Explanation?
  }

  /// `explanation` of a result.
  public struct Explanation: Decodable, Sendable {
    /// Empty where it is an object, which nobody prints.
    public var lines: [String]

    init(text: String) { lines = text.split(separator: "\n").map(String.init) }

    public init(from decoder: any Decoder) throws {
      self.init(text: (try? decoder.singleValueContainer().decode(String.self)) ?? "")
    }
  }

  public struct Hit: Decodable, Sendable {
    public var field: String
    public var lo: Int
    public var hi: Int
    /// UTF-8 offsets into the stored field text, half-open: two numbers.
    public var bytes: [Int]
    public var words: [Word]
    public var left: String
    public var match: String
    public var right: String
  }

  public struct Word: Decodable, Sendable {
    public var form: String
    public var position: Int
    public var bytes: [Int]
  }

  public var query: String
  public var parsed: String
  public var total: Total?
  public var snapshot: UInt64
  public var warnings: [Warning]
  /// Where counts by group were asked for.
  public var groups: [Group]?
  public var groupsMissing: Int?
  public var results: [Document]
  /// Brings the next page (`after`); absent on the last one.
  public var cursor: String?
  /// Where one was asked for.
  public var receipt: WireReceipt?
}

/// The error object of a refusal.
public struct WireError: Decodable, Sendable {
  public struct Problem: Decodable, Sendable {
    public var code: String
    public var message: String
    public var remedy: String?
    public var caret: String?
    public var hint: String?
    public var fixes: [String]?
  }

  public var error: Problem
  public var also: [Problem]?

  /// For a terminal: code and message, the caret line, what to do, the corrected queries.
  public var text: String {
    ([error] + (also ?? [])).map(Self.text).joined(separator: "\n")
  }

  private static func text(_ problem: Problem) -> String {
    var lines = ["\(problem.code): \(problem.message)"]
    lines += [problem.caret, problem.hint, problem.remedy].compactMap { $0 }.filter { !$0.isEmpty }
    lines += (problem.fixes ?? []).map { "  try: \($0)" }
    return lines.joined(separator: "\n")
  }
}
