internal import Index

/// Dates as files write them, made ISO 8601.
enum DateText {
  private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

  /// An ISO 8601 date, or nil where `text` is none that is understood.
  ///
  /// Understood are ISO 8601 itself, its forms without hyphens (`20161028`, `20161028140509`, PDF's `D:2016…`), with
  /// slashes or full stops from the year down (`2016/10/28`), dates of mails (RFC 5322), and those with the month's English name
  /// (`October 28, 2016`, `28 Oct 2016`). `10/28/2016` is not: which number is the month depends on who wrote it.
  static func iso(_ text: String) -> String? {
    let text = text.split { $0.isWhitespace }.joined(separator: " ")
    guard (4...80).contains(text.utf8.count) else { return nil }
    if CalendarDate.epochSeconds(text) != nil { return text }
    return [digits, separated, MailDate.iso, named].lazy.compactMap { $0(text) }.first
  }

  private static func valid(_ text: String) -> String? { CalendarDate.epochSeconds(text) == nil ? nil : text }

  private static func digits(_ text: String) -> String? {
    let text = text.hasPrefix("D:") ? text.dropFirst(2) : text[...]
    let digits = Array(text.utf8.prefix { (0x30...0x39).contains($0) })
    guard [8, 12, 14].contains(digits.count) else { return nil }
    func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
    let day = "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))"
    guard digits.count > 8 else { return text.utf8.count == 8 ? valid(day) : nil }
    let time = "T\(part(8..<10)):\(part(10..<12)):\(digits.count == 14 ? part(12..<14) : "00")"
    // PDF writes zones as +02'00'.
    let zone = text.dropFirst(digits.count).filter { $0 != "'" && $0 != ":" }
    let isOffset = zone.utf8.count == 5 && zone.dropFirst().allSatisfy(\.isNumber)
    let zoned = valid(day + time + (isOffset ? "\(zone.prefix(3)):\(zone.suffix(2))" : zone))
    return zoned ?? valid(day + time)
  }

  private static func separated(_ text: String) -> String? {
    let parts = text.split(separator: " ", maxSplits: 1)
    for separator in ["/", "."] as [Character] {
      let numbers = parts[0].split(separator: separator)
      guard numbers.count == 3, numbers[0].utf8.count == 4, let month = Int(numbers[1]), let day = Int(numbers[2]) else { continue }
      return valid("\(numbers[0])-\(padded(month))-\(padded(day))")
    }
    return nil
  }

  private static func named(_ text: String) -> String? {
    let words = text.lowercased().split { $0 == " " || $0 == "," || $0 == "." }
    for (place, word) in words.enumerated() {
      guard word.utf8.count >= 3, let month = months.firstIndex(where: { word.hasPrefix($0) }), word.allSatisfy(\.isLetter) else { continue }
      let before = place > 0 ? Int(words[place - 1]) : nil
      let next = place + 1 < words.count ? words[place + 1] : ""
      if let day = before, (1...31).contains(day), let year = Int(next), next.utf8.count == 4 {
        return valid("\(year)-\(padded(month + 1))-\(padded(day))")
      }
      if let day = Int(next), (1...31).contains(day), place + 2 < words.count, words[place + 2].utf8.count == 4, let year = Int(words[place + 2]) {
        return valid("\(year)-\(padded(month + 1))-\(padded(day))")
      }
      if let year = Int(next), next.utf8.count == 4, words.count == 2 { return valid("\(year)-\(padded(month + 1))") }
    }
    return nil
  }

  static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// The number of a month's English name, from 1.
  static func month(_ name: some StringProtocol) -> Int? {
    months.firstIndex { name.lowercased().hasPrefix($0) }.map { $0 + 1 }
  }
}
