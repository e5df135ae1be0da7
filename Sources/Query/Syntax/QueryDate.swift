/// A year, a month or a day of the proleptic Gregorian calendar, as ISO 8601 writes it: `2016`, `2016-10`, `2016-10-28`.
public struct QueryDate: Sendable, Hashable {
  public let year: Int
  public let month: Int?
  public let day: Int?

  /// Nil for what is no date, such as the 31st of June.
  public init?(year: Int, month: Int? = nil, day: Int? = nil) {
    guard (1...9_999).contains(year) else { return nil }
    if let month {
      guard (1...12).contains(month) else { return nil }
      if let day { guard (1...Self.dayCount(year: year, month: month)).contains(day) else { return nil } }
    } else if day != nil {
      return nil
    }
    self.year = year
    self.month = month
    self.day = day
  }

  /// Nil for what ISO 8601 does not call a date of one of the three precisions.
  public init?(_ text: some Collection<UInt8>) {
    let parts = text.split(separator: 0x2D, omittingEmptySubsequences: false)
    let widths = [4, 2, 2]
    guard (1...3).contains(parts.count) else { return nil }
    var numbers: [Int] = []
    for (part, width) in zip(parts, widths) {
      guard part.count == width, part.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      numbers.append(part.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
    self.init(
      year: numbers[0], month: numbers.count > 1 ? numbers[1] : nil, day: numbers.count > 2 ? numbers[2] : nil)
  }

  /// Days from 1970-01-01 to the first day meant.
  public var firstDay: Int { Self.days(year: year, month: month ?? 1, day: day ?? 1) }

  /// Days from 1970-01-01 to the last day meant.
  public var lastDay: Int {
    let lastMonth = month ?? 12
    return Self.days(year: year, month: lastMonth, day: day ?? Self.dayCount(year: year, month: lastMonth))
  }

  public var text: String {
    var text = Self.padded(year, 4)
    if let month { text += "-" + Self.padded(month, 2) }
    if let day { text += "-" + Self.padded(day, 2) }
    return text
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func dayCount(year: Int, month: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// Days from 1970-01-01 (H. Hinnant, chrono-compatible low-level date algorithms, 2013: years begin in March).
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let marchYear = month <= 2 ? year - 1 : year
    let era = marchYear / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
