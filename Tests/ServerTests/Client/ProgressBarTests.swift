@testable import Server
import Testing

/// What people see of uploads and of the status.
@Suite("For people")
struct ProgressBarTests {
  @Test("The bar tells share, documents, rate and the time that remains, in the width of the terminal")
  func bar() {
    let bar = ProgressBar(totalBytes: 400_000_000, columns: 100)
    let line = bar.line(documents: 123_456, bytes: 100_000_000, seconds: 20)
    #expect(
      line.hasPrefix("[#####               ]   25 %  123,456 documents  100 MB, 5.0 MB/s  1 min left"))
    #expect(line.count == 99)
    #expect(bar.blank.count == 99)
    let done = bar.line(documents: 1, bytes: 400_000_000, seconds: 20)
    #expect(done.hasPrefix("[####################]  100 %") && !done.contains("left"))
  }

  @Test("Nothing is promised where the length is unknown, or no time has passed")
  func unknown() {
    let line = ProgressBar(totalBytes: nil, columns: 80).line(documents: 0, bytes: 0, seconds: 0)
    #expect(line.hasPrefix("0 documents  0 bytes, 0 bytes/s"))
    #expect(line.count == 79)
    #expect(ProgressBar(totalBytes: 10, columns: 5).line(documents: 1, bytes: 1, seconds: 1).count == 4)
    #expect(Uploader.byteCount(of: ["-"]) == nil)
    #expect(Uploader.byteCount(of: ["a.jsonl.gz"]) == nil)
    #expect(Uploader.byteCount(of: [#filePath, #filePath]).map { $0 > 1_000 } == true)
  }

  @Test("Numbers are grouped, sizes and times have their two greatest units")
  func numbers() {
    #expect([0, 999, 1_000, 1_234_567, -1_000].map(StatusFormat.grouped) == ["0", "999", "1,000", "1,234,567", "-1,000"])
    #expect(
      [0, 999, 1_000, 9_960, 15_400, 999_600, 2_500_000_000].map(StatusFormat.bytes)
        == ["0 bytes", "999 bytes", "1.0 kB", "10 kB", "15 kB", "1.0 MB", "2.5 GB"])
    #expect(
      [0, 59, 60, 3_661, 90_000, 86_400].map(StatusFormat.duration)
        == ["0 s", "59 s", "1 min", "1 h 1 min", "1 d 1 h", "1 d"])
  }
}
