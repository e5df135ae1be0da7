internal import Foundation

/// The daemon's status for people: a line a number, in groups.
public enum StatusFormat {
  private enum Value: Decodable {
    case flag(Bool)
    case number(Int)
    case text(String)
    case list([Value])
    case group([String: Value])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? container.decode(Int.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let list = try? container.decode([Value].self) {
        self = .list(list)
      } else {
        self = .group(try container.decode([String: Value].self))
      }
    }

    var text: String {
      switch self {
      case .flag(let flag): flag ? "yes" : "no"
      case .number(let number): String(number)
      case .text(let text): ConcordanceLine.flat(text)
      case .list(let list): list.map(\.text).joined(separator: ", ")
      case .group: ""
      }
    }
  }

  /// `documents  296`; members of an object inside another stand below its name. Names are as in the JSON.
  public static func text(_ body: [UInt8]) throws -> String {
    guard let members = try? JSONDecoder().decode([String: Value].self, from: Data(body)) else {
      throw ClientError.badAnswer(String(decoding: body.prefix(200), as: UTF8.self))
    }
    var plain: [String: Value] = [:]
    var groups = ""
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      if case .group(let inner) = value { groups += "\(name)\n" + lines(inner, indent: "  ") } else { plain[name] = value }
    }
    return lines(plain, indent: "") + groups
  }

  private static func lines(_ members: [String: Value], indent: String) -> String {
    let rows = members.sorted { $0.key < $1.key }.map { ($0.key.replacing("_", with: " "), $0.value.text) }
    let columns = rows.map { TextWidth.columns($0.0) }.max() ?? 0
    return rows.map { "\(indent)\(TextWidth.padded($0.0, to: columns))  \($0.1)\n" }.joined()
  }
}
