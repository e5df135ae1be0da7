import Base
import Foundation
import Index
@testable import Ingest
import TestSupport
import Testing

/// Web archives that are packed record by record, one of which is damaged.
@Suite("Damaged members of a .warc.gz", .enabled(if: ZlibLibrary.shared != nil, "zlib is not installed"))
struct DamagedMemberTests {
  private let folder: TemporaryDirectory
  /// Each of the records as a member of its own.
  private let members: [[UInt8]]

  init() throws {
    folder = try TemporaryDirectory()
    var random = SplitMix64(seed: 5)
    var members: [[UInt8]] = []
    for number in 0..<6 {
      let words = (0..<400).map { _ in "word\(Int.random(in: 0..<5_000, using: &random))" }.joined(separator: " ")
      let block = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nrecord \(number): \(words)"
      let record = """
        WARC/1.0\r
        WARC-Type: response\r
        WARC-Record-ID: <urn:\(number)>\r
        WARC-Target-URI: <http://example.org/\(number)>\r
        Content-Length: \(block.utf8.count)\r
        \r
        \(block)\r
        \r

        """
      members.append(try SystemTool.run("/bin/gzip", ["-nc"], input: [UInt8](record.utf8), in: folder))
    }
    self.members = members
  }

  private func read(_ members: [[UInt8]], _ name: String = "a.warc.gz") throws -> Answers {
    try Answers(file: try folder.write(Array(members.joined()), to: name))
  }

  private static func ids(_ numbers: [Int]) -> [String] { numbers.map { "urn:\($0)" } }

  @Test("Nothing is lost of a whole one")
  func whole() throws {
    #expect(try read(members).summary == Self.ids([0, 1, 2, 3, 4, 5]))
  }

  @Test("A flipped byte, anywhere in a member, costs that record and is told with its place")
  func flipped() throws {
    for place in [3, 10, 11, 40, 300, members[2].count - 9, members[2].count - 8, members[2].count - 4, members[2].count - 1] {
      var damaged = members
      damaged[2][place] ^= 0x5A
      let answers = try read(damaged)
      #expect(answers.documents.map(\.id) == Self.ids([0, 1, 3, 4, 5]), "byte \(place)")
      // Where the mark of a member's end is gone, what follows is unpacked as part of it: that record is told twice.
      let problem = try #require(answers.problems.last)
      #expect(answers.problems.count <= 2 && answers.problems.allSatisfy { $0.code == .damagedEntry })
      let start = members[0].count + members[1].count
      #expect(problem.message.contains("byte \(start) of the file"), "\(problem.message)")
      #expect(problem.message.contains("goes on at byte \(start + members[2].count)"), "\(problem.message)")
      #expect(answers.problems[0].message.hasPrefix("record 3"))
    }
  }

  @Test("Bytes that are missing, doubled or foreign in the middle")
  func cut() throws {
    var damaged = members
    damaged[1] = Array(members[1].prefix(200))
    #expect(try read(damaged).summary == Self.ids([0, 2, 3, 4, 5]) + ["damaged-entry"])
    damaged[1] = members[1] + [UInt8]("no member at all".utf8)
    #expect(try read(damaged).summary == Self.ids([0, 1, 2, 3, 4, 5]) + ["damaged-entry"])
    damaged[1] = Array(members[1].prefix(200) + members[1].suffix(100))
    damaged[4] = Array(members[4].dropFirst(30))
    #expect(try read(damaged).summary == Self.ids([0, 2, 3, 5]) + ["damaged-entry", "damaged-entry"])
    damaged = members
    damaged[3] += [UInt8](repeating: 0, count: 512)
    #expect(try read(damaged).summary == Self.ids([0, 1, 2, 3, 4, 5]))
  }

  @Test("What looks like a member and is none is passed over")
  func lookalikes() throws {
    let other = try SystemTool.run("/bin/gzip", ["-nc"], input: [UInt8]("some other packed text".utf8), in: folder)
    var damaged = members
    damaged[2] = Array(members[2].prefix(100)) + [0x1F, 0x8B, 8, 0, 1, 2, 3] + other
    #expect(try read(damaged).summary == Self.ids([0, 1, 3, 4, 5]) + ["damaged-entry"])
  }

  @Test("Damage with no member behind it ends the file, as before; and in any other format")
  func last() throws {
    var damaged = members
    damaged[5] = Array(members[5].dropLast(50))
    #expect(try read(damaged).summary == Self.ids([0, 1, 2, 3, 4]) + ["damaged-file"])
    let lines = try SystemTool.run("/bin/gzip", ["-nc"], input: [UInt8]("{\"id\":\"a\"}\n".utf8), in: folder)
    var broken = lines
    broken[broken.count - 5] ^= 1
    #expect(try read([lines, broken, lines], "a.jsonl.gz").problems.map(\.code) == [.damagedFile])
  }
}
