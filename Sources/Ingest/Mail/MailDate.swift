internal import Index

/// Dates in the heads of mails (RFC 5322, with the older forms of RFC 822) and of mailboxes.
enum MailDate {
  private static let zones = [
    "ut": "Z", "utc": "Z", "gmt": "Z", "z": "Z", "est": "-05:00", "edt": "-04:00", "cst": "-06:00", "cdt": "-05:00",
    "mst": "-07:00", "mdt": "-06:00", "pst": "-08:00", "pdt": "-07:00", "cet": "+01:00", "cest": "+02:00", "met": "+01:00",
    "bst": "+01:00",
  ]

  /// `Tue, 9 Jun 2009 23:58:45 -0400 (EDT)` or `Mon Jun 01 10:00:00 2009` as ISO 8601; nil for anything else.
  static func iso(_ text: String) -> String? {
    var words = text.prefix { $0 != "(" }.split { $0 == " " || $0 == "," || $0 == "\t" }.map(String.init)
    guard words.count >= 3 else { return nil }
    let isWeekday = words[0].allSatisfy(\.isLetter) && words[0].utf8.count >= 3 && (DateText.month(words[0]) == nil || Int(words[1]) == nil)
    if isWeekday { words.removeFirst() }
    guard words.count >= 3 else { return nil }
    let day: Int?
    let month: Int?
    var yearPlace = 2
    if let number = Int(words[0]) {
      (day, month) = (number, DateText.month(words[1]))
    } else {
      // asctime: the year comes last.
      (month, day) = (DateText.month(words[0]), Int(words[1]))
      yearPlace = words.count > 3 ? words[3].utf8.count == 4 && Int(words[3]) != nil ? 3 : words.count - 1 : 2
    }
    guard let day, let month, (1...31).contains(day), yearPlace < words.count, let year = year(words[yearPlace]) else { return nil }
    let date = "\(year)-\(DateText.padded(month))-\(DateText.padded(day))"
    let clock = words.first { $0.contains(":") }.flatMap(clock)
    guard let clock else { return CalendarDate.epochSeconds(date) == nil ? nil : date }
    let after = words.firstIndex { $0.contains(":") }.map { words[($0 + 1)...].first { $0 != words[yearPlace] } } ?? nil
    let whole = "\(date)T\(clock)\(zone(after))"
    return CalendarDate.epochSeconds(whole) == nil ? CalendarDate.epochSeconds(date) == nil ? nil : date : whole
  }

  /// Years of two digits are of 1950 to 2049 (RFC 5322, 4.3).
  private static func year(_ text: String) -> String? {
    guard let number = Int(text), number >= 0 else { return nil }
    switch text.utf8.count {
    case 4: return text
    case 3: return "\(1900 + number)"
    case 2: return "\(number < 50 ? 2000 + number : 1900 + number)"
    default: return nil
    }
  }

  private static func clock(_ text: String) -> String? {
    let parts = text.split(separator: ":").compactMap { Int($0) }
    guard parts.count == 2 || parts.count == 3 else { return nil }
    return (parts + [0]).prefix(3).map(DateText.padded).joined(separator: ":")
  }

  private static func zone(_ text: String?) -> String {
    guard let text else { return "Z" }
    if let sign = text.first, sign == "+" || sign == "-" {
      let digits = text.dropFirst().filter(\.isNumber)
      guard digits.utf8.count == 4 else { return "Z" }
      return "\(sign)\(digits.prefix(2)):\(digits.suffix(2))"
    }
    return zones[text.lowercased()] ?? "Z"
  }
}
