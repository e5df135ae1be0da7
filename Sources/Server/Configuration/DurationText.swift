/// Lengths of time as people write them: `2s`, `500ms`, `1m`.
enum DurationText {
  static let remedy = "write a number and a unit: 500ms, 2s, 1m"

  /// Milliseconds, or nil where `text` is no positive length of time. The longest is a day.
  static func milliseconds(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit: Int
    switch text.dropFirst(digits.count) {
    case "ms": unit = 1
    case "s": unit = 1_000
    case "m": unit = 60_000
    default: return nil
    }
    guard let number = Int(digits), number > 0, number <= 86_400_000 / unit else { return nil }
    return number * unit
  }
}
