import Index
import Testing

@Suite struct CalendarDateTests {
  @Test(arguments: [
    ("1970-01-01", 0), ("2016-10-28", 1_477_612_800), ("2016-10", 1_475_280_000), ("2016", 1_451_606_400),
    ("1987-02-26T15:01:01Z", 541_350_061), ("1987-02-26T15:01:01.25Z", 541_350_061),
    ("1987-02-26T15:01:01+02:00", 541_342_861), ("1987-02-26T15:01-0130", 541_355_460),
    ("1969-12-31", -86_400), ("2000-02-29", 951_782_400), ("0001-01-01", -62_135_596_800),
  ])
  func reads(_ text: String, _ seconds: Int) { #expect(CalendarDate.epochSeconds(text) == Int64(seconds)) }

  @Test(arguments: ["", "16-10-28", "2016-13-01", "2016-02-30", "1900-02-29", "2016-10-28T25:00", "28.10.2016", "2016-10-28x"])
  func refuses(_ text: String) { #expect(CalendarDate.epochSeconds(text) == nil) }

  @Test func componentsAreTheInverse() {
    for days in stride(from: Int64(-800_000), through: 800_000, by: 37) {
      let (year, month, day) = CalendarDate.components(epochSeconds: days * 86_400 + 5)
      #expect(CalendarDate.components(epochSeconds: days * 86_400) == (year, month, day))
      let digits = String(year)
      guard (0...9_999).contains(year) else { continue }
      let text = String(repeating: "0", count: 4 - digits.count) + digits + (month < 10 ? "-0" : "-") + "\(month)" + (day < 10 ? "-0" : "-") + "\(day)"
      #expect(CalendarDate.epochSeconds(text) == days * 86_400)
    }
  }
}
