/// Reads the ISO 8601 dates that documents carry: `2016`, `2016-10`, `2016-10-28`, and those with a time
/// (`2016-10-28T14:05:09Z`, `+02:00`, fractions of a second dropped, no zone read as UTC).
public enum CalendarDate {
  /// Seconds since 1970-01-01T00:00:00Z of the first instant that `text` names, or nil where it is no date.
  public static func epochSeconds(_ text: some StringProtocol) -> Int64? {
    var scanner = Scanner(bytes: [UInt8](text.utf8))
    guard let year = scanner.number(4) else { return nil }
    var month = 1
    var day = 1
    if scanner.take("-") {
      guard let value = scanner.number(2), (1...12).contains(value) else { return nil }
      month = value
      if scanner.take("-") {
        guard let value = scanner.number(2), (1...length(ofMonth: month, year: year)).contains(value) else { return nil }
        day = value
      }
    }
    let midnight = days(year: year, month: month, day: day) * 86_400
    if scanner.isAtEnd { return midnight }
    guard scanner.take("T") || scanner.take("t") || scanner.take(" "), let time = scanner.timeOfDay() else { return nil }
    guard scanner.isAtEnd else { return nil }
    return midnight + time
  }

  /// Year, month and day of an instant, in UTC.
  public static func components(epochSeconds: Int64) -> (year: Int, month: Int, day: Int) {
    let days = epochSeconds >= 0 ? epochSeconds / 86_400 : -((-epochSeconds + 86_399) / 86_400)
    return civil(days: days)
  }

  /// An instant as `2016-10-28T14:05:09Z`.
  public static func text(epochSeconds: Int64) -> String {
    let (year, month, day) = components(epochSeconds: epochSeconds)
    let second = Int(((epochSeconds % 86_400) + 86_400) % 86_400)
    func padded(_ number: Int, _ count: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
    let time = [second / 3_600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(time)Z"
  }

  /// Days since 1970-01-01 of a date in the proleptic Gregorian calendar (Howard Hinnant, "chrono-compatible
  /// low-level date algorithms", days_from_civil).
  static func days(year: Int, month: Int, day: Int) -> Int64 {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int64(era * 146_097 + dayOfEra - 719_468)
  }

  /// The inverse of `days` (civil_from_days, same source).
  static func civil(days: Int64) -> (year: Int, month: Int, day: Int) {
    let z = Int(days) + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private struct Scanner {
    let bytes: [UInt8]
    var at = 0
    var isAtEnd: Bool { at == bytes.count }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
      at += 1
      return true
    }

    mutating func number(_ digits: Int) -> Int? {
      guard at + digits <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[at..<at + digits] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      at += digits
      return value
    }

    /// `hh:mm[:ss[.fraction]]` and a zone, as seconds to add to midnight UTC.
    mutating func timeOfDay() -> Int64? {
      guard let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60 else { return nil }
      var seconds = hour * 3600 + minute * 60
      if take(":") {
        guard let second = number(2), second <= 60 else { return nil }
        seconds += second
        if take(".") || take(",") {
          guard number(1) != nil else { return nil }
          while number(1) != nil {}
        }
      }
      if isAtEnd || take("Z") || take("z") { return Int64(seconds) }
      let sign = take("+") ? -1 : take("-") ? 1 : 0
      guard sign != 0, let zoneHour = number(2), zoneHour < 24 else { return nil }
      _ = take(":")
      let zoneMinute = isAtEnd ? 0 : number(2)
      guard let zoneMinute, zoneMinute < 60 else { return nil }
      return Int64(seconds + sign * (zoneHour * 3600 + zoneMinute * 60))
    }
  }
}
