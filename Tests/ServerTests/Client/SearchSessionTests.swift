@testable import Server
import Testing

/// Formats, lists of queries and exit statuses, with answers made by hand.
@Suite("Search session")
struct SearchSessionTests {
  /// Answers `none` with nothing, `bad` with a refusal, `slow` with a timeout, everything else with two documents.
  struct FakeBackend: SearchBackend {
    func search(_ request: [UInt8], _ take: ([UInt8]) throws -> Void) async throws -> Client.Answer {
      let query = try JSON(request)["query"].string
      let hit =
        #"{"field":"body","lo":3,"hi":3,"bytes":[9,10],"words":[{"form":"w","position":3,"bytes":[9,10]}],"left":"the, \"l\" ","match":"w","right":""}"#
      let results =
        query == "none"
        ? "" : #"{"id":"a","score":2.5,"title":"T","date":"2020-01-02","hit_count":1,"hits":[\#(hit)]},{"id":"b","score":1.25,"title":"","hit_count":0,"hits":[]}"#
      let answer =
        #"{"query":"q","parsed":"documents with q","total":{"documents":\#(query == "none" ? 0 : 7)},"took_us":1,"snapshot":3,"warnings":[],"results":[\#(results)]}"#
      let error = #"{"error":{"code":"missing-operand","message":"m","bytes":[0,1],"caret":"bad\n^","hint":"h","fixes":["good"]}}"#
      return switch query {
      case "bad": Client.Answer(status: 400, body: Array("\(error)\n".utf8))
      case "slow": Client.Answer(status: 504, body: Array(#"{"error":{"code":"deadline","message":"m","remedy":"r"}}"#.utf8) + [10])
      default: try Self.success(Array("\(answer)\n".utf8), take)
      }
    }

    /// In pieces that end anywhere.
    private static func success(_ body: [UInt8], _ take: ([UInt8]) throws -> Void) throws -> Client.Answer {
      for start in stride(from: 0, to: body.count, by: 7) { try take(Array(body[start..<min(body.count, start + 7)])) }
      return Client.Answer(status: 200, body: [])
    }
  }

  @Test("An answer is taken apart wherever its pieces end")
  func pieces() throws {
    let answer = Array(#"{"query":"a\"[{","results":[{"id":"x\\","hits":[{"l":"]}"}]},{"id":"y"}],"cursor":"c"}"#.utf8)
    for length in 1...answer.count {
      var reader = AnswerReader()
      var documents: [String] = []
      for start in stride(from: 0, to: answer.count, by: length) {
        reader.append(Array(answer[start..<min(answer.count, start + length)])) {
          documents.append(String(decoding: $0, as: UTF8.self))
        }
      }
      #expect(documents == [#"{"id":"x\\","hits":[{"l":"]}"}]}"#, #"{"id":"y"}"#])
      #expect(String(decoding: reader.envelope, as: UTF8.self) == #"{"query":"a\"[{","results":[],"cursor":"c"}"#)
    }
  }

  /// What is printed, what is said on standard error, and the exit status.
  static func run(
    _ format: AnswerFormat, _ queries: [String], isList: Bool
  ) async throws -> (output: String, errors: String, status: CommandStatus) {
    var output = ""
    var errors = ""
    let session = SearchSession(
      backend: FakeBackend(), options: SearchOptions(), format: format, screen: Screen(), isList: isList,
      output: { output += String(decoding: $0, as: UTF8.self) }, errorOutput: { errors += $0 })
    let list = SearchSession.queries(in: queries.joined(separator: "\n"), hasIDs: format == .trec)
    let status = try await session.run(list)
    return (output, errors, status)
  }

  @Test("One query in every format", arguments: [
    (AnswerFormat.ids, "a\nb\n"), (.count, "7\n"), (.trec, "1 Q0 a 1 2.5 kwic\n1 Q0 b 2 1.25 kwic\n"),
    (.kwic, "2020-01-02  a  the, \"l\" [w]\n            b  \n"),
    (.csv, "document,date,title,score,field,lo,hi,byte_start,byte_end,left,match,right\r\n"
      + "a,2020-01-02,T,2.5,body,3,3,9,10,\"the, \"\"l\"\" \",w,\r\n"),
  ])
  func single(format: AnswerFormat, output: String) async throws {
    let run = try await Self.run(format, ["q"], isList: false)
    #expect(run.output == output)
    #expect(run.status == .matches)
  }

  @Test("A list keeps the place of every query, and the highest exit status counts", arguments: [
    (AnswerFormat.count, ["7", "0", "-1", "7"]), (.ids, ["a\tb", "", "", "a\tb"]),
  ])
  func list(format: AnswerFormat, lines: [String]) async throws {
    let run = try await Self.run(format, ["q", "none", "bad", "q"], isList: true)
    #expect(run.output == lines.map { $0 + "\n" }.joined())
    #expect(run.status == .queryError)
    #expect(run.errors.contains("query 3: missing-operand: m\nbad\n^\nh\n  try: good"))
  }

  @Test("JSON lists have the error object in its place")
  func jsonList() async throws {
    let run = try await Self.run(.json, ["q", "bad"], isList: true)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(try JSON(Array(lines[0].utf8))["snapshot"].integer == 3)
    #expect(try JSON(Array(lines[1].utf8))["error"]["code"].string == "missing-operand")
    #expect(run.errors == "")
  }

  @Test("The status for people says in words what the daemon holds and does")
  func status() throws {
    let body = #"""
      {"status":"ok","uptime_s":7380,"snapshot":12,"documents":181223,
       "index":{"deleted_documents":3,"words":52000000,"segments":4,"segment_bytes":91500000,"fields":["title","bo\u001bdy"]},
       "writer":{"waiting_operations":2,"waiting_bytes":4096,"commits":1,"operations":181226,"failed_commits":0},
       "searches":{"threads":2,"running":1,"waiting":0,"answered":1500,"refused":0,"late":4,"streams":0,"kept_snapshots":0},
       "watched":{"folders":3,"unwatched_folders":1,"waiting":7,"done":false},
       "files":{"total":1204,"indexed":1190,"skipped":12,"failed":2,"reading":0,"documents":1190,"refused_documents":0}}
      """#
    #expect(
      try StatusFormat.text(Array(body.utf8)) == """
        running     for 2 h 3 min
        documents   181,223, 52,000,000 words; 4 segments, 92 MB; snapshot 12; 3 replaced or removed, not yet merged away
        fields      title, bo dy
        changes     181,226 in 1 commit; 2 wait (4.1 kB)
        searches    1,500 answered; 1 of 2 threads busy; 4 ended by their deadline
        files       1,190 of 1,204 files indexed, 12 skipped, 2 failed (kwic status --failed)
        watched     3 folders, 7 files wait to be read; 1 without a watch of the kernel, looked at every rescan_interval

        """)
    #expect(throws: ClientError.self) { try StatusFormat.text(Array("{}".utf8)) }
  }

  @Test("Exit statuses", arguments: [
    (["none"], CommandStatus.none), (["q"], .matches), (["bad"], .queryError), (["slow"], .timeout),
    (["q", "none"], .none), (["slow", "bad"], .timeout), ([], .none),
  ])
  func statuses(queries: [String], status: CommandStatus) async throws {
    #expect(try await Self.run(.count, queries, isList: true).status == status)
  }

  @Test("Lists of queries: numbered, or with ids; empty lines keep their places")
  func queries() {
    let list = SearchSession.queries(in: "one\r\n\n\"two\"\tthree\n", hasIDs: false)
    #expect(list.map(\.text) == ["one", "", "\"two\"\tthree"])
    #expect(list.map(\.id) == ["1", "2", "3"])
    #expect(SearchSession.queries(in: "q7\ta b\n", hasIDs: true) == [SearchSession.Query(id: "q7", text: "a b")])
  }
}
