/// The name of an environment's folder: "env-" and a number of six digits, which only rises.
struct EnvironmentName: Comparable, Sendable {
  let number: Int

  static let first = EnvironmentName(number: 1)
  private static let prefix = "env-"
  private static let digits = 6

  var text: String {
    let decimal = String(number)
    return Self.prefix + String(repeating: "0", count: max(0, Self.digits - decimal.count)) + decimal
  }

  init(number: Int) { self.number = number }

  /// Nil for any other name.
  init?(_ text: some StringProtocol) {
    guard text.hasPrefix(Self.prefix), let number = Int(text.dropFirst(Self.prefix.count)), number > 0,
      EnvironmentName(number: number).text == text
    else { return nil }
    self.number = number
  }

  static func < (a: EnvironmentName, b: EnvironmentName) -> Bool { a.number < b.number }
}
